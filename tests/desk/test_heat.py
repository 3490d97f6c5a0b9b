"""How hot proposals are."""

from datetime import UTC, datetime, timedelta

from offorte_portal.desk.heat import Look, Visits, count_visits, score
from offorte_portal.desk.models import DeskSettings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def looks(*minutes_ago: float, person: str = "Piet") -> list[Look]:
    return [Look(NOW - timedelta(minutes=minutes), person) for minutes in minutes_ago]


def test_looks_within_half_an_hour_are_one_visit() -> None:
    assert count_visits(looks(10, 15, 39), NOW) == Visits(day=1, viewers=1)
    assert count_visits(looks(10, 40), NOW) == Visits(day=2, viewers=1)
    assert count_visits(looks(5, 20, 35), NOW).day == 2, "half an hour from the first look, not from the last"


def test_every_person_visits_for_themselves() -> None:
    both = [*looks(10), *looks(12, person="Kees")]
    assert count_visits(both, NOW) == Visits(day=2, viewers=2)


def test_visits_are_told_apart_by_age() -> None:
    day = 24 * 60
    assert count_visits(looks(1, day - 60, day, 6 * day, 8 * day, 29 * day, 30 * day), NOW) == Visits(2, 2, 2, 1)
    assert count_visits(looks(40 * day), NOW) == Visits()
    assert count_visits(looks(-5), NOW).day == 1, "a clock that runs ahead"
    assert count_visits([], NOW) == Visits()


def test_the_score_is_points_for_visits_and_for_further_people() -> None:
    thresholds = DeskSettings(points_day=6, points_week=3, points_month=1, points_viewer=5)
    assert score(Visits(2, 3, 4, 3), thresholds) == 12 + 9 + 4 + 10
    assert score(Visits(), thresholds) == 0
    assert score(Visits(1, 0, 0, 1), DeskSettings(points_day=50)) == 50
