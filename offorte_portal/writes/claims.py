"""Claims an operation by conditional UPDATE, so that only one process sends it, and ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from offorte_portal import ports
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease
from offorte_portal.text.keys import sort_key
from offorte_portal.text.reason import Reason
from offorte_portal.writes.asking import dedup_key_of
from offorte_portal.writes.models import Batch, Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.references import UnresolvableError, resolve
from offorte_portal.writes.targets import TARGETS, Verb
from proposals.models import SentEmail

State = Operation.State

# Renewed while an operation is sent, however long that takes: it expires only if the process died or was stopped.
LEASE = lease.LENGTH
# Seconds before an operation is tried again, doubled with each try.
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 900.0
# After so many failed tries a person has to look.
MOST_TRIES = 12
# May be sent twice: the second request finds what the first one did, and changes nothing.
REPEATABLE = (Verb.CHANGE, Verb.DELETE)
# States that follow from an answer of Offorte.
ANSWERED = (State.DONE, State.REJECTED, State.FAILED)
# Operations that follow one in these states are not sent either.
ENDED_OTHERWISE = (State.REJECTED, State.FAILED, State.SKIPPED, State.CANCELLED, State.UNDONE)
# At most this many ids are remembered of the present objects of one name, and as many of the removed ones.
MOST_KNOWN = 500


class ClaimLostError(Exception):
    """The lease expired and another process may have claimed the operation: it must not be sent from here."""


@dataclass
class Claim:
    """An operation that only this process may send now; `has_left` once its request may have reached Offorte."""

    operation: Operation
    lease: Lease
    has_left: bool = False

    def leave(self) -> None:
        """Record that the request leaves now. Raises ClaimLostError, and then it must not be sent."""
        now = ports.now()
        if not self.lease.renew(sent_at=now):
            raise ClaimLostError
        self.operation.sent_at = now
        self.has_left = True

    def finish(self, state: State, reason: Reason | None = None, **columns: Any) -> bool:
        """End the operation, or give it back to wait; return False if nothing was written.

        An answer of Offorte counts even if the lease was lost and the operation was marked as unknown: it is more
        certain than what can be found by looking, and nothing was sent again as long as nobody claimed the operation
        since. A result that is no answer (it waits again, or no answer came) is not written then: the outcome is found
        by looking.
        """
        is_answer = state in ANSWERED or "answer" in columns
        columns |= {"finished_at": ports.now()} if state not in Operation.PENDING else {}
        columns |= {"state": state, "reason": reason, "lease": "", "lease_until": None}
        ended = bool(self.lease.still_mine().update(**columns))
        if not ended and is_answer and self.has_left:
            given_up = Operation.objects.filter(pk=self.operation.pk, state=State.UNKNOWN)
            ended = bool(given_up.filter(attempts=self.operation.attempts).update(**columns))
        if ended and state in ENDED_OTHERWISE:
            cancel_followers(self.operation.pk)
        return ended

    def release(self, reason: Reason, *, retry_at: datetime | None = None, is_tried: bool = False) -> bool:
        """Give it back to be sent later; it was not done, or may be repeated. It counts as a try if `is_tried`."""
        columns: dict[str, Any] = {} if is_tried else {"attempts": F("attempts") - 1}
        if self.operation.verb not in REPEATABLE:
            columns["sent_at"] = None
        return self.finish(State.WAITING, reason, retry_at=retry_at, **columns)


def claimable(connection_id: int) -> "QuerySet[Operation]":
    """Return the account's operations that may be sent now, without joins, so that one UPDATE checks and claims."""
    now = ports.now()
    earlier = Operation.objects.filter(pk__lt=OuterRef("pk"), state__in=Operation.PENDING, connection_id=connection_id)
    of_object = earlier.filter(target=OuterRef("target"), remote_id=OuterRef("remote_id"))
    alike = earlier.filter(dedup_key=OuterRef("dedup_key"))
    step = Operation.objects.filter(pk=OuterRef("after_id"), state=State.DONE)
    halted = Batch.objects.filter(pk=OuterRef("job_id"), state__in=[Batch.State.PAUSED, Batch.State.CANCELLED])
    return Operation.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=now),
        Q(after_id__isnull=True) | Exists(step),
        ~Exists(of_object),
        Q(dedup_key="") | ~Exists(alike),
        ~Exists(halted),
        connection_id=connection_id,
        state=State.WAITING,
    )


