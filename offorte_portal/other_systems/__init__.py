"""Quotes of other systems: reading them, what is made of them, who their customers are in Offorte.

An import goes through stages: `list` sees every quote, `details` gets those that the list does not hold, `records`
reads what they are mapped with, `absences` marks what is gone, `mapping` makes columns of it all, `matching` looks for
the customers. `runs` starts and ends imports, `work` advances them a slice at a time, whichever process is at hand.
"""
