"""Who receives the proposals of a file: whom its rows name, matched within the company, or whom the terms say."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from contacts.models import Company, Person
from offorte_portal.compose.many.entries import Entry, Line, contacts_of
from offorte_portal.compose.many.terms import Terms
from offorte_portal.compose.reasons import ManyReason
from offorte_portal.connections.models import Connection
from offorte_portal.writes.asking import fold

Json = dict[str, Any]
AT_ONCE = 900


class NewPerson(dict[str, Any]):
    """Somebody who is made first, by the reference's parameters; the same one for all that name them."""


class People:
    """The people of the companies that a file means, asked for once."""

    def __init__(self, connection: Connection, entries: Sequence[Entry], terms: Terms) -> None:
        self.terms = terms
        self.of: dict[int, list[Person]] = defaultdict(list)
        self.new: dict[tuple[int, str], NewPerson] = {}
        ids = sorted({one.company.remote_id for one in entries if isinstance(one.company, Company)})
        for start in range(0, len(ids), AT_ONCE):
            rows = Person.objects.present().filter(
                connection=connection, company_remote_id__in=ids[start : start + AT_ONCE]
            )
            for person in rows.defer("payload", "search_text").order_by("remote_id"):
                self.of[person.company_remote_id or 0].append(person)

    def settle(self, entry: Entry) -> None:
        """Find the entry's receivers; a problem of the row that names somebody who can't be one."""
        if entry.company is None:
            return
        theirs = self.of[entry.company.remote_id] if isinstance(entry.company, Company) else []
        named = contacts_of(entry)
        if named:
            found = [self._find(entry, line, told, theirs) for line, told in named]
            entry.people = list({id(one): one for one in found if one is not None}.values())
            return
        able = [one for one in theirs if one.email]
        if self.terms.who == "everyone" or (self.terms.who == "only" and len(able) == 1):
            entry.people = list(able)
        if not able and self.terms.who != "nobody":
            entry.first.hints.append(ManyReason.NOBODY_TO_MAIL())

    def _find(self, entry: Entry, line: Line, told: Json, theirs: list[Person]) -> Person | NewPerson | None:
        name, email = told.get("contact", ""), told.get("email", "").lower()
        same = [one for one in theirs if email and one.email.lower() == email]
        same = same or [one for one in theirs if name and not (email and one.email) and fold(str(one)) == fold(name)]
        if len(same) == 1 and same[0].email:
            return same[0]
        if len(same) > 1:
            line.problems.append(ManyReason.SEVERAL_PEOPLE(name=name or email))
        elif same:
            line.problems.append(ManyReason.NO_ADDRESS(name=str(same[0])))
        else:
            return self._make(entry, line, told)
        return None

    def _make(self, entry: Entry, line: Line, told: Json) -> NewPerson | None:
        name, email = told.get("contact", ""), told.get("email", "")
        if not self.terms.makes_missing:
            line.problems.append(ManyReason.NOBODY(name=name or email))
        elif not (name and email):
            line.problems.append(ManyReason.NOBODY_INCOMPLETE(name=name or email))
        else:
            draft = {"fullname": name, "email": email}
            draft |= {"firstname": told["firstname"]} if "firstname" in told else {}
            line.hints.append(ManyReason.PERSON_MADE(name=name))
            return self.new.setdefault((id(entry.company), email.lower()), NewPerson(draft))
        return None