def claim(operation: Operation) -> Claim | None:
    """Claim an operation and reload it; return None if it may not be sent now or is not waiting (any more)."""
    if not make_ready(operation):
        return None
    taken = lease.acquire(
        Operation.objects.filter(pk=operation.pk, state=State.SENDING),
        among=claimable(operation.connection_id).filter(pk=operation.pk),
        length=LEASE,
        state=State.SENDING,
        attempts=F("attempts") + 1,
        retry_at=None,
        reason=None,
        known_ids=known_ids(operation),
        answer=None,
    )
    operation.refresh_from_db()
    return Claim(operation, taken) if taken else None


def make_ready(operation: Operation) -> bool:
    """Fill in the ids that earlier steps created; return False if they are not there yet, or never will be."""
    waiting = Operation.objects.filter(pk=operation.pk, state=State.WAITING)
    try:
        if not resolve(operation):
            # Its `after` does not hold it back, so without a pause it would be claimed again and again.
            due = claimable(operation.connection_id).filter(pk=operation.pk)
            due.update(reason=WriteReason.STEP_PENDING(), retry_at=ports.now() + pause_after(1))
            return False
    except UnresolvableError:
        end_waiting(waiting, State.FAILED, WriteReason.NO_STEP_ID())
        return False
    operation.refresh_from_db()
    dedup_key = dedup_key_of(operation)
    if dedup_key != operation.dedup_key:
        waiting.update(dedup_key=dedup_key)
    return True


def known_ids(operation: Operation) -> list[int]:
    """Return the Offorte ids that the mirror holds already, which can't be the result of this operation."""
    if operation.verb in REPEATABLE:
        return []
    if operation.verb == Verb.SEND:
        mails = SentEmail.objects.filter(
            proposal__connection_id=operation.connection_id, proposal__remote_id=operation.remote_id or 0
        )
        return list(mails.values_list("remote_id", flat=True)[:MOST_KNOWN])
    target = TARGETS[operation.target]
    name = operation.draft.get(target.name, "")
    model = target.resource.model
    rows = model._default_manager.filter(connection_id=operation.connection_id, **{target.name: name})
    present, removed = rows.filter(removed_at__isnull=True), rows.filter(removed_at__isnull=False)
    if hasattr(model, "name_key"):
        # Large tables have an index for this, and one for the few rows that are removed.
        present = present.filter(Q(name_key=sort_key(name)))
    return [
        remote_id
        for found in (present, removed)
        for remote_id in found.values_list("remote_id", flat=True)[:MOST_KNOWN]
    ]


def end_waiting(operations: "QuerySet[Operation]", state: State, reason: Reason) -> int:
    """End the operations that still wait, and cancel those that follow them; return how many were ended."""
    ids = list(operations.filter(state=State.WAITING).values_list("pk", flat=True))
    ended = 0
    for pk in ids:
        rows = Operation.objects.filter(pk=pk, state=State.WAITING)
        if rows.update(state=state, reason=reason, finished_at=ports.now()):
            ended += 1
            cancel_followers(pk)
    return ended


def cancel_followers(operation_id: int) -> None:
    """Cancel the waiting operations that follow one that was not done."""
    end_waiting(Operation.objects.filter(after_id=operation_id), State.CANCELLED, WriteReason.STEP_FAILED())


def cancel_orphans(connection_id: int) -> None:
    """Cancel the followers of failed steps that a process died before it could cancel."""
    steps = Operation.objects.filter(pk=OuterRef("after_id"), state__in=ENDED_OTHERWISE)
    waiting = Operation.objects.filter(connection_id=connection_id, state=State.WAITING, after_id__isnull=False)
    orphans = waiting.filter(Exists(steps))
    end_waiting(orphans, State.CANCELLED, WriteReason.STEP_FAILED())


def cancel_strays(connection_id: int) -> None:
    """Cancel operations that came back to wait after their job was cancelled."""
    cancelled = Batch.objects.filter(pk=OuterRef("job_id"), state=Batch.State.CANCELLED)
    waiting = Operation.objects.filter(connection_id=connection_id, state=State.WAITING, job_id__isnull=False)
    strays = waiting.filter(Exists(cancelled))
    strays.update(state=State.CANCELLED, reason=WriteReason.JOB_CANCELLED(), finished_at=ports.now())


def pause_after(tries: int) -> timedelta:
    """Return the pause after this many failed tries."""
    return timedelta(seconds=min(FIRST_PAUSE * 2 ** max(0, tries - 1), LONGEST_PAUSE))
