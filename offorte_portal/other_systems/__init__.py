"""Quotes of other systems: importing them, mapping them, and matching their customers with those in Offorte.

An import has six stages. `list` reads a page of the list of quotes, `details` gets the quotes that the page does not
contain in full, `records` reads the other items that mapping needs, `mapping` fills the columns from the answers; these
four are gone through page by page, so that what was read is shown at once. `absences` marks the quotes that are gone,
and `matching` looks for the customers in Offorte. `runs` starts and cancels imports; `work` advances them one slice at
a time, in any process; `failing` keeps what could not be read, which ends no import, and has it tried again.
"""
