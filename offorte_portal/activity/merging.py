"""Matching happenings with existing entries: one that comes in several ways is found again each time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from offorte_portal.activity.happenings import VISIT, VISITS, Happening, Kind
from offorte_portal.activity.models import Activity
from offorte_portal.activity.models.activity import TEXT_LENGTH
from offorte_portal.writes.attribution import LATE, Deed
from proposals.models import Proposal

# The kinds that change a proposal's status: their order matters.
CHAIN = {Kind.SIGNED, Kind.WON, Kind.LOST, Kind.CLOSED, Kind.REOPENED}
# Offorte's lists leave out the seconds.
SAME_MINUTE = timedelta(seconds=61)
# An event does not say who did it, and may be sent a while after it happened.
NEARBY = timedelta(minutes=10)


@dataclass
class Entries:
    """The entries of one proposal: all, the new ones, and the changed ones by key."""

    proposal: Proposal
    known: list[Activity]
    new: list[Activity] = field(default_factory=list)
    changed: dict[int, Activity] = field(default_factory=dict)
    # Whom Offorte names for our own changes, by operation.
    named: dict[int, str] = field(default_factory=dict)
    # Whether the status in the mirror may be older than an entry that is known already.
    is_unsure: bool = False

    def take(self, happening: Happening) -> Activity | None:
        """Return the entry of the happening, and add it if it is missing; None if it is no news of its own."""
        last = max((entry.happened_at for entry in self.known if entry.kind in CHAIN), default=None)
        if happening.is_estimated and last and happening.at < last:
            # The current status is the last, so it comes after all known changes of status.
            happening = replace(happening, at=max(self.proposal.as_of, last))
        if happening.kind == Kind.SENT and happening.is_status and self._was_settled(happening):
            # An event told that it was decided, which the log leaves out.
            happening = replace(happening, kind=Kind.REOPENED)
        key = _key(happening)
        entry = self._find(happening) or next((entry for entry in self.known if entry.key == key), None)
        if entry:
            self._fill_in(entry, happening)
            return entry
        if happening.is_estimated and last and happening.at - last < NEARBY:
            # Events give seconds and come in any order: for a moment the mirror may hold an earlier status.
            self.is_unsure = True
            return None
        is_undo = happening.deed is not None and happening.deed.is_undo
        if happening.kind == Kind.REOPENED and not is_undo and not self._was_settled(happening):
            return None
        entry = self._make(happening)
        self.known.append(entry)
        self.new.append(entry)
        return entry

    def _find(self, happening: Happening) -> Activity | None:
        if happening.deed and (ours := self._find_ours(happening, happening.deed)):
            return ours
        alike = [entry for entry in self.known if entry.kind == happening.kind and self._may_be(entry, happening)]
        if happening.remote_id is not None:
            named = next((entry for entry in alike if entry.remote_id == happening.remote_id), None)
            return named or _nearest([entry for entry in alike if entry.remote_id is None], happening)
        if happening.kind == Kind.CREATED:
            return next(iter(alike), None)
        if happening.kind in CHAIN:
            return self._find_status(happening)
        return _nearest(alike, happening)

    def _find_ours(self, happening: Happening, deed: Deed) -> Activity | None:
        """Return the entry that was made of the same change; a mail with an id of its own is another happening."""
        for entry in self.known:
            is_other_mail = (
                None not in {entry.remote_id, happening.remote_id} and entry.remote_id != happening.remote_id
            )
            same = entry.operation_id == deed.operation_id and status_of(entry.kind) == status_of(happening.kind)
            if same and not is_other_mail:
                return entry
        return None

    def _may_be(self, entry: Activity, happening: Happening) -> bool:
        """Return whether the entry may be this happening, by who did it: two changes are two, and so are two people.

        Offorte names somebody else for our own changes. Who is named for another one is a colleague.
        """
        if entry.operation_id is None:
            return happening.deed is None or entry.person in {"", happening.named, happening.person}
        if happening.deed:
            return entry.operation_id == happening.deed.operation_id
        named = self.named.get(entry.operation_id, "")
        return not (named and happening.person) or named == happening.person

    def _find_status(self, happening: Happening) -> Activity | None:
        """Return the entry of the same status with no other status in between; the last one for an estimated moment."""
        chain = sorted((entry for entry in self.known if entry.kind in CHAIN), key=lambda entry: entry.happened_at)
        status = status_of(happening.kind)
        if happening.is_estimated:
            return chain[-1] if chain and status_of(chain[-1].kind) == status else None
        others = [entry.happened_at for entry in chain if status_of(entry.kind) != status]
        for entry in chain:
            first, last = sorted((entry.happened_at, happening.at))
            # Offorte may tell late of a change of ours.
            is_near = last - first < (LATE if entry.operation_id else NEARBY) or entry.is_estimated
            # Ours have seconds, and what tells of them may have none.
            is_between = any(first < other < last for other in others)
            is_parted = is_between and not (entry.operation_id and last - first < SAME_MINUTE)
            if status_of(entry.kind) != status or not is_near or is_parted:
                continue
            if not self._may_be(entry, happening):
                continue
            are_signings = entry.kind == happening.kind == Kind.SIGNED and entry.person and happening.person
            if not are_signings or entry.person == happening.person:
                return entry
        return None

    def _was_settled(self, happening: Happening) -> bool:
        """Return whether the proposal was won, lost or closed at that moment."""
        earlier = [entry for entry in self.known if entry.kind in CHAIN and entry.happened_at <= happening.at]
        last = max(earlier, key=lambda entry: entry.happened_at, default=None)
        return last is not None and last.kind != Kind.REOPENED

    def _fill_in(self, entry: Activity, happening: Happening) -> None:
        """Add what the entry does not hold yet."""
        values: dict[str, Any] = {
            "person": entry.person or happening.person,
            "is_client": entry.is_client or happening.is_client,
            "text": entry.text or happening.text[:TEXT_LENGTH],
            "times": max(entry.times, happening.times),
            "remote_id": happening.remote_id if entry.remote_id is None else entry.remote_id,
        }
        if happening.deed and entry.kind != Kind.SIGNED:
            values |= _columns_of(happening.deed) | {"person": happening.person, "is_client": False}
        if Kind.SIGNED in {entry.kind, happening.kind} and entry.kind != happening.kind:
            # Of a signature and the win that follows from it, the signature tells who it was.
            signing = entry if entry.kind == Kind.SIGNED else happening
            values |= {"kind": Kind.SIGNED, "person": signing.person, "is_client": signing.is_client}
        if entry.is_estimated and not happening.is_estimated:
            values |= {"happened_at": happening.at, "is_estimated": False}
        if entry.remote_id is None and happening.remote_id is not None:
            values["key"] = _key(happening)
        if any(getattr(entry, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(entry, name, value)
            if entry.pk:
                self.changed[entry.pk] = entry

    def _make(self, happening: Happening) -> Activity:
        return Activity(
            connection_id=self.proposal.connection_id,
            proposal=self.proposal,
            kind=happening.kind,
            happened_at=happening.at,
            person=happening.person,
            is_client=happening.is_client,
            text=happening.text[:TEXT_LENGTH],
            times=happening.times,
            remote_id=happening.remote_id,
            is_estimated=happening.is_estimated,
            key=_key(happening),
            owner_key=self.proposal.owner_key,
            **(_columns_of(happening.deed) if happening.deed else {}),
        )

    def forget(self, operation_ids: Collection[int]) -> None:
        """Give back what was taken for one of these operations, because it was not done after all."""
        for entry in self.known:
            if entry.operation_id in operation_ids:
                entry.operation_id = entry.job_id = entry.by_id = None
                entry.person = ""
                self.changed[entry.pk] = entry

    def take_back(self, operation_ids: Collection[int]) -> list[Activity]:
        """Remove and return the entries of these operations, because they were undone."""
        gone = [entry for entry in self.known if entry.operation_id in operation_ids]
        self.known = [entry for entry in self.known if entry not in gone]
        return gone


CHANGED_COLUMNS = (
    "kind", "person", "is_client", "text", "times", "remote_id", "happened_at", "is_estimated", "key", "operation_id",
    "job_id", "by", "is_undo",
)  # fmt: skip


def _columns_of(deed: Deed) -> dict[str, Any]:
    return {
        "operation_id": deed.operation_id,
        "job_id": deed.job_id,
        "by_id": deed.person_id,
        "is_undo": deed.is_undo,
    }


def status_of(kind: str) -> str:
    """Return the status that a kind leads to: a signature wins the proposal."""
    return Kind.WON if kind == Kind.SIGNED else kind


def _nearest(entries: Iterable[Activity], happening: Happening) -> Activity | None:
    """Return the entry that the happening repeats, the nearest in time; None if there is none."""
    near = [entry for entry in entries if _is_near(entry, happening)]
    return min(near, key=lambda entry: abs(entry.happened_at - happening.at), default=None)


def _is_near(entry: Activity, happening: Happening) -> bool:
    is_someones = bool(entry.person and happening.person)
    if happening.kind in VISITS:
        is_same_person = entry.person == happening.person or not is_someones
        return is_same_person and abs(entry.happened_at - happening.at) < VISIT
    if happening.remote_id is None and entry.remote_id is None and is_someones and entry.person != happening.person:
        return False
    return abs(entry.happened_at - happening.at) < (SAME_MINUTE if is_someones else NEARBY)


def _key(happening: Happening) -> str:
    """Return the key by which the database refuses a second entry of the same happening."""
    if happening.remote_id is not None:
        return f"{happening.kind}:{happening.remote_id}"
    if happening.kind == Kind.CREATED:
        return happening.kind
    person = blake2b(happening.person.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{happening.kind}:{happening.at:%Y%m%d%H%M%S%f}:{person}"
