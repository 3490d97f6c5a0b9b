"""Countries as people write them: codes, and names in the languages of Europe's larger markets (CLDR's, by Babel)."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

from offorte_portal.text.letters import fold, fold_german

# The languages in which a name is known, and those in which one is written.
KNOWN = ("nl", "en", "de", "fr", "es", "it", "pt", "da", "sv", "pl", "cs", "tr")
LANGUAGES = KNOWN[:4]
LONGEST = 60
# What people write and CLDR has not, among it what is on number plates.
_OTHERS = {
    "holland": "NL", "ned": "NL", "nederlanden": "NL", "belgie": "BE", "england": "GB", "engeland": "GB",
    "scotland": "GB", "schotland": "GB", "wales": "GB", "groot brittannie": "GB", "great britain": "GB",
    "grossbritannien": "GB", "grande bretagne": "GB", "gb": "GB", "usa": "US", "united states of america": "US",
    "verenigde staten van amerika": "US", "vereinigte staaten von amerika": "US", "brd": "DE", "bundesrepublik": "DE",
    "czech republic": "CZ", "tsjechische republiek": "CZ", "republic of ireland": "IE", "b": "BE", "d": "DE",
    "f": "FR", "a": "AT", "l": "LU", "e": "ES", "i": "IT", "irl": "IE", "dk": "DK",
}  # fmt: skip
_ARTICLES = {"the", "het", "de", "die", "les", "la", "le", "l"}
_PUNCTUATION = re.compile(r"[^\w\s]|_")
# How Offorte writes it (reference: Contacts, Get organisation).
_OWN_NAMES = {("en", "NL"): "the Netherlands"}


def country_code(text: str) -> str | None:
    """Return the ISO code of a country, from its code or its name in any of `KNOWN`; None where it is neither."""
    if len(text) > LONGEST:
        return None
    words = _plain(text).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return _codes().get(" ".join(words))


def country_name(code: str, language: str) -> str:
    """Return the name of a country with this ISO code, in one of `LANGUAGES` or else in English."""
    language = language[:2] if language[:2] in LANGUAGES else "en"
    return _OWN_NAMES.get((language, code)) or str(Locale(language).territories[code])


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in KNOWN:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}:
                found.setdefault(_plain(name), code)
                found.setdefault(_plain(fold_german(name)), code)
                found[code.lower()] = code
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and alias.isalpha():
            found.setdefault(alias.lower(), codes[0])
    return found | _OTHERS


def _plain(text: str) -> str:
    words = _PUNCTUATION.sub(" ", fold(text)).split()
    # U.S.A. is USA.
    return "".join(words) if words and all(len(word) == 1 for word in words) else " ".join(words)
