"""Proposals by the hundred: one for each selected company, or for each row of a table.

`recipe` is what they have in common, `new_proposals` one of them as Offorte takes it,
`duplicates` finds those that exist.
"""
