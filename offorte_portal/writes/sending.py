"""Sends one claimed operation and records the result."""

import logging
from datetime import timedelta
from typing import Any

from django.db import OperationalError

from offorte_portal import ports
from offorte_portal.api.client import Created, Written
from offorte_portal.api.errors import (
    AuthenticationFailed,
    Hidden,
    NotConnected,
    NotFound,
    OfforteError,
    RateLimited,
    Rejected,
    Unavailable,
)
from offorte_portal.api.lists import read_id
from offorte_portal.writes import keeping
from offorte_portal.writes.claims import MOST_TRIES, REPEATABLE, Claim, ClaimLostError, State, pause_after
from offorte_portal.writes.conflicts import fetch, find_conflicts, find_new_status, is_conditional
from offorte_portal.writes.evidence import gather, needs_look
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.rights import refusal
from offorte_portal.writes.sealing import unseal
from offorte_portal.writes.sessions import Session
from offorte_portal.writes.targets import Verb, address_of, target_of

Json = dict[str, Any]

logger = logging.getLogger(__name__)

# Wait this long after the request before looking for a lost answer, so that Offorte has finished processing it.
SETTLE_PAUSE = timedelta(seconds=35)
LOCK_TRIES = 3


def send(session: Session, claim: Claim) -> OfforteError | None:
    """Send a claimed operation and record the result; return the error if it failed, None otherwise."""
    operation = claim.operation
    with claim.lease.kept():
        try:
            if reason := refusal(operation):
                claim.finish(State.CANCELLED, reason)
                return None
            if status := find_new_status(operation):
                reason = WriteReason.STATUS_CHANGED(status=status)
                claim.finish(State.SKIPPED, reason, conflicts={"status": status})
                return None
            held = fetch(session, operation) if is_conditional(operation) or needs_look(operation) else {}
            if conflicts := find_conflicts(operation, held):
                claim.finish(State.SKIPPED, WriteReason.CHANGED_MEANWHILE(), conflicts=conflicts)
                return None
            remember(claim, held)
            result = ask(session, claim)
        except ClaimLostError:
            logger.warning("Operation %s took too long to be sent and was left to another process", operation.pk)
            return None
        except OfforteError as error:
            give_up(claim, error)
            return error
        except OperationalError:
            if not claim.has_left:
                claim.release(WriteReason.BUSY())
            raise
        keep_done(claim, result)
        keeping.read_back(session, operation)
    return None


def remember(claim: Claim, held: Json) -> None:
    """Record the proposal's state before it is sent; `held` are its details as just fetched, empty if they were not."""
    operation = claim.operation
    if operation.verb != Verb.SEND:
        return
    mails = [read_id(mail) for mail in keeping.listed(held.get("emails"))]
    operation.known_ids = sorted({*operation.known_ids, *(remote_id for remote_id in mails if remote_id is not None)})
    operation.evidence = gather(operation, held)
    claim.lease.still_mine().update(known_ids=operation.known_ids, evidence=operation.evidence)


def ask(session: Session, claim: Claim) -> Created | Written:
    """Send the one request of the operation. Raises any OfforteError, and ClaimLostError before the request leaves."""
    operation = claim.operation
    target, at, draft = target_of(operation), address_of(operation), unseal(operation)
    with session.permit.leaving(claim.leave):
        match operation.verb:
            case Verb.CREATE:
                return target.create(session.client, at, draft)
            case Verb.CHANGE:
                return target.change(session.client, at, draft)
            case Verb.SEND if target.send is not None:
                return target.send(session.client, at, draft)
            case Verb.DELETE:
                return target.delete(session.client, at)
    raise ValueError(f"Offorte can't {operation.verb} {operation.target}.")


def keep_done(claim: Claim, result: Created | Written) -> None:
    """End an operation that Offorte carried out, and update the mirror."""
    operation = claim.operation
    if isinstance(result, Created):
        operation.remote_id = result.remote_id
    answer = keeping.told(result.answer)
    if operation.verb == Verb.CREATE and operation.remote_id is None:
        # An `answer` that is not None records that Offorte answered, so that this is never sent again.
        claim.finish(State.UNKNOWN, WriteReason.NO_ID(), answer=answer or {}, retry_at=ports.now())
        return
    for tries_left in reversed(range(LOCK_TRIES)):
        try:
            with keeping.record_news(operation):
                if claim.finish(State.DONE, remote_id=operation.remote_id, answer=answer, sealed=""):
                    if operation.undoes_id:
                        undone = Operation.objects.filter(pk=operation.undoes_id, state=State.DONE)
                        undone.update(state=State.UNDONE)
                    if reason := keeping.try_to_keep(operation, result.answer, result.requested_at):
                        Operation.objects.filter(pk=operation.pk).update(reason=reason)
            return
        except OperationalError:
            if not tries_left:
                raise


def give_up(claim: Claim, error: OfforteError) -> None:
    """Decide what an error means: the operation ended, is sent again later, or has an unknown outcome."""
    operation = claim.operation
    asked_at = error.requested_at or ports.now()
    match error:
        case Rejected():
            claim.finish(State.REJECTED, error.explanation, field_errors=error.field_errors)
        case NotFound() if operation.verb == Verb.DELETE:
            keep_done(claim, Written(None, asked_at))
        case NotFound():
            if claim.finish(State.FAILED, error.reason) and operation.verb != Verb.CREATE:
                keeping.keep_removed(operation, asked_at)
        case Hidden():
            if claim.finish(State.FAILED, error.reason) and operation.verb != Verb.CREATE:
                keeping.keep_hidden(operation, asked_at)
        case NotConnected() | AuthenticationFailed():
            claim.release(error.reason)
        case RateLimited():
            claim.release(WriteReason.OVER_BUDGET())
        # Certainly nothing was done. An error without `requested_at` comes from renewing the token.
        case Unavailable() if not claim.has_left or error.is_undone or error.requested_at is None:
            claim.release(error.reason, retry_at=ports.now() + pause_after(operation.attempts))
        case _:
            leave_unknown(claim, error)


def leave_unknown(claim: Claim, error: OfforteError) -> None:
    """Handle an operation that may have been done: repeat it if it is repeatable, otherwise mark it as unknown."""
    operation = claim.operation
    now = ports.now()
    if claim.has_left and operation.verb not in REPEATABLE:
        claim.finish(State.UNKNOWN, WriteReason.LOST(), retry_at=(operation.sent_at or now) + SETTLE_PAUSE)
    elif operation.attempts % MOST_TRIES == 0:
        claim.finish(State.FAILED, WriteReason.TOO_OFTEN())
    else:
        reason = WriteReason.MAY_BE_DONE() if claim.has_left else error.reason
        claim.release(reason, retry_at=now + pause_after(operation.attempts), is_tried=True)
