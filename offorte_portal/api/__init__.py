"""Offorte's API as plain Python: nothing here depends on Django, the database or the portal's settings."""
