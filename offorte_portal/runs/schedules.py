"""What the worker does by itself: schedules, to which rooms add their steps in their `tasks.py`.

A schedule is there as soon as a room names it. The rooms' steps are done in the order of INSTALLED_APPS; a room that is
left out has none. The table stands in django-q's as well, which `synchronise` brings up to date after each migration.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps as installed

from offorte_portal import ports
from offorte_portal.ports import queueing

logger = logging.getLogger(__name__)

# Minutes from one time to the next.
EACH_MINUTE, EACH_HOUR, EACH_DAY = 1, 60, 24 * 60
_OURS = "offorte_portal."


class Steps:
    """What rooms do one after the other in one task. A step that raises is logged and keeps no other from its turn."""

    def __init__(self) -> None:
        self._steps: list[Callable[..., object]] = []

    def add(self, *steps: Callable[..., object], first: bool = False) -> None:
        """Do these after the others, or with `first` before them."""
        self._steps = [*steps, *self._steps] if first else [*self._steps, *steps]

    def run(self, *args: Any) -> None:
        """Do all of them, each with `args`. Raises what the first that failed has raised."""
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
    """What is done every so many minutes."""

    name: str
    every: int
    steps: Steps = field(default_factory=Steps)


SCHEDULES: dict[str, Schedule] = {}


def schedule(name: str, every: int, *steps: Callable[[], object], first: bool = False) -> None:
    """Do these steps every so many minutes, in the schedule of that name. `first` does them before those added so far.

    Raises ValueError where another room wants the schedule at another interval.
    """
    known = SCHEDULES.setdefault(name, Schedule(name, every))
    if known.every != every:
        raise ValueError(f"{name!r} is due every {known.every} minutes, not every {every}.")
    known.steps.add(*steps, first=first)


def run(name: str) -> None:
    """Do what is scheduled under a name; nothing where no room that is installed has anything to do then."""
    if name in SCHEDULES:
        SCHEDULES[name].steps.run()


def synchronise(using: str = "default", apps: Any = installed, **_: Any) -> None:
    """After a migration: have django-q call `run` for every schedule, and for none that is no more.

    When the next time is, is left as it is; a new schedule is due at once.
    """
    try:
        model = apps.get_model("django_q", "Schedule")
    except LookupError:  # not migrated yet
        return
    rows = model._default_manager.using(using)
    known = {row.name: row for row in rows.all()}
    for each in SCHEDULES.values():
        told = {"func": queueing.path_of(run), "args": repr((each.name,)), "schedule_type": "I", "minutes": each.every}
        row = known.get(each.name)
        if row is None:
            rows.create(name=each.name, repeats=-1, next_run=ports.now(), **told)
        elif any(getattr(row, column) != value for column, value in told.items()):
            rows.filter(pk=row.pk).update(**told)
    rows.filter(func__startswith=_OURS).exclude(name__in=SCHEDULES).delete()
