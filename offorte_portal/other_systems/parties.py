"""The customers and people that quotes name: one row each, even if several quotes name them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from offorte_portal.mirror.models.sorting import folded_fields
from offorte_portal.other_systems.marks import identify
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.other_systems.systems.answers import fingerprint
from offorte_portal.other_systems.systems.quote import Company, Person, Quote

LONGEST_KEY = 120
Kind = PartyMatch.Kind
Named = tuple[PartyMatch | None, list[PartyMatch]]


def find_parties(source: Source, quotes: Sequence[Quote]) -> list[Named]:
    """Return the customer and the people of each quote; add those that are missing, update those that changed.

    A company is known by its id, else by its name. A person is known by the id, else by name and e-mail address within
    the company: several addressees may share one address, and one person may be named with or without an id.
    """
    companies = _find_companies(source, [quote.company for quote in quotes if quote.company])
    named = [(companies.get(_company_key(quote.company)), quote.people) for quote in quotes]
    people = _People(source, named)
    return [(company, people.find(company, persons)) for company, persons in named]


def _company_key(company: Company | None) -> str:
    return (company.external_id or company.name.lower())[:LONGEST_KEY] if company else ""


def _find_companies(source: Source, companies: Iterable[Company]) -> dict[str, PartyMatch]:
    wanted = {key: company for company in companies if (key := _company_key(company))}
    found = PartyMatch.objects.filter(source=source, kind=Kind.COMPANY, key__in=wanted)
    rows = {row.key: row for row in found}
    missing = [PartyMatch(source=source, kind=Kind.COMPANY, key=key) for key in wanted if key not in rows]
    rows |= {row.key: row for row in missing}
    changed = [row for key, row in rows.items() if _fill(row, wanted[key].name, asdict(wanted[key]))]
    _save(missing, changed)
    return rows


class _People:
    """The people of some quotes; adds and updates all of them at once."""

    def __init__(self, source: Source, named: Sequence[tuple[PartyMatch | None, Sequence[Person]]]) -> None:
        self._source = source
        persons = [person for _, people in named for person in people]
        keys = {person.external_id[:LONGEST_KEY] for person in persons if person.external_id}
        identities = {_identity(person) for person in persons}
        known = PartyMatch.objects.filter(Q(key__in=keys) | Q(identity__in=identities), source=source, kind=Kind.PERSON)
        self._by_key: dict[str, PartyMatch] = {}
        self._by_identity: dict[tuple[int | None, str], PartyMatch] = {}
        # Of several that are the same person the one comes first that somebody has decided on.
        for row in sorted(known, key=lambda row: (row.created_with_id is None, not row.is_decided, row.pk)):
            self._remember(row)
        self._missing: list[PartyMatch] = []
        self._changed: dict[int, PartyMatch] = {}
        for company, people in named:
            for person in people:
                self._take(person, company)
        _save(self._missing, self._changed.values())

    def find(self, company: PartyMatch | None, people: Sequence[Person]) -> list[PartyMatch]:
        """Return the rows of a quote's people, each once, without those who have no id, name or address."""
        rows = (self._look_up(person, company) for person in people)
        return list(dict.fromkeys(row for row in rows if row is not None))

    def _remember(self, row: PartyMatch) -> None:
        self._by_key.setdefault(row.key, row)
        self._by_identity.setdefault((row.company_id, row.identity), row)

    def _look_up(self, person: Person, company: PartyMatch | None) -> PartyMatch | None:
        by_key = self._by_key.get(person.external_id[:LONGEST_KEY]) if person.external_id else None
        return by_key or self._by_identity.get((company.pk if company else None, _identity(person)))

    def _take(self, person: Person, company: PartyMatch | None) -> None:
        if not (person.external_id or person.name or person.email):
            return
        row = self._look_up(person, company)
        if row is None:
            identity = _identity(person)
            key = person.external_id or fingerprint([company.key if company else "", identity])
            row = PartyMatch(source=self._source, kind=Kind.PERSON, key=key[:LONGEST_KEY], company=company)
            row.identity = identity
            self._missing.append(row)
        details = asdict(person)
        if row.details and row.key != person.external_id[:LONGEST_KEY]:
            details = {name: value or row.details.get(name, "") for name, value in details.items()}
        if _fill(row, person.name or person.email, details, company, _identity(person)) and row.pk:
            self._changed[row.pk] = row
        self._remember(row)


def _identity(person: Person) -> str:
    return fingerprint(identify(person.name, person.email))


def _fill(
    row: PartyMatch, name: str, details: dict[str, Any], company: PartyMatch | None = None, identity: str = ""
) -> bool:
    """Put values into a row; return whether they are others than before."""
    values = (name, details, company and company.pk, identity)
    if (row.name, row.details, row.company_id, row.identity) == values:
        return False
    row.name, row.details, row.company, row.identity = name, details, company, identity
    return True


def _save(missing: Iterable[PartyMatch], changed: Iterable[PartyMatch]) -> None:
    PartyMatch.objects.bulk_create(missing)
    known = [row for row in changed if row not in set(missing)]
    keys = folded_fields(PartyMatch)
    for row, key in product(known, keys):
        key.pre_save(row, add=False)
    columns = ["name", "details", "company", "identity", *(key.attname for key in keys)]
    PartyMatch.objects.bulk_update(known, columns, batch_size=100)


def count_quotes(parties: QuerySet[Any]) -> QuerySet[Any]:
    """Add the number of quotes that name each company or person, as `number_of_quotes`."""
    for_company = _counted(ImportedQuote.objects.present().filter(company=OuterRef("pk")), "company")
    named = ImportedQuote.people.through.objects.filter(partymatch=OuterRef("pk"))
    for_person = _counted(named.filter(importedquote__missing_since__isnull=True), "partymatch")
    annotated: QuerySet[Any] = parties.annotate(number_of_quotes=Coalesce(for_company, for_person, 0))
    return annotated


def _counted(rows: QuerySet[Any], column: str) -> Subquery:
    grouped = rows.order_by().values(column).annotate(number=Count("pk"))
    return Subquery(grouped.values("number"), output_field=IntegerField())


def quotes_of(party: PartyMatch) -> QuerySet[ImportedQuote]:
    """Return the quotes that name a company or a person."""
    return ImportedQuote.objects.present().filter(Q(company=party) if party.kind == Kind.COMPANY else Q(people=party))


def drop_unnamed(source: Source) -> None:
    """Delete the people whom no quote names any more, unless somebody has decided who they are."""
    named = ImportedQuote.people.through.objects.filter(importedquote__source=source).values("partymatch")
    open_people = source.matches.filter(kind=Kind.PERSON, state__in=[PartyMatch.State.OPEN, PartyMatch.State.PROPOSED])
    open_people.filter(created_with__isnull=True).exclude(pk__in=named).delete()
