"""Sending an operation for a person who waits for it."""

import logging

from django.db import OperationalError
from django.utils import timezone

from offorte_portal.api.errors import OfforteError
from offorte_portal.connections import patience
from offorte_portal.connections.budget import Lane
from offorte_portal.models import Job, Operation
from offorte_portal.writes.claims import State, cancel_orphans, claim, claimable
from offorte_portal.writes.lines import open_line
from offorte_portal.writes.queue import enqueue, resume_at_once
from offorte_portal.writes.reasons import EARLIER_PENDING, JOB_HALTED, QUEUED, STEP_PENDING
from offorte_portal.writes.sending import send
from offorte_portal.writes.settling import settle_on

logger = logging.getLogger(__name__)


def perform(operation: Operation) -> Operation:
    """Send an operation now, in the person's lane, and answer what became of it. Never raises an OfforteError.

    One that is not waiting (any more) is left as it is; one that can't go out now waits, and the worker sends it, as it
    does all of them where this process may not wait (`patience`).
    """
    cancel_orphans(operation.connection_id)
    operation.refresh_from_db()
    if not patience.may_wait():
        say_why(operation, QUEUED)
        enqueue(operation.connection_id)
        return operation
    try:
        with open_line(operation.connection, Lane.PERSON) as line:
            if taken := claim(operation):
                failure = send(line, taken)
                operation.refresh_from_db()
                if operation.state == State.UNKNOWN and operation.answer is not None:
                    settle_on(line, operation)
                if failure is None:
                    resume_at_once(operation.connection_id)
    except OfforteError as error:
        say_why(operation, error.message)
    except OperationalError:
        # It is kept, and the sweep finds out what became of it.
        logger.exception("Operation %s met a database that is locked", operation.pk)
    operation.refresh_from_db()
    if operation.state == State.WAITING and not operation.reason:
        say_why(operation, obstacle(operation))
    if operation.is_pending or operation.followers.filter(state=State.WAITING).exists():
        enqueue(operation.connection_id)
    return operation


def say_why(operation: Operation, reason: str) -> None:
    """Say on an operation that waits why it does."""
    Operation.objects.filter(pk=operation.pk, state=State.WAITING).update(reason=reason)
    operation.refresh_from_db()


def obstacle(operation: Operation) -> str:
    """Why an operation that waits can't be sent at once."""
    if operation.after and operation.after.state != State.DONE:
        return STEP_PENDING
    if operation.job and operation.job.state == Job.State.PAUSED:
        return JOB_HALTED
    is_due = operation.retry_at is None or operation.retry_at <= timezone.now()
    if is_due and not claimable(operation.connection_id).filter(pk=operation.pk).exists():
        return EARLIER_PENDING
    return QUEUED
