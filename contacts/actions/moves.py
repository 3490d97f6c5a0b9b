"""Taking people to another company: Offorte can't move them, so they are created there and deleted here."""

from collections.abc import Sequence
from typing import Any, Self

from contacts.models import Company, Person
from offorte_portal.api.drafts import PersonDraft
from offorte_portal.compose.recipients import people_of
from offorte_portal.jobs.action import NewId, Write
from offorte_portal.writes.models import Operation

PERSON_FIELDS = tuple(sorted(PersonDraft.__annotations__))


class IncompleteError(Exception):
    """Offorte takes nobody without a name and an e-mail address."""


class Arrivals:
    """Who comes to a company: each person once, and nobody who is there already, told apart by e-mail address.

    All that is written for it is one chain, for each link needs those before it: nothing is deleted before all that
    refers to it has moved.
    """

    def __init__(self, company: Company, people: Sequence[Person]) -> None:
        self.company = company
        self._ids: dict[str, int | NewId] = {address(one): one.remote_id for one in people if address(one)}
        self._moved: dict[int, int | NewId] = {}
        self._last: Write | None = None

    @classmethod
    def at(cls, company: Company | None) -> Self | None:
        """Arrivals at a company with who is there now; None where it is gone."""
        if company is None:
            return None
        return cls(company, people_of(company.connection_id, [company.remote_id]).get(company.remote_id, []))

    def take_in(self, people: Sequence[Person]) -> list[Write]:
        """What creates those of the people who are not there yet. Raises IncompleteError, and takes in none."""
        missing = [person for person in people if address(person) not in self._ids]
        if not all(full_name(person) and address(person) for person in missing):
            raise IncompleteError
        writes: list[Write] = []
        for person in missing:
            if address(person) not in self._ids:
                write = creation(person, self.company.remote_id)
                self._ids[address(person)] = NewId(write)
                self.go(writes, [write])
        self._moved |= {person.remote_id: self._ids[address(person)] for person in people}
        return writes

    def ids(self, remote_ids: Sequence[int]) -> list[int | NewId]:
        """The ids that these people have at the company, without those who did not come."""
        return list(dict.fromkeys(self._moved[one] for one in remote_ids if one in self._moved))

    def go(self, writes: list[Write], more: Sequence[Write]) -> None:
        """Put more writes behind all that come before."""
        for write in more:
            write.after = self._last
            self._last = write
            writes.append(write)


def address(person: Person) -> str:
    """What tells people apart."""
    return person.email.strip().lower()


def full_name(person: Person) -> str:
    """The person's name as Offorte wants it for a new one."""
    return (person.fullname or f"{person.firstname} {person.lastname}").strip()


def creation(person: Person, company_id: int) -> Write:
    """The same person at another company of the same account."""
    draft: dict[str, Any] = {name: getattr(person, name) for name in PERSON_FIELDS}
    draft["fullname"] = full_name(person)
    return Write(
        connection_id=person.connection_id,
        target="people",
        remote_id=None,
        parent_remote_id=company_id,
        label=str(person),
        verb=Operation.Verb.CREATE,
        draft={name: value for name, value in draft.items() if value},
    )
