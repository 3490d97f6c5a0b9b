"""What the worker does by itself: schedules, to which rooms add steps in their `tasks.py`.

A schedule exists as soon as a room names it. Steps run in the order of INSTALLED_APPS, unless added as `first`; a room
that is not installed adds none. `synchronise` keeps django-q's own table of schedules up to date after each migration.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps as installed

from offorte_portal import ports
from offorte_portal.ports import queueing

logger = logging.getLogger(__name__)

# Minutes between two runs.
EACH_MINUTE, EACH_HOUR, EACH_DAY = 1, 60, 24 * 60
_OURS = "offorte_portal."


class Steps:
    """The steps of several rooms in one task. If one raises, that is logged, and the others still run."""

    def __init__(self) -> None:
        self._steps: list[Callable[..., object]] = []

    def add(self, *steps: Callable[..., object], first: bool = False) -> None:
        """Add these steps after the others, or with `first` before them."""
        self._steps = [*steps, *self._steps] if first else [*self._steps, *steps]

    def run(self, *args: Any) -> None:
        """Run all steps, each with `args`. Raises the first exception after the last step."""
        failures = []
        for step in self._steps:
            try:
                step(*args)
            except Exception as error:
                logger.exception("%s failed", queueing.path_of(step))
                failures.append(error)
        if failures:
            raise failures[0]


@dataclass(frozen=True)
class Schedule:
    """Steps that run every `every` minutes."""

    name: str
    every: int
    steps: Steps = field(default_factory=Steps)


SCHEDULES: dict[str, Schedule] = {}


def schedule(name: str, every: int, *steps: Callable[[], object], first: bool = False) -> None:
    """Run these steps every so many minutes, in the schedule of that name; with `first`, before those added so far.

    Raises ValueError if the schedule has another interval.
    """
    known = SCHEDULES.setdefault(name, Schedule(name, every))
    if known.every != every:
        raise ValueError(f"{name!r} is due every {known.every} minutes, not every {every}.")
    known.steps.add(*steps, first=first)


def run(name: str) -> None:
    """Run the steps of a schedule; do nothing if no installed room has any."""
    if name in SCHEDULES:
        SCHEDULES[name].steps.run()


def synchronise(using: str = "default", apps: Any = installed, **_: Any) -> None:
    """Make django-q call `run` for every schedule, and drop its rows of schedules that no longer exist.

    Called after a migration. Existing schedules keep their next run; a new one is due at once.
    """
    try:
        model = apps.get_model("django_q", "Schedule")
    except LookupError:  # not migrated yet
        return
    rows = model._default_manager.using(using)
    known = {row.name: row for row in rows.all()}
    for each in SCHEDULES.values():
        columns = {
            "func": queueing.path_of(run),
            "args": repr((each.name,)),
            "schedule_type": "I",
            "minutes": each.every,
        }
        row = known.get(each.name)
        if row is None:
            rows.create(name=each.name, repeats=-1, next_run=ports.now(), **columns)
        elif any(getattr(row, column) != value for column, value in columns.items()):
            rows.filter(pk=row.pk).update(**columns)
    rows.filter(func__startswith=_OURS).exclude(name__in=SCHEDULES).delete()
