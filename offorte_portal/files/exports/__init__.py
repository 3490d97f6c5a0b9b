"""Exports of lists: a short one is sent at once, a long one is made by the worker and kept for a week."""
