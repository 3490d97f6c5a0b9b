"""Undoing a job that created other objects on the way to what it was for: customers and people for proposals, say.

These are deleted after what they were created for, and only if nothing else uses them by then. At one company all
deletions are one chain: if a proposal there can't be deleted after all, its receivers and the company stay.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from contacts.models import Person
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import TARGETS
from proposals.models import Proposal, Receiver

# An account, and an id of Offorte's in it.
Key: TypeAlias = tuple[int, int | None]
EARLIER_FIRST = ("proposals", "people", "companies")
COLUMNS = ("connection", "remote_id", "company_remote_id")
UNSENT = ("", Proposal.Status.EDIT.value)


class Undoing(NamedTuple):
    """An operation to undo once `after` is undone, or the reason why what it created stays."""

    operation: Operation
    reason: Reason | None = None
    after: Operation | None = None


def key_of(operation: Operation) -> Key:
    return operation.connection_id, operation.remote_id


def place_of(operation: Operation) -> Key:
    """Return the company of a person or a proposal, or the company itself."""
    if operation.target == "proposals":
        return operation.connection_id, operation.draft.get("company_id")
    return operation.connection_id, operation.parent_remote_id if operation.target == "people" else operation.remote_id


def in_chains(operations: Sequence[Operation], may_delete: Callable[[str], bool]) -> Iterator[Undoing]:
    """Yield what becomes of each creation: proposals first, then people, then companies, as few links as possible.

    `may_delete` takes the name of a permission.
    """
    made = {target: [one for one in operations if one.target == target] for target in EARLIER_FIRST}
    sent = find_sent(made["proposals"])
    going = [one for one in made["proposals"] if key_of(one) not in sent]
    places = {place_of(one) for one in chain(made["people"], made["companies"])}
    uses = Uses(places, {key_of(one) for one in going}, [one.pk for one in operations])
    last: dict[Key, Operation] = {}
    for operation in chain.from_iterable(made.values()):
        target, place = operation.target, place_of(operation)
        reason: Reason | None = None
        if not may_delete(TARGETS[target].permission(Operation.Verb.DELETE)):
            reason = JobReason.MAY_NOT_DELETE() if target == "proposals" else JobReason.MAY_NOT_DELETE_THIS()
        elif target == "proposals":
            reason = JobReason.NO_DRAFT_ANY_MORE() if key_of(operation) in sent else None
        elif target == "people":
            reason = JobReason.PERSON_IN_USE() if uses.is_named(operation) else None
        elif uses.is_used(operation):
            reason = JobReason.IN_USE()
        if reason is not None:
            uses.keep(operation)
            yield Undoing(operation, reason)
            continue
        yield Undoing(operation, after=last.get(place))
        if place in places:
            last[place] = operation


def find_sent(operations: Collection[Operation]) -> set[Key]:
    """Return the proposals that are no drafts any more, as far as the mirror knows."""
    rows = Proposal.objects.filter(remote_id__in=[one.remote_id for one in operations]).exclude(status__in=UNSENT)
    return set(rows.values_list("connection", "remote_id"))


class Uses:
    """What uses the people and the companies at these places, besides the proposals that go."""

    def __init__(self, places: Collection[Key], going: set[Key], ours: Sequence[int]) -> None:
        self.emails: dict[Key, set[str]] = defaultdict(set)
        self.people: dict[Key, set[Key]] = defaultdict(set)
        self.contacts: set[Key] = set()
        self.used: set[Key] = set()
        ids = [remote_id for _, remote_id in places if remote_id]
        rows = Proposal.objects.present().filter(company_remote_id__in=ids).only(*COLUMNS)
        stay = {row.pk: row for row in rows if (row.connection_id, row.remote_id) not in going}
        self.used |= {(row.connection_id, row.company_remote_id) for row in stay.values()}
        for proposal, email in Receiver.objects.filter(proposal__in=stay).values_list("proposal", "email"):
            self.emails[stay[proposal].connection_id, stay[proposal].company_remote_id].add(email.lower())
        # A draft tells no receivers, but the operations do that wrote it.
        written = Operation.objects.filter(target="proposals", remote_id__in=[row.remote_id for row in stay.values()])
        self._add_contacts(written.filter(state=Operation.State.DONE))
        staff = Person.objects.present().filter(company_remote_id__in=ids)
        for account, remote_id, company in staff.values_list("connection", "remote_id", "company_remote_id"):
            self.people[account, company].add((account, remote_id))
        self._add_pending({account for account, _ in places}, ours)

    def _add_pending(self, accounts: Iterable[int], ours: Sequence[int]) -> None:
        """Add what is about to be written: a proposal for the company, to the person."""
        pending = Operation.objects.filter(connection__in=accounts, target="proposals", state__in=Operation.PENDING)
        pending = pending.exclude(verb=Operation.Verb.DELETE).exclude(undoes__in=ours)
        self.used |= {(one.connection_id, _id(one.draft.get("company_id"))) for one in pending}
        self._add_contacts(pending)

    def _add_contacts(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            named = operation.draft.get("company_contacts") or ()
            self.contacts |= {(operation.connection_id, _id(one)) for one in named}

    def keep(self, operation: Operation) -> None:
        """Count what stays as a use of its company."""
        self.used.add(place_of(operation))

    def is_named(self, operation: Operation) -> bool:
        """Return whether a proposal that stays names the person. Otherwise the person goes."""
        place, email = place_of(operation), str(operation.draft.get("email", "")).lower()
        if key_of(operation) in self.contacts or (email and email in self.emails[place]):
            return True
        self.people[place].discard(key_of(operation))
        return False

    def is_used(self, operation: Operation) -> bool:
        """Return whether the company has people or proposals that stay."""
        place = place_of(operation)
        return place in self.used or bool(self.people[place])


def _id(value: Any) -> int | None:
    """Return an id in a draft; the id that a step is still to create belongs to nothing that is undone."""
    return value if isinstance(value, int) else None
