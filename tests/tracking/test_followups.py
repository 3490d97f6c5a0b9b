"""Follow-ups: work days, the rules that make them, putting off and undoing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.desk import rules, stats
from offorte_portal.desk.models import DeskSettings
from offorte_portal.runs import schedules
from offorte_portal.tracking import followups
from offorte_portal.tracking.followups import workday
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.support.clock import Clock
from tests.support.factories import make_proposal
from tests.tracking.conftest import Note
from tests.tracking.rows import just

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)
THU, FRI, SAT, SUN, MON = (date(2026, 11, 26) + number * DAY for number in range(5))


def waiting(days: float, **fields: Any) -> Proposal:
    since = ports.now() - days * DAY
    proposal = make_proposal(owner_email="Sanne@example.com", view_count=0, remote_created_at=since, **fields)
    stats.refresh([proposal.pk])
    return proposal


@pytest.mark.parametrize(
    ("start", "days", "day"),
    [
        (THU, 0, THU), (THU, 1, FRI), (THU, 3, date(2026, 12, 1)), (THU, 5, date(2026, 12, 3)),
        (FRI, 0, FRI), (FRI, 1, MON), (FRI, 3, date(2026, 12, 2)), (FRI, 5, date(2026, 12, 4)),
        (SAT, 0, MON), (SAT, 1, MON), (SAT, 5, date(2026, 12, 4)), (SUN, 0, MON), (SUN, 1, MON),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)  # fmt: skip
def test_days_are_counted_by_the_work_week(start: date, days: int, day: date) -> None:
    assert workday(days, start) == day


def test_nine_o_clock_stays_nine_when_the_clocks_change(clock: Clock) -> None:
    clock.day = datetime.fromisoformat("2026-10-23T12:00+02:00")
    assert timezone.localtime(followups.morning(1)) == datetime.fromisoformat("2026-10-26T09:00+01:00")


def test_without_rules_nothing_is_made() -> None:
    waiting(5)
    assert rules.apply_rules() == 0


def test_a_rule_makes_a_follow_up_for_the_seller_once(someone: User) -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    proposal = waiting(4)
    waiting(2)
    waiting(4, status="won")
    waiting(30)
    assert rules.apply_rules() == 1
    assert rules.apply_rules() == 0
    made = FollowUp.objects.get()
    assert (made.proposal, made.assigned_to, made.rule) == (proposal, someone, FollowUp.Rule.UNSEEN)
    assert timezone.localtime(made.due_at).date() == timezone.localdate(ports.now())
    followups.finish_all(just(made), someone)
    assert rules.apply_rules() == 0, "done is done"


def test_a_rule_that_is_met_at_the_weekend_is_due_on_monday(clock: Clock, someone: User) -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    waiting(4)
    clock.set(2 * 86_400)
    rules.apply_rules()
    assert timezone.localtime(FollowUp.objects.get().due_at) == datetime.fromisoformat("2026-11-30T09:00+01:00")


def test_who_has_no_account_here_gets_none_but_the_team_sees_it() -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    waiting(4)
    rules.apply_rules()
    assert FollowUp.objects.get().assigned_to is None


def test_it_ends_when_the_prospect_looks_and_comes_again(someone: User, note: Note) -> None:
    DeskSettings.objects.create(rule_unseen_days=3, rule_silent_days=5)
    proposal = waiting(4)
    rules.apply_rules()
    by_hand = note(someone, proposal=proposal)
    Proposal.objects.filter(pk=proposal.pk).update(view_count=1, viewed_at=ports.now() - 6 * DAY)
    stats.refresh([proposal.pk])
    assert rules.apply_rules() == 1
    ended, silent = FollowUp.objects.exclude(pk=by_hand.pk).order_by("pk")
    assert (ended.rule, ended.ended, ended.done_by) == (FollowUp.Rule.UNSEEN, FollowUp.Ended.ANSWERED, None)
    assert (silent.rule, silent.done_at) == (FollowUp.Rule.SILENT, None)
    by_hand.refresh_from_db()
    assert by_hand.done_at is None


def test_the_hourly_task_makes_them_before_it_mails_them(someone: User, mailoutbox: list[Any]) -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    waiting(4)
    schedules.run("follow up")
    assert "Not seen" in mailoutbox[0].body


def test_snoozing_finishing_and_taking_back(someone: User, note: Note) -> None:
    row = note(someone, mailed_on=THU)
    assert followups.snooze_all(just(row), 3)
    row.refresh_from_db()
    assert timezone.localtime(row.due_at) == datetime.fromisoformat("2026-12-01T09:00+01:00")
    assert (row.snoozed, row.mailed_on) == (1, None)
    assert followups.finish_all(just(row), someone)
    assert not followups.finish_all(just(row), someone)
    assert not followups.snooze_all(just(row), 1)
    assert followups.reopen_all(just(row))
    assert not followups.reopen_all(just(row))


def test_a_snooze_is_undone_to_the_minute_it_was_due(clock: Clock, someone: User, note: Note) -> None:
    rows = [note(someone, days) for days in (-3, 0.25)]
    dues = [row.due_at for row in rows]
    found = FollowUp.objects.filter(assigned_to=someone)
    assert followups.snooze_all(found, 1, clock.day) == 2
    assert followups.wake_all(found, clock.day - DAY) == 0, "another step"
    assert followups.wake_all(found, clock.day) == 2
    assert followups.wake_all(found, clock.day) == 0
    assert list(found.order_by("pk").values_list("due_at", "snoozed")) == [(due, 0) for due in dues]


def test_a_reminder_is_not_made_beside_an_earlier_one(someone: User, note: Note) -> None:
    known, other = make_proposal(), make_proposal()
    note(someone, 1, proposal=known)
    assert followups.remind([known, other], 3, someone) == 1
    assert followups.remind([known, other], 3, someone) == 0
    assert FollowUp.objects.get(proposal=other).assigned_to == someone
