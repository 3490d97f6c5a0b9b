"""Lists as files: a short one at once, a long one made by the worker and kept for a week."""
