"""Recording changes: the one way to apply to the mirror what Offorte tells."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from offorte_portal import ports
from offorte_portal.changes import following
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import READ_AGAIN

Source = Change.Source
What = Change.What
Values = dict[str, Any]

# If a transaction changes more objects than this, a line that says to read again replaces them.
MOST_OBJECTS = 10_000


@dataclass
class Recording:
    """The changes of one transaction, by kind."""

    connection_id: int | None
    source: Source
    operation_id: int | None = None
    person_id: int | None = None
    is_quiet: bool = False
    objects: dict[str, dict[int, tuple[What, Values, Values]]] = field(default_factory=lambda: defaultdict(dict))
    facts: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, remote_id: int, what: What, was: Values | None = None, now: Values | None = None) -> None:
        """Note that an object is new, changed or removed. `was` and `now` hold its watched columns that differ.

        If it is noted twice, the first `was` and the last `now` count.
        """
        if self.is_quiet:
            return
        noted = self.objects[kind].get(remote_id)
        if noted:
            first, before, after = noted
            was, now = {**(was or {}), **before}, {**after, **(now or {})}
            what = What.NEW if first == What.NEW and what == What.CHANGED else what
        self.objects[kind][remote_id] = (what, was or {}, now or {})

    def add_fact(self, kind: str, **fact: Any) -> None:
        """Note a fact that no row holds; a quiet transaction records it, too."""
        self.facts[kind].append(fact)

    def take(self, inner: "Recording") -> None:
        """Add what a nested transaction has noted."""
        for kind, objects in inner.objects.items():
            for remote_id, (what, was, now) in objects.items():
                self.note(kind, remote_id, what, was, now)
        for kind, facts in inner.facts.items():
            self.facts[kind] += facts

    def write(self) -> set[str]:
        """Append a line for each kind, or one to read again if there are too many objects; return the kinds."""
        if sum(map(len, self.objects.values())) > MOST_OBJECTS:
            self.objects.clear()
            self.add_fact(READ_AGAIN)
        kinds = {kind for kind, objects in self.objects.items() if objects} | self.facts.keys()
        Change.objects.bulk_create(
            Change(
                connection_id=self.connection_id,
                kind=kind,
                source=self.source,
                operation_id=self.operation_id,
                person_id=self.person_id,
                objects_changed=[[remote_id, *noted] for remote_id, noted in self.objects.get(kind, {}).items()],
                facts=self.facts.get(kind, []),
                recorded_at=ports.now(),
            )
            for kind in sorted(kinds)
        )
        return kinds


_current: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording(
    connection_id: int | None,
    source: Source = Source.PORTAL,
    *,
    operation_id: int | None = None,
    person_id: int | None = None,
    is_quiet: bool = False,
) -> Iterator[Recording]:
    """Open a transaction that records its changes, and run their followers as soon as it has committed.

    1. Its first statement takes the account's lock, before any lock on a row, so that lines get their ids in the order
       in which their transactions commit. On SQLite, transactions are immediate, which has the same effect.
    2. Nested ones join it: they are savepoints, whose changes are dropped with them if they fail.
    3. Its last statement appends the lines.
    4. Then the followers of these kinds run. Their exceptions are logged, and do not make this fail.

    `is_quiet` records no objects, for a run that records `READ_AGAIN`.
    """
    outer = _current.get()
    if outer is not None and outer.connection_id == connection_id:
        mine = Recording(connection_id, outer.source, is_quiet=outer.is_quiet)
        with joined(mine), transaction.atomic():
            yield mine
        outer.take(mine)
        return
    mine = Recording(connection_id, source, operation_id, person_id, is_quiet)
    with joined(mine), transaction.atomic():
        following.lock(connection_id)
        yield mine
        kinds = mine.write()
    if kinds:
        following.catch_up(connection_id, kinds)


@contextmanager
def joined(mine: Recording) -> Iterator[None]:
    """Make nested recordings join this one until the block ends."""
    token = _current.set(mine)
    try:
        yield
    finally:
        _current.reset(token)


def read_again(connection_id: int) -> None:
    """Make the followers rebuild everything of the account from the mirror."""
    with recording(connection_id) as record:
        record.add_fact(READ_AGAIN)
