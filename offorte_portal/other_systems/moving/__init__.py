"""Brings the customers and products of other systems to Offorte without their quotes.

1. A reading (`reading.py`) takes a system's whole lists, page by page, and stores each entry once (`storing.py`).
2. `judging.py` decides what becomes of each in an account: created, recognised there, or left out, and why.
3. A person sees that, and starts a job (`starting.py`) that writes what they have seen (`action.py`).
"""
