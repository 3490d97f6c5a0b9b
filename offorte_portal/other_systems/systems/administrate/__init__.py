"""Opportunities of Administrate with the quotes generated from them (REST v2.5, which is being retired).

The customer is `account`: `company` is the seller's own trading entity.
"""
