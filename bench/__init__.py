"""Measurements of the portal, run by hand or by `make bench`."""
