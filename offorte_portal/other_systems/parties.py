"""The customers and people in quotes: one row each, even if several quotes name them."""

from dataclasses import asdict

from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.other_systems.systems.quote import Company, Person

LONGEST_KEY = 120


class PartyBook:
    """The rows of one source. Each is looked up once; missing ones are added and changed ones updated."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[tuple[str, str], PartyMatch] = {}

    def company(self, company: Company | None) -> PartyMatch | None:
        """Return the row of a customer; None where it has neither an id nor a name."""
        if company is None or not (key := company.external_id or company.name.lower()):
            return None
        return self._find(PartyMatch.Kind.COMPANY, key, company.name, asdict(company), None)

    def person(self, person: Person, company: PartyMatch | None) -> PartyMatch | None:
        """Return the row of a person, by id, else by e-mail address, else by name within the company; else None."""
        place = company.key if company else ""
        key = person.external_id or person.email.lower() or (f"{place}:{person.name.lower()}" if person.name else "")
        if not key:
            return None
        return self._find(PartyMatch.Kind.PERSON, key, person.name or person.email, asdict(person), company)

    def _find(
        self, kind: PartyMatch.Kind, key: str, name: str, details: dict[str, str], company: PartyMatch | None
    ) -> PartyMatch:
        place = (kind.value, key[:LONGEST_KEY])
        if place not in self._known:
            fresh = {"name": name, "details": details, "company": company}
            row, is_new = PartyMatch.objects.get_or_create(source=self._source, kind=kind, key=place[1], defaults=fresh)
            if not is_new and (row.name, row.details, row.company_id) != (name, details, company and company.pk):
                row.name, row.details, row.company = name, details, company
                row.save(update_fields=["name", "details", "company"])
            self._known[place] = row
        return self._known[place]
