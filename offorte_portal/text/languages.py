"""Languages by their codes: what the portal speaks, and how people write numbers."""

# Where the decimal sign is a comma; everywhere else it is a point.
_COMMA = {"bg", "cs", "da", "de", "es", "fi", "fr", "hu", "it", "nb", "nl", "no", "pl", "pt", "ro", "sv", "tr"}


def decimal_sign(language: str) -> str:
    """Return the decimal sign of a language, given by its code, such as "nl" or "nl-be"."""
    return "," if language.lower().partition("-")[0] in _COMMA else "."


# Of what other systems call it, in the languages that the portal has.
_DUTCH = {"nl", "nld", "dut", "dutch", "nederlands", "vlaams", "flemish"}
# For a client who reads another language than the portal has.
_OTHERWISE = "en"


def spoken(language: str) -> str:
    """Return the portal's language for one that Offorte tells, such as "nl" or "Dutch"; "" where it tells none."""
    first = language.strip().lower().replace("_", "-").partition("-")[0]
    if not first:
        return ""
    return "nl" if first in _DUTCH else _OTHERWISE
