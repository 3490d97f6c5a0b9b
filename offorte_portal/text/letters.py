"""The fold of letters: what people may type for a letter with or without its accent, in any case or encoding.

`fold` gives every Latin letter its base letter ("Łódź" is "lodz", "Straße" is "strasse"); other scripts stay.
`fold_german` and `fold_nordic` differ where users there type two letters for one: "Müller" is "mueller".
"""

import unicodedata
from html import unescape

from anyascii import anyascii

APOSTROPHES = "'’‘ʼʻ`´′‛＇"
_UNIFORM = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NORDIC = _GERMAN | str.maketrans({"å": "aa", "ø": "oe"})


class _Letters(dict[int, str]):
    """What `str.translate` puts for each character, worked out at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = self._fold(chr(code))
        return folded

    @staticmethod
    def _fold(character: str) -> str:
        category = unicodedata.category(character)
        # Invisible characters, half characters and accents without a letter of their own. Line breaks are blanks.
        if category in {"Cf", "Cs", "Co", "Cn"}:
            return ""
        if category in {"Cc", "Zs", "Zl", "Zp"}:
            return " "
        ascii_form = anyascii(character).lower()
        if category == "Mn" and not ascii_form:
            return ""
        is_letter = category[0] in "LM"
        if is_letter and not unicodedata.name(character, "").startswith("LATIN"):
            return character.casefold()
        return ascii_form or character


_LETTERS = _Letters()


def fold(text: str) -> str:
    """Return the text in lower-case base letters, with single blanks and plain apostrophes, without HTML escapes."""
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = _compose(text).translate(_LETTERS)
    elif not text.isprintable():
        text = text.translate(_LETTERS)
    return " ".join(text.lower().split())


def fold_german(text: str) -> str:
    """Return `fold` with ae, oe and ue for ä, ö and ü."""
    return fold(_compose(text).lower().translate(_GERMAN))


def fold_nordic(text: str) -> str:
    """Return `fold_german` with aa and oe for å and ø, too."""
    return fold(_compose(text).lower().translate(_NORDIC))


def romanise(text: str) -> str:
    """Return the text with the letters of all scripts in Latin ones: "Ελλάδα" is "ellada"."""
    return fold(anyascii(_compose(text)))


def _compose(text: str) -> str:
    text = unescape(text) if "&" in text else text
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_UNIFORM))
