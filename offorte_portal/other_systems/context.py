"""The context that every stage of an import works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.systems.interface import Mapper, Reader
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease
from offorte_portal.text.reason import Reason

LEASE = timedelta(minutes=5)
STAGES = ("list", "details", "records", "absences", "mapping", "matching")
MOST_PROBLEMS = 50


@dataclass
class Context:
    """An import with its reader, its mapper and the lease by which this process holds it."""

    run: QuoteImport
    reader: Reader
    mapper: Mapper
    lease: Lease
    counted: int = field(default=0, init=False)

    @property
    def source(self) -> Source:
        """The connection that is imported from."""
        return self.run.source

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

    def note_problem(self, problem: Reason) -> None:
        """Add something that could not be read, up to MOST_PROBLEMS; the next `keep` saves it."""
        if len(self.run.problems) < MOST_PROBLEMS:
            self.run.problems.append(problem)

    def move(self, *, cursor: str = "", stage: str = "") -> None:
        """Set the position to go on from; without `stage` in the current one."""
        self.run.checkpoint = {"stage": stage or self.stage, "cursor": cursor}

    def next_stage(self) -> None:
        """Go on with the next stage; "done" after the last."""
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
