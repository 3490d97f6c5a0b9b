"""Proposals by the hundred: one for each company that was selected, or for each row of a table.

`recipe` is what they have in common, `wanted` one of them as Offorte takes it, `twins` finds those that there are.
"""
