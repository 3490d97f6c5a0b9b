"""What differs between the languages that people write numbers in."""

# Where the decimal sign is a comma; everywhere else it is a point.
_COMMA = {"bg", "cs", "da", "de", "es", "fi", "fr", "hu", "it", "nb", "nl", "no", "pl", "pt", "ro", "sv", "tr"}


def decimal_sign(language: str) -> str:
    """Return the decimal sign of a language, given by its code, such as "nl" or "nl-be"."""
    return "," if language.lower().partition("-")[0] in _COMMA else "."
