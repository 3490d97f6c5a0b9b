"""What people do with existing operations: cancel, retry, and see what is pending on a row."""

from collections import defaultdict
from collections.abc import Collection
from operator import attrgetter

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.writes.asking import name_of
from offorte_portal.writes.claims import State, end_waiting
from offorte_portal.writes.models import Operation
from offorte_portal.writes.queue import enqueue
from offorte_portal.writes.reasons import WriteReason

ENDED = [state for state in State if state not in Operation.PENDING]
RETRIABLE = (State.FAILED, State.REJECTED, State.CANCELLED)


def cancel(operation: Operation, by: User) -> bool:
    """Cancel a waiting operation and those that follow it; return False if it no longer waits."""
    operation.refresh_from_db()
    # Only a waiting change or deletion may have been sent before: others are not done for certain, or unknown.
    reason = (WriteReason.CANCELLED_BY if operation.sent_at is None else WriteReason.CANCELLED_LATE_BY)(
        name=name_of(by)
    )
    is_cancelled = bool(end_waiting(Operation.objects.filter(pk=operation.pk), State.CANCELLED, reason))
    operation.refresh_from_db()
    return is_cancelled


def retry(operation: Operation, by: User) -> bool:
    """Let an operation that was not done, and the steps after it, wait again for this person; False if it can't."""
    is_waiting = restart(Operation.objects.filter(pk=operation.pk), by)
    operation.refresh_from_db()
    if is_waiting:
        enqueue(operation.connection_id)
    return is_waiting


def restart(operations: "QuerySet[Operation]", by: User) -> bool:
    """Let operations that were not done wait again, with the steps cancelled because of them; return whether any do."""
    ids = list(operations.filter(state__in=RETRIABLE).values_list("pk", flat=True))
    for pk in ids:
        await_again(Operation.objects.filter(pk=pk, state__in=RETRIABLE), by)
        restart(Operation.objects.filter(after_id=pk, state=State.CANCELLED, reason__code=WriteReason.STEP_FAILED), by)
    return bool(ids)


def await_again(operations: "QuerySet[Operation]", by: User) -> int:
    """Put operations that have ended back to waiting, as asked for by this person; return how many."""
    return operations.update(
        state=State.WAITING,
        reason=None,
        field_errors={},
        conflicts={},
        answer=None,
        requested_by=by,
        requested_by_name=name_of(by),
        retry_at=None,
        sent_at=None,
        finished_at=None,
        lease="",
        lease_until=None,
    )


def pending_for(target: str, connection_id: int, remote_ids: Collection[int]) -> dict[int, list[Operation]]:
    """Return the pending operations of each object by its id, oldest first; objects without any are left out."""
    marks: dict[int, list[Operation]] = defaultdict(list)
    of_rows = Operation.objects.filter(connection_id=connection_id, target=target, remote_id__in=remote_ids)
    # Written with `exclude`, so that SQLite looks the rows up by object and does not scan all pending ones.
    pending = of_rows.exclude(state__in=ENDED)
    for operation in sorted(pending.order_by(), key=attrgetter("pk")):
        marks[operation.remote_id or 0].append(operation)
    return dict(marks)
