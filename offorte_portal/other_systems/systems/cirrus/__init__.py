"""Quotes of Cirrus CRM. Lists contain complete quotes with their rows.

The public reference has lost its host and all paths, so both are settings. The reader can't make the calls that return
passwords (settings, one user) or personal numbers (one contact, BankID).
"""
