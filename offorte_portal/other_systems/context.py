"""The context that every stage of an import works with."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from offorte_portal import ports
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.opening import system_of
from offorte_portal.other_systems.systems.interface import Mapper, Reader, System
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease

LEASE = timedelta(minutes=5)
# Those up to `mapping` are gone through for each page of the list: its quotes are shown before the next page is read.
STAGES = ("list", "details", "records", "mapping", "absences", "matching")


@dataclass
class Context:
    """An import with its reader, its mapper and the lease by which this process holds it."""

    run: QuoteImport
    reader: Reader
    mapper: Mapper
    lease: Lease
    counted: int = field(default=0, init=False)
    # By kind, how many could not be read since the last that could.
    failed_in_a_row: Counter[str] = field(default_factory=Counter, init=False)
    # What has to be read next, as far as it was looked up (`failing.take_due`).
    queue: list[Any] = field(default_factory=list, init=False)
    has_failed: bool = field(default=False, init=False)
    # How many quotes were read one by one since the last were mapped, and when that was.
    unmapped: int = field(default=0, init=False)
    mapped_at: float = field(default_factory=ports.monotonic, init=False)

    @property
    def source(self) -> Source:
        """The connection that is imported from."""
        return self.run.source

    @property
    def system(self) -> System:
        return system_of(self.source)

    @property
    def stage(self) -> str:
        """The stage that the import is at; "done" after the last."""
        return str(self.run.checkpoint.get("stage", STAGES[0]))

    @property
    def cursor(self) -> str:
        """The position in the stage; "" at its beginning."""
        return str(self.run.checkpoint.get("cursor", ""))

    def count(self, **figures: int) -> None:
        """Add to the import's figures; the next `keep` saves them."""
        for name, number in figures.items():
            self.run.figures[name] = self.run.figures.get(name, 0) + number

    def move(self, *, cursor: str = "", stage: str = "", **others: str | int | bool) -> None:
        """Set the position to go on from; without `stage` in the current one.

        `others` are kept until they are set again: `next`, the cursor of the page of the list that comes next ("" after
        the last); `skipped`, how many pages before it could not be read; `is_partial`, whether any could not be.
        """
        self.run.checkpoint |= {"stage": stage or self.stage, "cursor": cursor, **others}

    def next_stage(self) -> None:
        """Go on with the next stage, after the mapping of a page with the next page; "done" after the last."""
        following = str(self.run.checkpoint.get("next", ""))
        if self.stage == "mapping" and following:
            self.move(stage="list", cursor=following)
            return
        place = STAGES.index(self.stage) + 1
        self.move(stage=STAGES[place] if place < len(STAGES) else "done")

    @contextmanager
    def keep(self) -> Iterator[None]:
        """Save what the block writes together with the import's progress, or nothing if the lease is lost.

        Raises LeaseLostError where the import was cancelled or taken over.
        """
        run = self.run
        with transaction.atomic():
            yield
            self.count(requests=self.reader.http.count - self.counted)
            self.lease.save(
                where=Q(is_cancel_requested=False),
                checkpoint=run.checkpoint,
                figures=run.figures,
                problems=run.problems,
                **tries.moved(),
            )
        self.counted = self.reader.http.count
        run.failures = tries.UNDER_WAY
