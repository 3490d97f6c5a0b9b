"""Moving people to another company: Offorte can't do that, so they are created there and deleted here."""

from collections.abc import Sequence
from typing import Any, Self

from contacts.models import Company, Person
from offorte_portal.api.drafts import PersonDraft
from offorte_portal.compose.recipients import people_of
from offorte_portal.jobs.action import NewId, Write
from offorte_portal.writes.models import Operation

PERSON_FIELDS = tuple(sorted(PersonDraft.__annotations__))


class IncompleteError(Exception):
    """A person lacks the name or e-mail address that Offorte requires of a new one."""


class Arrivals:
    """The people who arrive at a company. Those with an e-mail address that is already there are not created again.

    All its writes form one chain, each after the one before: nothing is deleted before everything that refers to it
    has moved.
    """

    def __init__(self, company: Company, people: Sequence[Person]) -> None:
        self.company = company
        self._ids: dict[str, int | NewId] = {address(person): person.remote_id for person in people if address(person)}
        self._moved: dict[int, int | NewId] = {}
        self._last: Write | None = None

    @classmethod
    def at(cls, company: Company | None) -> Self | None:
        """Return arrivals at a company that know the people there; None where the company is gone."""
        if company is None:
            return None
        return cls(company, people_of(company.connection_id, [company.remote_id]).get(company.remote_id, []))

    def take_in(self, people: Sequence[Person]) -> list[Write]:
        """Return writes that create the people who are missing here. Raises IncompleteError, before it adds anybody."""
        if not self.can_take_in(people):
            raise IncompleteError
        writes: list[Write] = []
        for person in self._missing(people):
            if address(person) not in self._ids:
                write = creation(person, self.company.remote_id)
                self._ids[address(person)] = NewId(write)
                self.go(writes, [write])
        self._moved |= {person.remote_id: self._ids[address(person)] for person in people}
        return writes

    def can_take_in(self, people: Sequence[Person]) -> bool:
        """Return whether those who are missing here have all that Offorte requires of a new person."""
        return all(full_name(person) and address(person) for person in self._missing(people))

    def _missing(self, people: Sequence[Person]) -> list[Person]:
        return [person for person in people if address(person) not in self._ids]

    def ids(self, remote_ids: Sequence[int]) -> list[int | NewId]:
        """Return the ids that these people have at this company; people who did not move are left out."""
        return list(dict.fromkeys(self._moved[remote_id] for remote_id in remote_ids if remote_id in self._moved))

    def go(self, writes: list[Write], more: Sequence[Write]) -> None:
        """Append more writes to the step and to the end of the chain."""
        for write in more:
            write.after = self._last
            self._last = write
            writes.append(write)


def address(person: Person) -> str:
    """Return the e-mail address by which two people are taken for the same person."""
    return person.email.strip().lower()


def full_name(person: Person) -> str:
    """Return the name that Offorte requires of a new person."""
    return (person.fullname or f"{person.firstname} {person.lastname}").strip()


def creation(person: Person, company_id: int) -> Write:
    """Return the write that creates the same person at another company of the account."""
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
