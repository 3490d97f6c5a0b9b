"""The spellings of a text: those that are stored to be searched, and those that a search tries.

Both sides use the same steps, so that whatever one person wrote is found by however another spells it:

1. the fold of letters (`text/letters.py`), in the German and the Nordic way too;
2. punctuation opened ("jean-pierre" is "jean pierre") and closed up ("b.v." is "bv");
3. numbers joined with what belongs to them ("1091 gv" is "1091gv", "12 ab 34" is "12ab34").
"""

import re
from collections.abc import Callable, Iterable, Iterator

from offorte_portal.text import phones
from offorte_portal.text.letters import fold, fold_german, fold_nordic, romanise

_INNER = re.compile(r"[^\w\s]|_")
_OUTER = re.compile(r"^[\W_]+|[\W_]+$")
_TRUNK = re.compile(r"\(\s*0\s*\)")
# Parts of up to three letters belong to the number beside them: plates, postcodes, additions to house numbers.
_SHORT = 3
_SHORTEST_PHONE, _LONGEST_PHONE = 8, 15
# A search tries no more than these; only numbers with blanks and umlauts come near.
MOST_READINGS = 6


def spell(text: str) -> list[str]:
    """Return the spellings of a name, street or number to be stored, each once; none of an empty text."""
    if text.replace(" ", "").isalpha() and text.isascii():
        return [fold(text)]
    forms: dict[str, None] = {}
    for folded in _folds(text):
        opened, closed = _open(folded), _close(folded)
        forms |= dict.fromkeys([opened, closed, " ".join(_join(opened.split(), _is_part))])
    return [form for form in forms if form] or [form for form in [fold(text)] if form]


def spell_lines(text: str) -> str:
    """Return the spellings of a text, one per line."""
    return "\n".join(spell(text))


def read(text: str) -> list[list[str]]:
    """Return the word lists that a search tries: a row is found where it holds all the words of any of them."""
    readings: dict[tuple[str, ...], None] = {}
    for folded in _folds(text):
        readings |= dict.fromkeys(tuple(words) for words in _readings(folded.split()))
    return [list(words) for words in readings if words][:MOST_READINGS]


def _folds(text: str) -> Iterator[str]:
    yield from dict.fromkeys([fold(text), fold_german(text), fold_nordic(text), romanise(text)])


def _readings(words: list[str]) -> Iterator[list[str]]:
    text = " ".join(words)
    opened, closed = _open(text).split(), _close(text).split()
    yield [bare for word in words if (bare := _OUTER.sub("", word))]
    yield closed
    yield opened
    if not _has_digit(text):
        return
    numbers = _join(_close(_TRUNK.sub("", text)).split(), str.isdecimal)
    yield [_core(word) for word in numbers]
    yield _join(opened, _is_part)


def _core(word: str) -> str:
    """Return a phone number without country code and trunk zero, also when half typed; other words as they are."""
    if not (word.isdecimal() and _SHORTEST_PHONE <= len(word) <= _LONGEST_PHONE):
        return word
    return phones.dialled_core(word) or word.removeprefix("00")


def _open(text: str) -> str:
    return " ".join(_each(text.split(), " "))


def _close(text: str) -> str:
    return " ".join(_each(text.split(), ""))


def _each(words: Iterable[str], mark: str) -> Iterator[str]:
    # Addresses of mail and web are typed as they are.
    for word in words:
        yield from (word if "@" in word else _INNER.sub(mark, word)).split()


def _is_part(word: str) -> bool:
    return _has_digit(word) or len(word) <= _SHORT


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _join(words: list[str], is_part: Callable[[str], bool]) -> list[str]:
    """Return the words with each run of parts that holds a digit as one word."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if word and is_part(word):
            run.append(word)
            continue
        joined += ["".join(run)] if any(map(_has_digit, run)) else run
        joined += [word] if word else []
        run = []
    return joined
