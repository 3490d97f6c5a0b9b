"""Quotes of Cirrus CRM. Lists contain complete quotes with their rows.

The public reference has lost its host and all paths, so both are settings. The reader can't make the calls that return
passwords (settings, one user) or signatures (BankID). Of the list of contacts, personal numbers are not stored.
"""
