"""Quotations of Workspace (workspace.nl): one list without pages, in which every value is a string.

The unit of its amounts is not documented, so there are no totals until it is calibrated. Its rows are not documented
either; one row stands for all of them.
"""
