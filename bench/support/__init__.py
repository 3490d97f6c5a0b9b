"""Shared by several measurements: bulk rows, sizes, results, checkouts and the description of the machine."""
