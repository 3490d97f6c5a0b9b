"""Reads the headings of columns as programs write them: "E-mailadres (werk)", "Address 2 - City", "Telefoonnr. privé".

A heading is what is in the column, sometimes with a qualifier: which of several addresses or numbers it is, by use
(work, home) or by number. Qualifiers are in Dutch, English, German and French, in front or behind, and glued on.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from offorte_portal.text.letters import fold

# Longer headings are sentences.
LONGEST = 200
_WORK, _BILL, _POST, _HOME, _OTHER = range(5)
_QUALIFIERS = {
    _WORK: "business work werk zakelijk zakelijke geschaftlich geschaeftlich geschaftliche office kantoor dienstlich "
    "professionnel professionnelle bureau bezoek visit visiting vestiging main primary primair primaire hoofd default "
    "standaard algemeen general algemene arbeit buro firmen",
    _POST: "post mailing correspondentie verzend shipping delivery aflever lever lieferung versand correspondence "
    "livraison",
    _BILL: "billing invoice invoicing factuur facturatie rechnung rechnungs facturation",
    _HOME: "home private prive privat thuis huis personal persoonlijk persoonlijke personlich perso domicile domicil",
    _OTHER: "other ander andere anders weitere weiterer weiteres overig overige autre alternative alternatief "
    "secondary secundair sonstige sonstiges extra tweede",
}
_RANKS = {word: rank for rank, words in _QUALIFIERS.items() for word in words.split()}
_ADDRESS = {"adres", "adresse", "address"}
# "Werkadres", "Factuuradres" and the like in front of what is in the column.
_ADDRESSES = {f"{word}{end}": rank for word, rank in _RANKS.items() for end in _ADDRESS}
_FILLERS = {"de", "het", "the", "of", "op", "van", "in", "s", "nr", "no", "value", "aan"}
# Whose it is, where a file has more than one kind of thing.
_SUBJECTS = {
    "companies": {
        "organization", "organisation", "organisatie", "company", "bedrijf", "klant", "relatie", "account", "firma",
        "debiteur",
    },
    "people": {"person", "people", "contact", "contactpersoon", "persoon", "kontakt", "medewerker"},
}  # fmt: skip
# What only means this behind a street.
_BEHIND_STREET = {"number": "house_number", "nummer": "house_number", "nr": "house_number", "no": "house_number"}
_BEHIND_STREET |= {"numero": "house_number", "box": "box", "bus": "box", "boite": "box"}
# Headings that mean something else in the files of a program, told by a heading that only it has.
_BY_PROGRAM = {"connectedon": {"url": "linkedin", "profileurl": "linkedin"}}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(r"[^\W\d_]+|\d+")


class Heading(NamedTuple):
    """What a heading may say, the most literal reading first, and the rank and number of its qualifier (-1, 0: none).

    The lower the rank and number, the sooner the column is used where a file has several of a kind.
    """

    readings: tuple[str, ...]
    rank: int
    number: int


def spelled(text: str) -> list[str]:
    """Return the words and numbers of a text without case and accents."""
    return _WORDS.findall(fold(text))


def plain(text: str) -> str:
    """Return the letters and digits of a text without case and accents: "Straße *" becomes "strasse"."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    return spelled(_CAMEL.sub(" ", text[:LONGEST]))


@lru_cache(maxsize=4096)
def read_heading(text: str, kind: str, known: Collection[str]) -> Heading:
    """Read a heading of a file of this kind, where `known` are the plain names of columns that may be qualified."""
    words = [part for word in _words(text) for part in _unglue(_nr(word), known)]
    rank, number = _rank_of(words), _number_of(words)
    is_qualifier = {*_RANKS, *_ADDRESSES}
    bare = [word for word in words if word not in is_qualifier]
    meant = [word for word in bare if word not in _FILLERS]
    plainer = [word for word in meant if not word.isdecimal()]
    own = [word for word in plainer if word not in _SUBJECTS.get(kind, ())]
    numbered = [word for word in meant if word not in _SUBJECTS.get(kind, ())]
    part = [word for word in own if word not in _ADDRESS]
    readings = [plain(text), *map("".join, (words, bare, meant, numbered, plainer, own, part))]
    if not bare:
        # "Factuuradres": only a qualifier, with what it qualifies in it.
        readings.append("adres" if any(word in _ADDRESSES for word in words) else "")
    return Heading(tuple(dict.fromkeys(filter(None, readings))), rank, number)


def behind_street(heading: Heading) -> str | None:
    """Return the field of a heading that only means this behind a street; None where it is none of these."""
    return next((_BEHIND_STREET[reading] for reading in heading.readings if reading in _BEHIND_STREET), None)


def meanings_of_program(headings: Collection[str]) -> dict[str, str]:
    """Return the fields of plain headings that mean something else in a file with these plain headings."""
    return {word: field for marker, meant in _BY_PROGRAM.items() if marker in headings for word, field in meant.items()}


def _nr(word: str) -> str:
    return f"{word[:-2]}nummer" if word.endswith("nr") and len(word) > 2 else word


def _unglue(word: str, known: Collection[str]) -> list[str]:
    """Split a qualifier from a word that is known without it: "werktelefoon", "factuurplaats"."""
    if word in known or word in _ADDRESSES:
        return [word]
    for cut in range(4, len(word) - 1):
        start, rest = word[:cut], word[cut:]
        if rest in known and (start in _RANKS or start.removesuffix("s") in _RANKS):
            return [start if start in _RANKS else start.removesuffix("s"), rest]
    return [word]


def _rank_of(words: list[str]) -> int:
    ranks = [rank for word in words for rank in (_RANKS.get(word), _ADDRESSES.get(word)) if rank is not None]
    return max(ranks, default=-1)


def _number_of(words: list[str]) -> int:
    # The first one is used first, whether or not it has a number.
    numbers = [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 4]
    return 0 if not numbers or numbers[0] == 1 else numbers[0]
