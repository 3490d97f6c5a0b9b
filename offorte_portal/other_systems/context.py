"""What every stage of an import works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from offorte_portal.models import QuoteImport, Source
from offorte_portal.other_systems.systems import without_secrets
from offorte_portal.runs import tries
from offorte_portal.sources.answers import Raw
from offorte_portal.sources.interface import Mapper, Reader

LEASE = timedelta(minutes=5)
STAGES = ("list", "details", "records", "absences", "mapping", "matching")
MOST_PROBLEMS = 50


class ImportLostError(Exception):
    """The import was cancelled, or another process has taken it over."""


@dataclass
class Context:
    """An import, who reads for it, and the lease by which this process holds it."""

    run: QuoteImport
    reader: Reader
    mapper: Mapper
    lease: str
    counted: int = field(default=0, init=False)

    @property
    def source(self) -> Source:
        """The connection that is imported from."""
        return self.run.source

    @property
    def stage(self) -> str:
        """What the import is at."""
        return str(self.run.checkpoint.get("stage", STAGES[0]))

    @property
    def cursor(self) -> str:
        """Where in the stage."""
        return str(self.run.checkpoint.get("cursor", ""))

    def clean(self, raw: Raw) -> Raw:
        """An answer as it may be stored."""
        return without_secrets(self.source, raw)

    def count(self, **figures: int) -> None:
        """Add to the figures; kept by the next `keep`."""
        for name, number in figures.items():
            self.run.figures[name] = self.run.figures.get(name, 0) + number

    def note_problem(self, text: str) -> None:
        """Remember something that could not be read."""
        if len(self.run.problems) < MOST_PROBLEMS:
            self.run.problems.append(text)

    def move(self, *, cursor: str = "", stage: str = "") -> None:
        """Go on at this place; without a stage in the same one."""
        self.run.checkpoint = {"stage": stage or self.stage, "cursor": cursor}

    def next_stage(self) -> None:
        """Go on with the stage after this one, "done" after the last."""
        place = STAGES.index(self.stage) + 1
        self.move(stage=STAGES[place] if place < len(STAGES) else "done")

    @contextmanager
    def keep(self) -> Iterator[None]:
        """Write what the block writes together with where the import stands, or nothing if the lease is lost.

        Raises ImportLostError.
        """
        run = self.run
        with transaction.atomic():
            yield
            self.count(requests=self.reader.http.count - self.counted)
            held = QuoteImport.objects.filter(pk=run.pk, lease=self.lease, is_cancel_requested=False)
            if not held.update(
                checkpoint=run.checkpoint,
                figures=run.figures,
                problems=run.problems,
                **tries.moved(),
                lease_until=timezone.now() + LEASE,
            ):
                raise ImportLostError
        self.counted = self.reader.http.count
        run.failures = tries.UNDER_WAY
