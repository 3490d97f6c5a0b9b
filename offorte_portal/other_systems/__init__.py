"""Quotes of other systems: importing them, mapping them, and matching their customers with those in Offorte.

An import has six stages: `list` reads the list of quotes, `details` gets the quotes that the list does not contain in
full, `records` reads the other items that mapping needs, `absences` marks the quotes that are gone, `mapping` fills the
columns from the answers, and `matching` looks for the customers in Offorte. `runs` starts and cancels imports; `work`
advances them one slice at a time, in any process.
"""
