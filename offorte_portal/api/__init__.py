"""Offorte's API as plain Python: nothing in here knows Django, the database or the portal's settings."""
