"""How likely two companies are one: what they have in common adds points, contrary facts take points away.

The rule, for two companies of one account:

1. Each sign that they share counts as in `POINTS`. A domain is not counted beside a shared address of that domain.
2. Each fact that both have and that differs counts against it as in `AGAINST`: two VAT or chamber of commerce numbers
   are two legal entities, two own domains or zip codes at least two places.
3. Below `LEAST` they are not shown as duplicates.

So a shared name alone is shown, a shared name with two VAT numbers is not, and neither is a shared name with another
domain in another place. A shared VAT number outweighs one contrary fact only together with another sign: companies of
one tax group share it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from contacts.signs import Mark, Sign, marks_of
from offorte_portal.text.keys import compact

LEAST = 15
LIKELY, SURE = 35, 60


class Difference(StrEnum):
    """Facts that set two companies apart, the weightiest first."""

    VAT = "vat_number"
    COC = "coc_number"
    DOMAIN = "domain"
    ZIPCODE = "zipcode"


POINTS = {Sign.VAT: 60, Sign.COC: 60, Sign.EMAIL: 40, Sign.DOMAIN: 25, Sign.NAME: 30}
AGAINST = {Difference.VAT: 50, Difference.COC: 50, Difference.DOMAIN: 15, Difference.ZIPCODE: 15}


class Score(NamedTuple):
    """The points of a pair, and why: what is the same, and what differs, each the weightiest first."""

    points: int
    signs: list[Sign]
    against: list[Difference]


Facts = Mapping[str, frozenset[str]]


def facts_of(fields: Mapping[str, Any], marks: Iterable[Mark] | None = None) -> Facts:
    """Return a company's normalised facts by sign, and its zip code."""
    found: dict[str, set[str]] = {}
    for mark in marks_of(fields) if marks is None else marks:
        found.setdefault(mark.sign, set()).add(mark.text)
    if zipcode := compact(str(fields.get("zipcode") or "")):
        found[Difference.ZIPCODE] = {zipcode}
    return {name: frozenset(texts) for name, texts in found.items()}


def compare(one: Facts, other: Facts) -> Score:
    """Return the score of two companies by their facts."""
    empty: frozenset[str] = frozenset()
    signs = [sign for sign in Sign if one.get(sign, empty) & other.get(sign, empty)]
    against = [name for name in Difference if (name in one and name in other and not one[name] & other[name])]
    points = sum(POINTS[sign] for sign in signs) - sum(AGAINST[name] for name in against)
    if {Sign.EMAIL, Sign.DOMAIN} <= set(signs):
        points -= POINTS[Sign.DOMAIN]
    return Score(points, signs, against)
