"""Finding out what became of an operation whose answer was lost: the portal looks, and if need be a person decides."""

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

# Absence counts only so long after the request: an Offorte that is slow may still be at it.
CERTAIN_AFTER = timedelta(minutes=2)
# How long the portal goes on looking for something that Offorte said it made, in looks of the longest pause.
LOOK_AGAIN = timedelta(minutes=15)


def settle(operation: Operation) -> Operation:
    """Look at Offorte for an operation in doubt, in the person's lane, and answer what was found out.

    Found: done. Certainly absent: a create waits to be sent again, a send has failed. Else it stays in doubt.
    """
    try:
        with open_session(operation.connection, Lane.PERSON) as session:
            settle_on(session, operation)
    except OfforteError as error:
        keep_in_doubt(in_doubt(operation), error.reason, is_asked_later=True)
    operation.refresh_from_db()
    if operation.state != State.UNKNOWN:
        enqueue(operation.connection_id)
    return operation


def settle_on(session: Session, operation: Operation) -> OfforteError | None:
    """Settle over a session that is open; answer what kept it from looking."""
    held = lease.acquire(in_doubt(operation), length=LEASE)
    if held is None:
        return None
    with held.kept():
        return settle_held(session, operation, held.still_mine())


def settle_held(session: Session, operation: Operation, mine: "QuerySet[Operation]") -> OfforteError | None:
    """Settle what this process holds, which is `mine` as long as it does."""
    operation.refresh_from_db()
    if not can_look(operation):
        keep_in_doubt(mine, WriteReason.CANT_LOOK())
        return None
    try:
        findings = examine(session, operation)
    except OfforteError as error:
        keep_in_doubt(mine, error.reason, is_asked_later=error.can_retry)
        return error
    conclude(operation, mine, findings)
    operation.refresh_from_db()
    if operation.state == State.DONE:
        keeping.read_back(session, operation)
    return None


def conclude(operation: Operation, mine: "QuerySet[Operation]", findings: Findings) -> None:
    """End the doubt where what was found leaves none."""
    if findings.found:
        found(operation, mine, findings.found)
    elif not findings.reason:
        absent(operation, mine, findings)
    else:
        is_early = operation.verb == Verb.SEND and is_early_for(operation, findings)
        is_untold = not findings.is_told and ports.now() < moment_of(operation) + LOOK_AGAIN
        keep_in_doubt(mine, findings.reason, is_asked_later=is_early or is_untold)


def is_early_for(operation: Operation, findings: Findings) -> bool:
    """Whether Offorte may still have been at it when it was looked at."""
    return findings.looked_at < moment_of(operation) + CERTAIN_AFTER


def found(operation: Operation, mine: "QuerySet[Operation]", candidate: Candidate) -> None:
    """It was done: keep it as if the answer had come."""
    operation.remote_id = operation.remote_id if operation.verb == Verb.SEND else candidate.remote_id
    requested_at = ports.now()
    with keeping.record_news(operation):
        columns = {"evidence": operation.evidence | {"email": candidate.remote_id}} if is_mail(operation) else {}
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
            reason = keeping.try_to_keep(operation, facts, operation.sent_at or requested_at)
            if reason:
                Operation.objects.filter(pk=operation.pk).update(reason=reason)


def is_mail(operation: Operation) -> bool:
    """Whether what is looked for is a mail."""
    return operation.verb == Verb.SEND and not is_by_oneself(operation)


def absent(operation: Operation, mine: "QuerySet[Operation]", findings: Findings) -> None:
    """It is not there: send a create again once that is certain, a send only if a person wants it."""
    now, sent_at = ports.now(), moment_of(operation)
    if operation.answer is not None:
        keep_in_doubt(mine, WriteReason.CANT_LOOK(), is_asked_later=now < sent_at + LOOK_AGAIN)
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


def keep_in_doubt(rows: "QuerySet[Operation]", reason: Reason, *, is_asked_later: bool = False) -> None:
    """Leave it in doubt, to be looked for later or for a person to decide."""
    retry_at = ports.now() + timedelta(seconds=FIRST_PAUSE * 2) if is_asked_later else None
    rows.update(reason=reason, retry_at=retry_at, lease="", lease_until=None)


def look(operation: Operation) -> Findings:
    """What Offorte holds that might be it, for the person who decides. Raises any OfforteError."""
    if not can_look(operation):
        return Findings(reason=WriteReason.CANT_LOOK())
    with open_session(operation.connection, Lane.PERSON) as session:
        return examine(session, operation)


def decide(operation: Operation, *, remote_id: int | None, is_done: bool, by: User) -> bool:
    """Take a person's word for what became of an operation in doubt; False where it is in doubt no more.

    `remote_id` is what a create made, where the person knows it. What was not done may be retried.
    """
    name = name_of(by)
    columns = {"finished_at": ports.now(), "retry_at": None, "lease": "", "lease_until": None}
    if not is_done:
        reason = WriteReason.NOT_DONE_BY(name=name)
        ended = in_doubt(operation).update(state=State.FAILED, reason=reason, sent_at=None, **columns)
        if ended:
            cancel_followers(operation.pk)
    else:
        kept = operation.remote_id if operation.verb == Verb.SEND else remote_id
        with keeping.record_news(operation):
            reason = WriteReason.DONE_BY(name=name)
            ended = in_doubt(operation).update(state=State.DONE, reason=reason, remote_id=kept, sealed="", **columns)
            if ended and operation.verb == Verb.CREATE:
                operation.remote_id = kept
                keeping.try_to_keep(operation, None, operation.sent_at or operation.created_at)
    operation.refresh_from_db()
    if ended:
        enqueue(operation.connection_id)
    return bool(ended)


def in_doubt(operation: Operation) -> "QuerySet[Operation]":
    """The operation as long as nobody knows what became of it."""
    return Operation.objects.filter(pk=operation.pk, state=State.UNKNOWN)
