"""Who did what Offorte tells of: one rule for the timeline, the feed and notifications.

Every write of the portal goes out with the token of whoever connected the account, so Offorte's log names that Offorte
user, or nobody, and never the person who asked for it here. The change log knows that person, so the two are joined:

1. An operation on a proposal is read as its deeds: a draft that changes status and owner is two.
2. A deed may explain an entry if the prospect did not do it, its meaning fits and it is close in time. Offorte's dates
   have no seconds, and may be up to an hour late; its words may only say that something was changed.
3. Each deed explains one entry at most, and each entry has one deed at most: the best meaning first, then the nearest
   moment, then an entry that names nobody or the Offorte user of whoever connected the account. A colleague who does
   the same in Offorte in the same minute keeps theirs.
4. An operation that was not done explains nothing. One that is under way, or whose outcome is unknown, may explain what
   Offorte tells, but does not count as a deed of its own before it is done.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat, Trim

from offorte_portal.mirror.history import SENDINGS, Code
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser

Verb, State = Operation.Verb, Operation.State

# Clocks differ, and a date without seconds is up to a minute early.
EARLY = timedelta(minutes=2)
# How late Offorte may date or tell what a write did; and what it tells in words that fit many writes.
LATE = timedelta(minutes=70)
LATE_IF_VAGUE = timedelta(minutes=2)
NOT_DONE = (State.REJECTED, State.FAILED, State.SKIPPED, State.CANCELLED)
COLUMNS = (
    "pk", "verb", "draft", "before", "state", "requested_by_id", "requested_by_name", "job_id", "undoes_id",
    "sent_at", "finished_at", "remote_id",
)  # fmt: skip

_SETTLED = {"won": Code.WON, "lost": Code.LOST, "closed": Code.CLOSED}
_BY_VERB = {
    Verb.SEND: (Code.SENT, SENDINGS),
    Verb.CREATE: (Code.CREATED, frozenset({Code.CREATED})),
    Verb.DELETE: (Code.DELETED, frozenset({Code.DELETED})),
}
_OF_FIELD = {"account_user_id": Code.OWNER_CHANGED, "price_total": Code.PRICE_CHANGED}

# The log never calls these a mere change.
UNMISTAKABLE = frozenset({Code.CREATED, Code.DELETED, *SENDINGS})


@dataclass(frozen=True, slots=True)
class Deed:
    """What an operation does to its proposal, and for whom; `fits` are the meanings that the log may have for it."""

    operation_id: int
    code: Code
    fits: frozenset[Code]
    at: datetime
    person: str = ""
    person_id: int | None = None
    job_id: int | None = None
    # Whom Offorte probably names for it.
    connected_as: str = ""
    # The id of the new owner.
    value: Any = field(default=None, compare=False)
    is_done: bool = True
    is_undone: bool = False
    is_undo: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of Offorte's, as far as it matters here."""

    code: Code
    at: datetime | None
    person: str = ""
    is_client: bool = False


def find_operations(connection_id: int, remote_id: int) -> QuerySet[Operation]:
    """Return the operations on a proposal that Offorte may have carried out; read them along one index."""
    left = Operation.objects.filter(
        Q(sent_at__isnull=False) | Q(state__in=[State.DONE, State.UNDONE]),
        connection=connection_id,
        target="proposals",
        remote_id=remote_id,
    )
    links = OfforteUserLink.objects.filter(connection=connection_id, user=OuterRef("connection__connected_by"))
    users = AccountUser.objects.filter(connection=connection_id, remote_id__in=links.values("remote_id"))
    full = Trim(Concat("firstname", Value(" "), "lastname", output_field=TextField()))
    name = Subquery(users.values(full=full)[:1])
    return left.exclude(state__in=NOT_DONE).order_by("pk").only(*COLUMNS).annotate(connected_as=name)


def read_deeds(operations: Iterable[Operation]) -> list[Deed]:
    """Return the deeds of operations on one proposal, in the order in which they were asked for."""
    return [deed for operation in operations for deed in _deeds_of(operation)]


def _deeds_of(operation: Operation) -> list[Deed]:
    at = operation.sent_at or operation.finished_at
    if at is None or operation.state in NOT_DONE:
        return []
    return [
        Deed(
            operation.pk,
            code,
            fits,
            at,
            operation.requested_by_name,
            operation.requested_by_id,
            operation.job_id,
            getattr(operation, "connected_as", None) or "",
            value,
            is_done=operation.state in {State.DONE, State.UNDONE},
            is_undone=operation.state == State.UNDONE,
            is_undo=operation.undoes_id is not None,
        )
        for code, fits, value in _meanings(operation)
    ]


def _meanings(operation: Operation) -> list[tuple[Code, frozenset[Code], Any]]:
    """Return what the operation means in the words of the log: (meaning, meanings that fit, new value)."""
    if operation.verb != Verb.CHANGE:
        return [(*_BY_VERB[Verb(operation.verb)], None)]
    draft: Mapping[str, Any] = operation.draft
    if not draft:
        return []  # a change of what only the portal keeps
    found: list[tuple[Code, frozenset[Code], Any]] = []
    if isinstance(status := draft.get("status"), str):
        code, fits = _status_meaning(status, str(operation.before.get("status") or ""))
        found.append((code, fits, status))
    found += [(code, frozenset({code}), draft[name]) for name, code in _OF_FIELD.items() if name in draft]
    if not found or draft.keys() - _OF_FIELD.keys() - {"status"}:
        found.append((Code.MODIFIED, frozenset({Code.MODIFIED}), None))
    return found


def _status_meaning(status: str, before: str) -> tuple[Code, frozenset[Code]]:
    if status in _SETTLED:
        return _SETTLED[status], frozenset({_SETTLED[status]})
    fits = frozenset({Code.REOPENED, Code.OPENED, Code.BACK_IN_EDIT, *SENDINGS})
    if before in _SETTLED:
        return Code.REOPENED, fits
    return (Code.BACK_IN_EDIT if status == "edit" else Code.OPENED), fits


def explain(told: Sequence[Told], deeds: Collection[Deed]) -> dict[int, Deed]:
    """Return the deed behind each entry that has one, by the entry's position."""
    pairs = [
        (rank, position, number)
        for position, entry in enumerate(told)
        for number, deed in enumerate(deeds)
        if (rank := _rank(entry, deed)) is not None
    ]
    found: dict[int, Deed] = {}
    used: set[int] = set()
    listed = list(deeds)
    for _rank_of_pair, position, number in sorted(pairs):
        if position not in found and number not in used:
            found[position] = listed[number]
            used.add(number)
    return found


def _rank(entry: Told, deed: Deed) -> tuple[bool, timedelta, bool] | None:
    """Return how well the deed explains the entry, the lowest best; None if it can't."""
    is_vague = entry.code not in deed.fits
    if is_vague and (entry.code != Code.MODIFIED or deed.code in UNMISTAKABLE):
        return None
    latest = LATE_IF_VAGUE if is_vague else LATE
    if entry.is_client or entry.at is None or not -EARLY <= entry.at - deed.at <= latest:
        return None
    minute = deed.at.replace(second=0, microsecond=0)
    is_other = entry.person not in {"", deed.connected_as}
    return is_vague, abs(entry.at.replace(second=0, microsecond=0) - minute), is_other
