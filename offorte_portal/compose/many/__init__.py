"""Proposals by the hundred: one for each selected company, or for each row of a table.

`recipe` is what they have in common, `wanted` one of them as Offorte takes it, `twins` finds those that exist.
"""
