"""The receivers of a file's proposals: those that its rows name, matched within the company, or those of the terms."""

from collections.abc import Sequence
from typing import Any

from contacts.models import Company, Person
from offorte_portal.compose.many.entries import Entry, FileRow, contacts_of
from offorte_portal.compose.many.terms import Terms
from offorte_portal.compose.reasons import ManyReason
from offorte_portal.compose.recipients import people_of
from offorte_portal.connections.models import Connection
from offorte_portal.text.keys import match_key

Json = dict[str, Any]


class NewPerson(dict[str, Any]):
    """A person to create first, by the reference's parameters; one instance for all rows that name them."""


class People:
    """The people of the companies that a file names, read once."""

    def __init__(self, connection: Connection, entries: Sequence[Entry], terms: Terms) -> None:
        self.terms = terms
        self.new: dict[tuple[int, str], NewPerson] = {}
        ids = {entry.company.remote_id for entry in entries if isinstance(entry.company, Company)}
        self.of = people_of(connection.pk, ids)

    def settle(self, entry: Entry) -> None:
        """Set the entry's receivers; a name of somebody who can't receive it is a problem of its row."""
        if entry.company is None:
            return
        theirs = self.of.get(entry.company.remote_id, []) if isinstance(entry.company, Company) else []
        named = contacts_of(entry)
        if named:
            found = [self._find(entry, line, contact, theirs) for line, contact in named]
            entry.people = list({id(person): person for person in found if person is not None}.values())
            return
        able = [person for person in theirs if person.email]
        if self.terms.who == "everyone" or (self.terms.who == "only" and len(able) == 1):
            entry.people = list(able)
        if not able and self.terms.who != "nobody":
            entry.first.hints.append(ManyReason.NOBODY_TO_MAIL())

    def _find(self, entry: Entry, line: FileRow, contact: Json, theirs: list[Person]) -> Person | NewPerson | None:
        name, email = contact.get("contact", ""), contact.get("email", "").lower()
        same = [person for person in theirs if email and person.email.lower() == email]
        same = same or [
            person
            for person in theirs
            if name and not (email and person.email) and match_key(str(person)) == match_key(name)
        ]
        if len(same) == 1 and same[0].email:
            return same[0]
        if len(same) > 1:
            line.problems.append(ManyReason.SEVERAL_PEOPLE(name=name or email))
        elif same:
            line.problems.append(ManyReason.NO_ADDRESS(name=str(same[0])))
        else:
            return self._make(entry, line, contact)
        return None

    def _make(self, entry: Entry, line: FileRow, contact: Json) -> NewPerson | None:
        name, email = contact.get("contact", ""), contact.get("email", "")
        if not self.terms.makes_missing:
            line.problems.append(ManyReason.NOBODY(name=name or email))
        elif not (name and email):
            line.problems.append(ManyReason.NOBODY_INCOMPLETE(name=name or email))
        else:
            draft = {"fullname": name, "email": email}
            draft |= {"firstname": contact["firstname"]} if "firstname" in contact else {}
            line.hints.append(ManyReason.PERSON_MADE(name=name))
            return self.new.setdefault((id(entry.company), email.lower()), NewPerson(draft))
        return None
