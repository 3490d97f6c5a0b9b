"""Fynn (coreapi.io), offers: a list for the ids, then each offer by itself. The API is a beta.

How an offer's prices are made up is not documented: it has one row, its contract value.
"""
