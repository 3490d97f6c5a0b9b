"""How hot a proposal is: points for each visit of the prospect, the more the newer, and for each further person.

Looks by one person within half an hour are one visit. Plain functions of what is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from offorte_portal.desk.models import DeskSettings

VISIT = timedelta(minutes=30)
DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Look:
    """Somebody of the prospect's looked at the proposal."""

    at: datetime
    person: str = ""


@dataclass(frozen=True)
class Visits:
    """Visits in the last 24 hours, in the days before up to 7, in those before up to 30; and how many people."""

    day: int = 0
    week: int = 0
    month: int = 0
    viewers: int = 0


def count_visits(looks: Iterable[Look], now: datetime) -> Visits:
    """The visits of the last 30 days; what lies in the future counts as now."""
    begun: dict[str, datetime] = {}
    ages: list[timedelta] = []
    people: set[str] = set()
    for look in sorted(looks, key=lambda one: one.at):
        before = begun.get(look.person)
        if before is not None and look.at - before < VISIT:
            continue
        begun[look.person] = look.at
        age = now - look.at
        if age < MONTH:
            ages.append(age)
            people.add(look.person)
    day = sum(age < DAY for age in ages)
    week = sum(age < WEEK for age in ages) - day
    return Visits(day, week, len(ages) - week - day, len(people))


def score(visits: Visits, thresholds: DeskSettings) -> int:
    """The points of these visits."""
    return (
        visits.day * thresholds.points_day
        + visits.week * thresholds.points_week
        + visits.month * thresholds.points_month
        + max(visits.viewers - 1, 0) * thresholds.points_viewer
    )
