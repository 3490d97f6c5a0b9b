"""Offers of Fynn (coreapi.io): a list gives the ids, then each offer is read by itself. The API is a beta.

The parts of an offer's price are not documented, so it has one row, with the contract value.
"""
