"""Cirrus CRM, quotes: whole with their rows in every list.

The public reference has lost its host and all paths: both are settings. The calls that answer passwords (settings, one
user) or personal numbers (one contact, BankID) are not among those that the reader can make.
"""
