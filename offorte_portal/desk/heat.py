"""How hot a proposal is: points for each visit by the prospect, more for recent ones, and for each further person.

Views by one person within half an hour are one visit. The functions here are pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from offorte_portal.desk.models import DeskSettings

VISIT = timedelta(minutes=30)
DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Look:
    """One view of the proposal by somebody on the prospect's side."""

    at: datetime
    person: str = ""


@dataclass(frozen=True)
class Visits:
    """Visits in the last 24 hours, in the 6 days before, and in the 23 days before those; and how many people."""

    day: int = 0
    week: int = 0
    month: int = 0
    viewers: int = 0


def count_visits(looks: Iterable[Look], now: datetime) -> Visits:
    """Return the visits of the last 30 days; views in the future count as now."""
    begun: dict[str, datetime] = {}
    ages: list[timedelta] = []
    people: set[str] = set()
    for look in sorted(looks, key=lambda look: look.at):
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
    return (
        visits.day * thresholds.points_day
        + visits.week * thresholds.points_week
        + visits.month * thresholds.points_month
        + max(visits.viewers - 1, 0) * thresholds.points_viewer
    )
