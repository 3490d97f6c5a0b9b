"""Finding out what became of an operation whose answer was lost: the portal looks, and if need be a person decides."""

import uuid
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from offorte_portal.api.errors import OfforteError
from offorte_portal.models import Operation
from offorte_portal.services.budget import Lane
from offorte_portal.services.writes import keeping
from offorte_portal.services.writes.asking import name_of
from offorte_portal.services.writes.candidates import Candidate, can_look, find_candidates
from offorte_portal.services.writes.claims import FIRST_PAUSE, LEASE, State, cancel_followers
from offorte_portal.services.writes.lines import Line, open_line
from offorte_portal.services.writes.queue import enqueue
from offorte_portal.services.writes.reasons import (
    CANT_LOOK,
    DONE_BY,
    NOT_DONE,
    NOT_DONE_BY,
    NOT_FOUND_YET,
    NOT_SENT,
    SEVERAL,
    UNLIKE,
    named,
)
from offorte_portal.services.writes.targets import Verb

# Absence counts only so long after the request: an Offorte that is slow may still be at it.
CERTAIN_AFTER = timedelta(minutes=2)
# How long the portal goes on looking for something that Offorte said it made, in looks of the longest pause.
LOOK_AGAIN = timedelta(minutes=15)


def settle(operation: Operation) -> Operation:
    """Look at Offorte for an operation in doubt, in the person's lane, and answer what was found out.

    Found: done. Certainly absent: a create waits to be sent again, a send has failed. Else it stays in doubt.
    """
    try:
        with open_line(operation.connection, Lane.PERSON) as line:
            settle_on(line, operation)
    except OfforteError as error:
        keep_in_doubt(in_doubt(operation), error.message, is_asked_later=True)
    operation.refresh_from_db()
    if operation.state != State.UNKNOWN:
        enqueue(operation.connection_id)
    return operation


def settle_on(line: Line, operation: Operation) -> OfforteError | None:
    """Settle over a line that is open; answer what kept it from looking."""
    lease = str(uuid.uuid4())
    now = timezone.now()
    free = in_doubt(operation).filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(lease=""))
    if not free.update(lease=lease, lease_until=now + LEASE):
        return None
    operation.refresh_from_db()
    mine = in_doubt(operation).filter(lease=lease)
    if not can_look(operation):
        keep_in_doubt(mine, CANT_LOOK)
        return None
    try:
        candidates = find_candidates(line, operation)
    except OfforteError as error:
        keep_in_doubt(mine, error.message, is_asked_later=error.can_retry)
        return error
    conclude(operation, mine, candidates)
    operation.refresh_from_db()
    if operation.state == State.DONE:
        keeping.read_back(line, operation)
    return None


def conclude(operation: Operation, mine: "QuerySet[Operation]", candidates: list[Candidate]) -> None:
    """End the doubt where what was found leaves none."""
    exact = [candidate for candidate in candidates if candidate.is_exact]
    was_answered = operation.answer is not None
    if operation.verb == Verb.SEND and exact:
        found(operation, mine, exact[0])
    elif len(exact) == 1 or (was_answered and len(candidates) == 1):
        found(operation, mine, (exact or candidates)[0])
    elif len(candidates) > 1:
        keep_in_doubt(mine, SEVERAL)
    elif candidates:
        keep_in_doubt(mine, UNLIKE)
    else:
        absent(operation, mine, was_answered=was_answered)


def found(operation: Operation, mine: "QuerySet[Operation]", candidate: Candidate) -> None:
    """It was done: keep it as if the answer had come."""
    operation.remote_id = operation.remote_id if operation.verb == Verb.SEND else candidate.remote_id
    requested_at = timezone.now()
    with transaction.atomic():
        ended = mine.update(
            state=State.DONE,
            reason="",
            remote_id=operation.remote_id,
            finished_at=requested_at,
            retry_at=None,
            lease="",
            lease_until=None,
        )
        if ended and operation.verb == Verb.CREATE:
            keeping.keep(operation, {**candidate.facts, "id": candidate.remote_id}, operation.sent_at or requested_at)


def absent(operation: Operation, mine: "QuerySet[Operation]", *, was_answered: bool) -> None:
    """It is not there: send a create again once that is certain, a send only if a person wants it."""
    now = timezone.now()
    sent_at = operation.sent_at or operation.created_at
    if was_answered:
        keep_in_doubt(mine, CANT_LOOK, is_asked_later=now < sent_at + LOOK_AGAIN)
    elif now < sent_at + CERTAIN_AFTER:
        mine.update(reason=NOT_FOUND_YET, retry_at=sent_at + CERTAIN_AFTER, lease="", lease_until=None)
    elif operation.verb == Verb.SEND:
        columns = {"state": State.FAILED, "reason": NOT_SENT, "finished_at": now, "sent_at": None}
        if mine.update(**columns, retry_at=None, lease="", lease_until=None):
            cancel_followers(operation.pk)
    else:
        mine.update(state=State.WAITING, reason=NOT_DONE, retry_at=None, sent_at=None, lease="", lease_until=None)


def keep_in_doubt(rows: "QuerySet[Operation]", reason: str, *, is_asked_later: bool = False) -> None:
    """Leave it in doubt, to be looked for later or for a person to decide."""
    retry_at = timezone.now() + timedelta(seconds=FIRST_PAUSE * 2) if is_asked_later else None
    rows.update(reason=reason, retry_at=retry_at, lease="", lease_until=None)


def look(operation: Operation) -> list[Candidate]:
    """What Offorte holds that might be it, for the person who decides. Raises any OfforteError."""
    if not can_look(operation):
        return []
    with open_line(operation.connection, Lane.PERSON) as line:
        return find_candidates(line, operation)


def decide(operation: Operation, *, remote_id: int | None, is_done: bool, by: User) -> bool:
    """Take a person's word for what became of an operation in doubt; False where it is in doubt no more.

    `remote_id` is what a create made, where the person knows it. What was not done may be retried.
    """
    name = name_of(by)
    columns = {"finished_at": timezone.now(), "retry_at": None, "lease": "", "lease_until": None}
    if not is_done:
        reason = named(NOT_DONE_BY, name)
        ended = in_doubt(operation).update(state=State.FAILED, reason=reason, sent_at=None, **columns)
        if ended:
            cancel_followers(operation.pk)
    else:
        kept = operation.remote_id if operation.verb == Verb.SEND else remote_id
        with transaction.atomic():
            reason = named(DONE_BY, name)
            ended = in_doubt(operation).update(state=State.DONE, reason=reason, remote_id=kept, **columns)
            if ended and operation.verb == Verb.CREATE:
                operation.remote_id = kept
                keeping.keep(operation, None, operation.sent_at or operation.created_at)
    operation.refresh_from_db()
    if ended:
        enqueue(operation.connection_id)
    return bool(ended)


def in_doubt(operation: Operation) -> "QuerySet[Operation]":
    """The operation as long as nobody knows what became of it."""
    return Operation.objects.filter(pk=operation.pk, state=State.UNKNOWN)
