"""What a row is found by: the parts of its search text, in the order in which a hit in them counts.

Each resource names its parts once (`Resource.search`). The engine stores their spellings as the row's search text; the
search asks them why it found the row.
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from offorte_portal.text.letters import fold
from offorte_portal.text.phones import phone_forms
from offorte_portal.text.spellings import spell

# A house number with its addition, after the street.
_HOUSE = re.compile(r"\s(\d.*)$", re.DOTALL)


class Place(IntEnum):
    """Where a word was found. A hit in an earlier place comes first."""

    NAME = 0
    NUMBER = 1
    PERSON = 2
    ADDRESS = 3


# What ends the spellings of each place but the last in the search text; no spelling holds control characters.
MARKS = ("\x1d", "\x1e", "\x1f")


class SearchPart(NamedTuple):
    """A text as people see it, where it counts, and its spellings as they are stored."""

    place: Place
    text: str
    spellings: Iterable[str]


def named(place: Place, *texts: object) -> list[SearchPart]:
    """Return the parts for names or numbers; empty ones and what is not text are left out."""
    return [SearchPart(place, text, spell(text)) for text in texts if isinstance(text, str) and text.strip()]


def addresses(*texts: object) -> list[SearchPart]:
    """Return the parts for addresses of mail and web, which nobody spells in another way."""
    return [SearchPart(Place.ADDRESS, text, [fold(text)]) for text in texts if isinstance(text, str) and text.strip()]


def phones(country: object, *numbers: object) -> list[SearchPart]:
    """Return the parts for phone numbers, dialled from this country or from abroad."""
    home = country if isinstance(country, str) else ""
    found = (number for number in numbers if isinstance(number, str) and number.strip())
    return [SearchPart(Place.ADDRESS, number, phone_forms(number, home)) for number in found]


def street_address(street: object, zipcode: object, city: object) -> list[SearchPart]:
    """Return the parts for a street, a city, and the postcode with the house number, as people dictate them."""
    parts = named(Place.ADDRESS, street)
    if isinstance(zipcode, str):
        house = _HOUSE.search(street) if isinstance(street, str) else None
        parts += named(Place.ADDRESS, f"{zipcode} {house.group(1)}" if house else zipcode)
    return parts + named(Place.ADDRESS, city)


def write_search_text(parts: Iterable[SearchPart]) -> str:
    """Return the text that the search reads: every spelling once, one per line, with a mark after each place."""
    lines: dict[str, None] = {}
    place = 0
    for part in sorted(parts, key=lambda part: part.place):
        lines |= dict.fromkeys(MARKS[place : part.place])
        place = max(place, part.place)
        lines |= dict.fromkeys(spelling for spelling in part.spellings if spelling not in lines)
    return "\n".join([*lines, *MARKS[place:]])
