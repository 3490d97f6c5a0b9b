"""The mail with what is due: once a day, on the mornings of work days."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from offorte_portal import ports
from offorte_portal.tracking import digest, followups
from offorte_portal.tracking.models import FollowUp
from tests.support.clock import Clock
from tests.support.factories import make_proposal, make_staff
from tests.tracking.conftest import Note
from tests.tracking.rows import just

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, HOUR = 86_400, 3_600


def test_everybody_gets_one_mail_a_day_with_all_that_is_due(someone: User, note: Note, settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.example.nl"
    note(someone, -2, note="Bel Kees\nover de levering")
    note(someone)
    note(someone, 2)
    note(someone, done_at=ports.now())
    note(someone, proposal=make_proposal(removed_at=ports.now()))
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


def test_what_comes_later_on_the_day_waits_for_the_next_work_day(clock: Clock, someone: User, note: Note) -> None:
    note(someone, note="Thursday")
    assert digest.mail_due() == 1
    clock.set(HOUR)
    note(someone, note="Thursday too")
    assert digest.mail_due() == 0, "one a day"
    clock.set(DAY - 3 * HOUR)
    assert digest.mail_due() == 1
    body = mail.outbox[1].body
    assert mail.outbox[1].subject == "2 follow-ups today (1 new)"
    assert body.index("New (1)") < body.index("Thursday too") < body.index("Still open (1)")


def test_a_snooze_brings_no_second_mail_on_the_same_day(clock: Clock, someone: User, note: Note) -> None:
    row = note(someone)
    digest.mail_due()
    followups.snooze_all(just(row), 1)
    note(someone)
    assert digest.mail_due() == 0
    clock.set(DAY)
    assert digest.mail_due() == 1


def test_what_is_left_over_is_mailed_again_only_with_something_new(someone: User, note: Note) -> None:
    note(someone, mailed_on=timezone.localdate(ports.now()) - timedelta(days=1))
    assert digest.mail_due() == 0
    note(someone)
    assert digest.mail_due() == 1
    assert mail.outbox[0].subject == "2 follow-ups today (1 new)"


def test_a_long_list_is_cut(someone: User, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "MOST_LINES", 1)
    note(someone)
    note(someone)
    digest.mail_due()
    assert "And 1 more." in mail.outbox[0].body


@pytest.mark.parametrize("hours", [-4, 2, 3, 12, 48, 72], ids=["6", "12", "13", "22", "Saturday", "Sunday"])
def test_mails_leave_on_mornings_of_work_days_only(clock: Clock, someone: User, note: Note, hours: int) -> None:
    note(someone, -1)
    clock.set(hours * HOUR)
    assert digest.mail_due() == 0


def test_a_person_who_left_is_not_mailed_any_more(clock: Clock, someone: User, note: Note) -> None:
    note(someone)
    User.objects.update(is_active=False)
    assert digest.mail_due() == 0
    assert FollowUp.objects.filter(followups.orphaned()).count() == 1


def test_it_is_retried_without_a_mail_server_only(someone: User, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError("no route")

    row = note(someone)
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
