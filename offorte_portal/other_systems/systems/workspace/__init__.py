"""Workspace (workspace.nl), quotations: one unpaged list, every value a string.

The unit of its amounts is documented nowhere: until it was calibrated there are no totals. Its rows are not documented
either; one row stands for them.
"""
