"""Decisions about rows as operations in the database, stored in bulk."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offorte_portal import ports
from offorte_portal.api.errors import Rejected
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.action import Action, NewId, Own, Skip, Write
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.selection import Decision
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason
from offorte_portal.writes.asking import compose
from offorte_portal.writes.models import Operation

# A placeholder for an operation that has no key yet.
UNSAVED = {"operation": 0}


class Chunk:
    """The operations of some rows of a job. `add` and `write` compose them; `save` stores them, in a transaction."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.operations: list[Operation] = []
        self._of: dict[Write, Operation] = {}
        self._made: list[tuple[Mirrored, Operation]] = []
        self._restored: list[Operation] = []
        self._action: Action[Any] | None = None
        self._connections: Mapping[int, Connection] = Connection.objects.in_bulk()
        self.is_missing_any = False

    @property
    def connection_ids(self) -> set[int]:
        """The accounts with operations to send now."""
        waiting = (operation for operation in self.operations if operation.state == Operation.State.WAITING)
        return {operation.connection_id for operation in waiting}

    def add(self, action: Action[Any], decisions: Iterable[Decision]) -> None:
        """Compose the operations of decisions about rows."""
        self._action = action
        for decision in decisions:
            if decision.row is None:
                self.is_missing_any = True
            elif isinstance(decision.outcome, Skip):
                self.skip(action, decision.row, decision.outcome.reason)
            elif decision.outcome.own is not None:
                self.keep_here(action, decision.row, decision.outcome.own)
            else:
                try:
                    self.write(decision.outcome.writes)
                except Rejected:
                    self.skip(action, decision.row, JobReason.REFUSED())
            if decision.row is not None:
                self._made.append((decision.row, self.operations[-1]))

    def skip(self, action: Action[Any], row: Mirrored, reason: Reason) -> None:
        """Record that nothing is written for a row, and why."""
        self.operations.append(
            self._ended(
                connection=self._connections[row.connection_id],
                verb=action.verb,
                target=action.creates or action.target,
                remote_id=None if action.creates else row.remote_id,
                label=str(row),
                reason=reason,
            )
        )

    def keep_here(self, action: Action[Any], row: Mirrored, own: Own) -> None:
        """Record a change that `keep` makes in the portal, and that is not sent."""
        self.operations.append(
            self._ended(
                state=Operation.State.DONE,
                connection=self._connections[row.connection_id],
                verb=Operation.Verb.CHANGE,
                target=action.target,
                remote_id=row.remote_id,
                label=own.label,
                reason=JobReason.KEPT_HERE(),
                evidence={"before": own.before, "after": own.after},
            )
        )

    def restore(self, action: Action[Any], undone: Operation) -> None:
        """Record that a change which was not sent is undone, in the portal again."""
        self._action = action
        self._restored.append(undone)
        evidence = {"before": undone.evidence["after"], "after": undone.evidence["before"]}
        self.operations.append(
            self._ended(
                state=Operation.State.DONE,
                connection=self._connections[undone.connection_id],
                verb=undone.verb,
                target=undone.target,
                remote_id=undone.remote_id,
                label=undone.label,
                reason=JobReason.KEPT_HERE(),
                evidence=evidence,
                undoes=undone,
            )
        )

    def skip_undoing(self, undone: Operation, reason: Reason) -> None:
        """Record that an operation is not undone, and why."""
        self.operations.append(
            self._ended(
                connection=self._connections[undone.connection_id],
                verb=undone.verb,
                target=undone.target,
                remote_id=undone.remote_id,
                label=undone.label,
                reason=reason,
                undoes=undone,
            )
        )

    def write(self, writes: list[Write]) -> None:
        """Compose the operations of one step. Raises Rejected, and adds none, if the reference doesn't allow one."""
        composed = {write: self._composed(write) for write in writes}
        self._of |= composed
        self.operations += composed.values()

    def save(self) -> None:
        """Store the operations, then the references between them, which need their keys."""
        Operation.objects.bulk_create(self.operations)
        linked = []
        for write, operation in self._of.items():
            if write.after is not None:
                operation.after = self._of[write.after]
            if write.after is not None or any(new_ids(write.draft)):
                operation.draft = replaced(write.draft, lambda new: {"operation": self._of[new.write].pk})
                linked.append(operation)
        Operation.objects.bulk_update(linked, ["after", "draft"], batch_size=200)
        if self._action is not None and self._made:
            self._action.keep(self._made)
        if self._action is not None and self._restored:
            restored = Operation.objects.filter(pk__in=[one.pk for one in self._restored], state=Operation.State.DONE)
            restored.update(state=Operation.State.UNDONE)
            self._action.restore(self._restored, self.job.requested_by)

    def _composed(self, write: Write) -> Operation:
        operation = compose(
            connection=self._connections[write.connection_id],
            verb=write.verb,
            target=write.target,
            draft=replaced(write.draft, lambda _: UNSAVED),
            by=self.job.requested_by,
            remote_id=write.remote_id,
            parent_remote_id=write.parent_remote_id,
            label=write.label,
            before=write.before,
            expected=write.expected,
            job=self.job,
        )
        operation.undoes_id = write.undoes_id
        operation.requested_by_name = self.job.requested_by_name
        return operation

    def _ended(self, **fields: Any) -> Operation:
        shared = {
            "job": self.job,
            "state": Operation.State.SKIPPED,
            "requested_by_id": self.job.requested_by_id,
            "requested_by_name": self.job.requested_by_name,
            "finished_at": ports.now(),
        }
        return Operation(**(shared | fields))


def new_ids(value: Any) -> Iterator[NewId]:
    """Yield the ids in a draft that don't exist yet."""
    if isinstance(value, NewId):
        yield value
    elif isinstance(value, dict | list):
        for element in value.values() if isinstance(value, dict) else value:
            yield from new_ids(element)


def replaced(value: Any, stand_in: Any) -> Any:
    """Return a draft with the ids that don't exist yet replaced by what `stand_in` returns for them."""
    if isinstance(value, NewId):
        return stand_in(value)
    if isinstance(value, dict):
        return {key: replaced(element, stand_in) for key, element in value.items()}
    if isinstance(value, list):
        return [replaced(element, stand_in) for element in value]
    return value
