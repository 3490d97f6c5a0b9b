"""Countries as people write them: codes and names in the languages of Europe's larger markets."""

from functools import cache

from babel import Locale

from offorte_portal.text.letters import fold

LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt", "da", "sv", "pl", "cs", "tr")
# Names that people write and no list has.
_OTHERS = {"the netherlands": "NL", "holland": "NL", "uk": "GB", "england": "GB", "engeland": "GB", "usa": "US"}


def find_country_code(country: str) -> str:
    """Return the two-letter code (ISO 3166) of a country's code or name; "" where it is not known."""
    return _codes().get(fold(country), "")


@cache
def _codes() -> dict[str, str]:
    codes = dict(_OTHERS)
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == len("NL") and code.isalpha() and code not in {"ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"}:
                codes[fold(name)] = codes[code.lower()] = code
    return codes
