"""Deleting rows at Offorte, which can't be undone."""

from collections.abc import Iterator, Sequence
from typing import Any

from offorte_portal.jobs.action import Action, Choice, M, Skip, Step, Write
from offorte_portal.writes.models import Operation


class Delete(Action[M]):
    verb = Operation.Verb.DELETE
    is_undoable = False

    def plan(self, rows: Sequence[M], choice: Choice) -> Iterator[Step | Skip]:
        for row in rows:
            yield Step([deletion(self.target, row)])


def deletion(target: str, row: Any, *, after: Write | None = None) -> Write:
    return Write(
        connection_id=row.connection_id,
        target=target,
        remote_id=row.remote_id,
        parent_remote_id=row.company_remote_id if target == "people" else None,
        label=str(row),
        verb=Operation.Verb.DELETE,
        after=after,
    )
