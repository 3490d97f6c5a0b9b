"""Mails: one for all that waits, some minutes between two, nothing told of twice."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from offorte_portal.activity import collection
from offorte_portal.activity.mailing import mail_due
from offorte_portal.activity.models import Notification, NotificationMailbox
from offorte_portal.activity.preferences import Channel, Event, Scope, save_choices
from offorte_portal.writes.models import Batch
from tests.activity.conftest import Story
from tests.support.factories import make_proposal
from tests.writes.factories import make_job

pytestmark = pytest.mark.django_db


class Unreachable(EmailBackend):
    """A mail server that is not there."""

    def open(self) -> bool:
        raise ConnectionRefusedError


class Dying(EmailBackend):
    """A mail server that breaks off while it takes a mail."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionResetError


def bodies() -> list[str]:
    return [str(message.body) for message in mail.outbox]


def wait(minutes: float) -> None:
    """Let time pass since the last mail."""
    NotificationMailbox.objects.update(mailed_at=timezone.now() - timedelta(minutes=minutes))


def test_a_question_is_mailed_to_the_owner(known: Story, sanne: User, settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.example.com"
    known.change(company_name="De Vries Bouw")
    known.comment(5, comment="Kan het ook\nin eiken?")
    known.collect()
    assert mail_due() == 1
    (sent,) = mail.outbox
    assert sent.to == ["sanne@example.com"]
    assert sent.subject == "Chuck de Vries asked a question about Verbouwing kantoor"
    body = str(sent.body)
    assert "De Vries Bouw" in body
    assert "> Kan het ook\n> in eiken?" in body
    assert f"https://portal.example.com/proposals/proposal/{known.proposal.pk}/change/" in body
    assert "https://portal.example.com/activity/settings/" in body


def test_nothing_is_mailed_twice(known: Story, sanne: User) -> None:
    known.comment(5)
    known.collect()
    assert [mail_due(), mail_due()] == [1, 0]
    wait(11)
    assert mail_due() == 0
    assert len(mail.outbox) == 1


def test_what_comes_within_minutes_is_one_mail(known: Story, sanne: User) -> None:
    known.comment(5)
    known.collect()
    mail_due()
    known.comment(6, 2, comment="Eerste")
    known.collect()
    assert mail_due() == 0
    known.comment(7, 3, comment="Tweede")
    known.collect()
    wait(11)
    assert mail_due() == 1
    assert mail.outbox[1].subject == "2 new events"
    assert bodies()[1].index("> Eerste") < bodies()[1].index("> Tweede")


def test_what_was_read_in_the_portal_is_not_mailed(known: Story, sanne: User) -> None:
    known.comment(5)
    known.collect()
    Notification.objects.update(read_at=timezone.now())
    assert mail_due() == 0


def test_many_are_counted(known: Story, sanne: User) -> None:
    for number in range(1, 16):
        known.comment(number, number)
    known.collect()
    assert mail_due() == 1
    assert mail.outbox[0].subject == "15 new events"
    assert "And 5 more." in bodies()[0]


def test_a_count_alone_is_a_mail_too(known: Story, sanne: User) -> None:
    for number in range(1, 12):
        known.comment(number, number)
    known.collect()
    Notification.objects.filter(activity__isnull=False).update(read_at=timezone.now())
    assert mail_due() == 1
    assert mail.outbox[0].subject == "1 new event"
    assert "And 1 more." in bodies()[0]


def test_a_name_with_line_breaks_makes_no_headers(known: Story, sanne: User) -> None:
    known.change(name="Verbouwing\r\nBcc: all@example.com " + "x" * 500)
    known.note("proposal_comment_received", 5)
    mail_due()
    assert mail.outbox[0].subject.startswith("Verbouwing Bcc: all@example.com xxx")
    assert len(mail.outbox[0].subject) <= 120
    assert mail.outbox[0].recipients() == ["sanne@example.com"]


@pytest.mark.parametrize("change", ["left", "lost the permission", "has no address"])
def test_who_may_not_know_any_more_gets_no_mail(known: Story, sanne: User, change: str) -> None:
    known.comment(5)
    known.collect()
    if change == "left":
        User.objects.update(is_active=False)
    elif change == "has no address":
        User.objects.update(email="")
    else:
        sanne.user_permissions.clear()
    assert mail_due() == 0
    assert Notification.objects.filter(mailed_at=None).count() == 1


def test_a_mail_server_that_is_away_is_tried_again(known: Story, sanne: User, settings: Settings) -> None:
    known.comment(5)
    known.collect()
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    assert mail_due() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_due() == 0, "not at once"
    wait(11)
    assert mail_due() == 1


def test_a_mail_that_may_have_left_is_not_sent_again(known: Story, sanne: User, settings: Settings) -> None:
    known.comment(5)
    known.collect()
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    assert mail_due() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    wait(11)
    assert mail_due() == 0


def test_mail_that_waited_for_a_day_is_old_news(known: Story, sanne: User) -> None:
    known.comment(5)
    known.collect()
    Notification.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert mail_due() == 0


def test_everybody_gets_their_own(known: Story, sanne: User, make_seller: Callable[..., User]) -> None:
    pieter = make_seller("pieter@example.com")
    save_choices(pieter, {(Event.COMMENTED, Scope.TEAM): Channel.MAIL})
    known.comment(5)
    known.collect()
    assert mail_due() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["pieter@example.com", "sanne@example.com"]


def test_an_entry_whose_mail_was_claimed_before_is_left_alone(known: Story, sanne: User) -> None:
    known.comment(5)
    known.collect()
    NotificationMailbox.objects.create(user=sanne, mailed_at=timezone.now() + timedelta(days=3650))
    assert mail_due() == 1, "a clock that ran ahead does not silence mails for ever"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(known: Story, sanne: User) -> None:
    known.comment(5)
    collection.collect(known.proposal.pk)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            mail_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 1


def test_what_one_job_did_is_mailed_in_one_line_once_it_has_ended(
    known: Story, sanne: User, make_seller: Callable[..., User]
) -> None:
    save_choices(sanne, {(Event.LOST, Scope.OWN): Channel.MAIL})
    pieter = make_seller("pieter@example.com", first_name="Pieter", last_name="Kok")
    job = make_job(pieter)
    other = make_proposal(known.proposal.connection, owner_email="sanne@example.com", details_as_of=timezone.now())
    for story in (known, Story(other, known.begin)):
        collection.collect(story.proposal.pk)
        story.operate(2, pieter, job=job, status="lost")
        story.collect()
    assert mail_due() == 0
    Batch.objects.update(state=Batch.State.DONE)
    wait(11)
    assert mail_due() == 1
    (sent,) = mail.outbox
    assert sent.subject == "Pieter Kok marked 2 of your proposals as lost"
    assert f"/activity/?of=mine&job={job.pk}&kind=lost" in str(sent.body)
