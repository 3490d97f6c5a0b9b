"""Sends an operation for a person who waits for it."""

import logging

from django.db import OperationalError

from offorte_portal import ports
from offorte_portal.api.errors import OfforteError
from offorte_portal.connections import patience
from offorte_portal.connections.budget import Lane
from offorte_portal.text.reason import Reason
from offorte_portal.writes.claims import State, cancel_orphans, claim, claimable
from offorte_portal.writes.models import Batch, Operation
from offorte_portal.writes.queue import enqueue, resume_at_once
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.sending import send
from offorte_portal.writes.sessions import open_session
from offorte_portal.writes.settling import settle_on

logger = logging.getLogger(__name__)


def perform(operation: Operation) -> Operation:
    """Send an operation now, in the person's lane, and return it refreshed. Never raises an OfforteError.

    An operation that is not waiting (any more) is left as it is. One that can't be sent now keeps waiting for the
    worker, as all of them do if this process may not wait (`patience`).
    """
    cancel_orphans(operation.connection_id)
    operation.refresh_from_db()
    if not patience.may_wait():
        say_why(operation, WriteReason.QUEUED())
        enqueue(operation.connection_id)
        return operation
    try:
        with open_session(operation.connection, Lane.PERSON) as session:
            if taken := claim(operation):
                failure = send(session, taken)
                operation.refresh_from_db()
                if operation.state == State.UNKNOWN and operation.answer is not None:
                    settle_on(session, operation)
                if failure is None:
                    resume_at_once(operation.connection_id)
    except OfforteError as error:
        say_why(operation, error.reason)
    except OperationalError:
        # The operation is stored, and the sweep finds out what became of it.
        logger.exception("Operation %s met a database that is locked", operation.pk)
    operation.refresh_from_db()
    if operation.state == State.WAITING and not operation.reason:
        say_why(operation, obstacle(operation))
    if operation.is_pending or operation.followers.filter(state=State.WAITING).exists():
        enqueue(operation.connection_id)
    return operation


def say_why(operation: Operation, reason: Reason) -> None:
    """Set the reason on an operation that still waits."""
    Operation.objects.filter(pk=operation.pk, state=State.WAITING).update(reason=reason)
    operation.refresh_from_db()


def obstacle(operation: Operation) -> Reason:
    """Return the reason why a waiting operation can't be sent at once."""
    if operation.after and operation.after.state != State.DONE:
        return WriteReason.STEP_PENDING()
    if operation.job and operation.job.state == Batch.State.PAUSED:
        return WriteReason.JOB_HALTED()
    is_due = operation.retry_at is None or operation.retry_at <= ports.now()
    if is_due and not claimable(operation.connection_id).filter(pk=operation.pk).exists():
        return WriteReason.EARLIER_PENDING()
    return WriteReason.QUEUED()
