"""How dates and times are written in each language, in place of Django's: one form, the day first, 24 hours."""
