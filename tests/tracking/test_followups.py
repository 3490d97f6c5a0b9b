"""Follow-ups: rules that make them, and the mail of the day."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from offorte_portal.desk import rules, stats
from offorte_portal.desk.models import DeskSettings
from offorte_portal.runs import schedules
from offorte_portal.tracking import digest, followups
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.support.factories import link, make_proposal, make_staff

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "FIRST_HOUR", 0)


@pytest.fixture
def sanne() -> User:
    user = make_staff("sanne", is_superuser=False)
    link(user)
    user.groups.add(Group.objects.get(name="Seller"))
    return user


def note(user: User | None, due_at: datetime | None = None, **fields: Any) -> FollowUp:
    proposal = fields.pop("proposal", None) or make_proposal(name="Dak", company_name="De Vries")
    known = {"connection": proposal.connection, "proposal": proposal, "assigned_to": user}
    return FollowUp.objects.create(due_at=due_at or timezone.now(), **(known | fields))


def waiting(days: float, **fields: Any) -> Proposal:
    since = timezone.now() - days * DAY
    proposal = make_proposal(owner_email="Sanne@example.com", view_count=0, remote_created_at=since, **fields)
    stats.refresh([proposal.pk])
    return proposal


def test_without_rules_nothing_is_made() -> None:
    waiting(5)
    assert rules.apply_rules() == 0


def test_a_rule_makes_a_follow_up_for_the_seller_once(sanne: User) -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    proposal = waiting(4)
    waiting(2)
    waiting(4, status="won")
    waiting(30)
    assert rules.apply_rules() == 1
    assert rules.apply_rules() == 0
    made = FollowUp.objects.get()
    assert (made.proposal, made.assigned_to, made.rule) == (proposal, sanne, FollowUp.Rule.UNSEEN)
    assert timezone.localtime(made.due_at).date() == timezone.localdate()
    followups.finish(made, sanne)
    assert rules.apply_rules() == 0, "done is done"


def test_who_has_no_account_here_gets_none_but_the_team_sees_it() -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    waiting(4)
    rules.apply_rules()
    assert FollowUp.objects.get().assigned_to is None


def test_it_ends_when_the_prospect_looks_and_comes_again(sanne: User) -> None:
    DeskSettings.objects.create(rule_unseen_days=3, rule_silent_days=5)
    proposal = waiting(4)
    rules.apply_rules()
    by_hand = note(sanne, proposal=proposal)
    Proposal.objects.filter(pk=proposal.pk).update(view_count=1, viewed_at=timezone.now() - 6 * DAY)
    stats.refresh([proposal.pk])
    assert rules.apply_rules() == 1
    ended, silent = FollowUp.objects.exclude(pk=by_hand.pk).order_by("pk")
    assert (ended.rule, ended.done_at is not None, ended.done_by) == (FollowUp.Rule.UNSEEN, True, None)
    assert (silent.rule, silent.done_at) == (FollowUp.Rule.SILENT, None)
    by_hand.refresh_from_db()
    assert by_hand.done_at is None


def test_everybody_gets_one_mail_a_day_with_all_that_is_due(sanne: User, settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.example.nl"
    note(sanne, timezone.now() - 2 * DAY, note="Bel Kees\nover de levering")
    note(sanne)
    note(sanne, timezone.now() + 2 * DAY)
    note(sanne, done_at=timezone.now())
    note(sanne, proposal=make_proposal(removed_at=timezone.now()))
    note(None)
    note(make_staff("gone", is_active=False))
    note(make_staff("nomail", email=""))
    note(make_staff("nobody", is_superuser=False))
    assert digest.mail_due() == 1
    assert digest.mail_due() == 0
    [message] = mail.outbox
    assert message.to == ["sanne@example.com"]
    assert message.subject == "2 follow-ups today"
    assert "Bel Kees over de levering" in message.body
    assert "Dak · De Vries" in message.body
    assert "https://portal.example.nl/followups/" in message.body


def test_what_is_left_over_is_told_again_only_with_something_new(sanne: User) -> None:
    note(sanne, mailed_on=timezone.localdate() - DAY)
    assert digest.mail_due() == 0
    note(sanne)
    assert digest.mail_due() == 1
    assert mail.outbox[0].subject == "2 follow-ups today"


def test_a_long_list_is_cut(sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "MOST_LINES", 1)
    note(sanne)
    note(sanne)
    digest.mail_due()
    assert "And 1 more." in mail.outbox[0].body


def test_nobody_is_mailed_at_night(sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "FIRST_HOUR", 24)
    note(sanne)
    assert digest.mail_due() == 0


def test_it_is_retried_without_a_mail_server_only(sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError("no route")

    row = note(sanne)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.open", fail)
        assert digest.mail_due() == 0
    row.refresh_from_db()
    assert row.mailed_on is None
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
        assert digest.mail_due() == 0
    assert digest.mail_due() == 0
    assert mail.outbox == []


def test_the_hourly_task_does_both(sanne: User) -> None:
    DeskSettings.objects.create(rule_unseen_days=3)
    waiting(4)
    schedules.run("follow up")
    assert "Not seen" in mail.outbox[0].body


def test_snoozing_finishing_and_taking_back(sanne: User) -> None:
    row = note(sanne, mailed_on=timezone.localdate())
    assert followups.snooze(row, 3)
    row.refresh_from_db()
    assert timezone.localtime(row.due_at).date() == timezone.localdate() + 3 * DAY
    assert (row.snoozed, row.mailed_on) == (1, None)
    assert followups.finish(row, sanne)
    assert not followups.finish(row, sanne)
    assert not followups.snooze(row, 1)
    assert followups.reopen(row)
    assert not followups.reopen(row)
