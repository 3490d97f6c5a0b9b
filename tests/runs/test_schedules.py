"""What the worker does by itself: each room adds its steps, and django-q's table says when."""

from ast import literal_eval
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule

from offorte_portal.ports import queueing
from offorte_portal.runs import schedules
from offorte_portal.runs.schedules import SCHEDULES, Steps, schedule

MINUTES = {
    "sweep": 1, "sweep desk": 1, "mail notifications": 1, "check webhooks": 60, "follow up": 60, "tidy activity": 60,
    "refresh tokens": 1440, "match customers": 1440,
}  # fmt: skip


@pytest.fixture
def tea() -> Iterator[list[str]]:
    """What is done by a schedule of that name, which is there for one test."""
    done: list[str] = []
    schedule("tea", 5, lambda: done.append("boil"))
    yield done
    del SCHEDULES["tea"]


@pytest.mark.django_db
def test_each_schedule_is_in_the_worker_s_table_once() -> None:
    rows = {row.name: row for row in Schedule.objects.all()}
    assert {name: row.minutes for name, row in rows.items()} == MINUTES
    for name, row in rows.items():
        assert (row.func, literal_eval(row.args)) == (queueing.path_of(schedules.run), (name,))
        assert (row.schedule_type, row.repeats) == (Schedule.MINUTES, -1)


@pytest.mark.django_db
def test_a_migration_brings_the_table_up_to_date(tea: list[str]) -> None:
    later = timezone.now() + timedelta(minutes=30)
    Schedule.objects.filter(name="follow up").update(minutes=5, next_run=later)
    Schedule.objects.create(name="gone", func="offorte_portal.tasks.gone", schedule_type="H")
    Schedule.objects.create(name="an operator's", func="django.core.management.call_command", schedule_type="H")
    call_command("migrate", verbosity=0)
    row = Schedule.objects.get(name="follow up")
    assert (row.minutes, row.next_run) == (60, later)
    assert set(Schedule.objects.values_list("name", flat=True)) == {*MINUTES, "tea", "an operator's"}
    assert Schedule.objects.get(name="tea").next_run <= timezone.now()


def test_rooms_add_their_steps_and_one_may_come_first(tea: list[str]) -> None:
    schedule("tea", 5, lambda: tea.append("pour"), lambda: tea.append("drink"))
    schedule("tea", 5, lambda: tea.append("fill"), first=True)
    schedules.run("tea")
    assert tea == ["fill", "boil", "pour", "drink"]
    with pytest.raises(ValueError, match="every 5 minutes"):
        schedule("tea", 10)


def test_a_schedule_without_a_room_does_nothing() -> None:
    schedules.run("of a room that was left out")


def test_a_step_that_fails_keeps_no_other_from_its_turn() -> None:
    done: list[int] = []

    def fail(number: int) -> None:
        raise LookupError(number)

    steps = Steps()
    steps.add(fail, done.append, fail)
    with pytest.raises(LookupError, match="7"):
        steps.run(7)
    assert done == [7]
