"""Companies that a new company may duplicate."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contacts import scores
from contacts.models import Company
from contacts.scores import Facts
from contacts.signs import FIELDS, Mark, Sign, marks_of
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import search
from offorte_portal.text.keys import is_same_company_name, near_company_key

Json = dict[str, Any]
# How many are named, and how many candidates are compared by each sign.
MOST = 8
COMPARED = 200


@dataclass(frozen=True)
class Duplicate:
    """An existing company, and what it has in common with the new one."""

    company: Company
    reason: str


def find_duplicates(connection: Connection, asked: Json) -> list[Duplicate]:
    """Return companies of the account with the same VAT or chamber number, e-mail, domain or name: surest first.

    `asked` are values by the names of the model's fields. Companies that differ too much (`scores`) are left out. At
    most one query for each of these, along an index.
    """
    present = Company.objects.present().filter(connection=connection)
    facts = scores.facts_of(asked)
    found: dict[int, Duplicate] = {}
    for mark in sorted(marks_of(asked), key=lambda mark: list(Sign).index(mark.sign)):
        for company in _share(present, mark, str(asked.get("name") or "")):
            if not _differs(facts, company, mark):
                found.setdefault(company.pk, Duplicate(company, _words()[mark.sign]))
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def _differs(facts: Facts, company: Company, mark: Mark) -> bool:
    """Return whether contrary facts outweigh what they have in common; a name also counts in another spelling."""
    theirs = scores.facts_of({field: getattr(company, field) for field in (*FIELDS, "zipcode")})
    if mark.sign == Sign.NAME:
        theirs = {**theirs, Sign.NAME: facts[Sign.NAME]}
    return scores.compare(facts, theirs).points < scores.LEAST


def _share(present: "QuerySet[Company]", mark: Mark, name: str) -> Iterator[Company]:
    """Yield the companies with this mark. A name also counts where one says "ue" and the other "ü"."""
    if mark.sign == Sign.NAME:
        for company in present.filter(match_key=near_company_key(name)).order_by("name_key")[:COMPARED]:
            if is_same_company_name(company.name, name):
                yield company
        return
    text = mark.text.removeprefix("nl") if mark.sign == Sign.VAT else mark.text
    for company in search.containing(present, text).order_by("name_key")[:COMPARED]:
        if mark in marks_of({field: getattr(company, field) for field in FIELDS}):
            yield company


def _words() -> dict[Sign, str]:
    return {
        Sign.VAT: _("same VAT number"),
        Sign.COC: _("same chamber of commerce number"),
        Sign.EMAIL: _("same e-mail address"),
        Sign.DOMAIN: _("same domain"),
        Sign.NAME: _("same name"),
    }
