"""Finds out what became of an operation whose answer was lost: by looking at Offorte or by asking a person."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal import ports
from offorte_portal.api.errors import OfforteError
from offorte_portal.connections.budget import Lane
from offorte_portal.runs import lease
from offorte_portal.text.reason import Reason
from offorte_portal.writes import keeping
from offorte_portal.writes.asking import name_of
from offorte_portal.writes.candidates import can_look, examine
from offorte_portal.writes.claims import FIRST_PAUSE, LEASE, State, cancel_followers
from offorte_portal.writes.evidence import is_by_oneself
from offorte_portal.writes.findings import Candidate, Findings, moment_of
from offorte_portal.writes.models import Operation
from offorte_portal.writes.queue import enqueue
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.sessions import Session, open_session
from offorte_portal.writes.targets import Verb

# Absence counts only this long after the request: a slow Offorte may still be processing it.
CERTAIN_AFTER = timedelta(minutes=2)
# How long the portal keeps looking for something that Offorte said it made, or after an answer that left too much out.
LOOK_AGAIN = timedelta(minutes=15)


def settle(operation: Operation) -> Operation:
    """Look at Offorte for an operation with an unknown outcome, in the person's lane; return the refreshed operation.

    Found: done. Certainly absent: a create waits to be sent again, a send has failed. Otherwise it stays unknown.
    """
    try:
        with open_session(operation.connection, Lane.PERSON) as session:
            settle_on(session, operation)
    except OfforteError as error:
        keep_unknown(unknown(operation), error.reason, is_asked_later=True)
    operation.refresh_from_db()
    if operation.state != State.UNKNOWN:
        enqueue(operation.connection_id)
    return operation


def settle_on(session: Session, operation: Operation) -> OfforteError | None:
    """Settle an operation over an open session; return the error that kept it from looking, None if there was none."""
    held = lease.acquire(unknown(operation), length=LEASE)
    if held is None:
        return None
    with held.kept():
        mine = held.still_mine()  # Finds the operation only as long as this process holds its lease.
        operation.refresh_from_db()
        if not can_look(operation):
            keep_unknown(mine, WriteReason.CANT_LOOK())
            return None
        try:
            findings = examine(session, operation)
        except OfforteError as error:
            keep_unknown(mine, error.reason, is_asked_later=error.can_retry)
            return error
        if findings.found:
            found(operation, mine, findings.found)
        elif not findings.reason:
            absent(operation, mine, findings)
        else:
            is_early = operation.verb == Verb.SEND and is_early_for(operation, findings)
            is_untold = not findings.is_told and ports.now() < moment_of(operation) + LOOK_AGAIN
            keep_unknown(mine, findings.reason, is_asked_later=is_early or is_untold)
        operation.refresh_from_db()
        if operation.state == State.DONE:
            keeping.read_back(session, operation)
    return None


def is_early_for(operation: Operation, findings: Findings) -> bool:
    """Return whether Offorte may still have been processing the request when it was looked at."""
    return findings.looked_at < moment_of(operation) + CERTAIN_AFTER


def found(operation: Operation, mine: "QuerySet[Operation]", candidate: Candidate) -> None:
    """End the operation as done, as if the answer had come."""
    operation.remote_id = operation.remote_id if operation.verb == Verb.SEND else candidate.remote_id
    requested_at = ports.now()
    with keeping.record_news(operation):
        is_mail = operation.verb == Verb.SEND and not is_by_oneself(operation)
        columns = {"evidence": operation.evidence | {"email": candidate.remote_id}} if is_mail else {}
        ended = mine.update(
            **columns,
            state=State.DONE,
            reason=None,
            sealed="",
            remote_id=operation.remote_id,
            finished_at=requested_at,
            retry_at=None,
            lease="",
            lease_until=None,
        )
        if ended and operation.verb == Verb.CREATE:
            facts = {**candidate.facts, "id": candidate.remote_id}
            if reason := keeping.try_to_keep(operation, facts, operation.sent_at or requested_at):
                Operation.objects.filter(pk=operation.pk).update(reason=reason)


def absent(operation: Operation, mine: "QuerySet[Operation]", findings: Findings) -> None:
    """Handle an operation that is absent: queue a create again once that is certain, and fail a send."""
    now, sent_at = ports.now(), moment_of(operation)
    if operation.answer is not None:
        keep_unknown(mine, WriteReason.CANT_LOOK(), is_asked_later=now < sent_at + LOOK_AGAIN)
    elif is_early_for(operation, findings):
        reason = WriteReason.MAIL_NOT_FOUND_YET() if operation.verb == Verb.SEND else WriteReason.NOT_FOUND_YET()
        mine.update(reason=reason, retry_at=sent_at + CERTAIN_AFTER, lease="", lease_until=None)
    elif operation.verb == Verb.SEND:
        columns = {"state": State.FAILED, "reason": WriteReason.NOT_SENT(), "finished_at": now, "sent_at": None}
        if mine.update(**columns, retry_at=None, lease="", lease_until=None):
            cancel_followers(operation.pk)
    else:
        mine.update(
            state=State.WAITING, reason=WriteReason.NOT_DONE(), retry_at=None, sent_at=None, lease="", lease_until=None
        )


def keep_unknown(rows: "QuerySet[Operation]", reason: Reason, *, is_asked_later: bool = False) -> None:
    """Leave the outcome unknown, to be looked for later or for a person to decide."""
    retry_at = ports.now() + timedelta(seconds=FIRST_PAUSE * 2) if is_asked_later else None
    rows.update(reason=reason, retry_at=retry_at, lease="", lease_until=None)


def look(operation: Operation) -> Findings:
    """Return what Offorte holds that may be the result, for the person who decides. Raises any OfforteError."""
    if not can_look(operation):
        return Findings(reason=WriteReason.CANT_LOOK())
    with open_session(operation.connection, Lane.PERSON) as session:
        return examine(session, operation)


def decide(operation: Operation, *, remote_id: int | None, is_done: bool, by: User) -> bool:
    """Apply a person's decision about an unknown outcome; return False if it is no longer unknown.

    `remote_id` is what a create made, if the person knows it. An operation that was not done may be retried.
    """
    name = name_of(by)
    columns = {"finished_at": ports.now(), "retry_at": None, "lease": "", "lease_until": None}
    if not is_done:
        reason = WriteReason.NOT_DONE_BY(name=name)
        ended = unknown(operation).update(state=State.FAILED, reason=reason, sent_at=None, **columns)
        if ended:
            cancel_followers(operation.pk)
    else:
        kept = operation.remote_id if operation.verb == Verb.SEND else remote_id
        with keeping.record_news(operation):
            reason = WriteReason.DONE_BY(name=name)
            ended = unknown(operation).update(state=State.DONE, reason=reason, remote_id=kept, sealed="", **columns)
            if ended and operation.verb == Verb.CREATE:
                operation.remote_id = kept
                keeping.try_to_keep(operation, None, operation.sent_at or operation.created_at)
    operation.refresh_from_db()
    if ended:
        enqueue(operation.connection_id)
    return bool(ended)


def unknown(operation: Operation) -> "QuerySet[Operation]":
    """Return the queryset of the operation as long as its outcome is unknown."""
    return Operation.objects.filter(pk=operation.pk, state=State.UNKNOWN)
