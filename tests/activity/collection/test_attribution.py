"""Entries of what the portal did: the person who asked for it, once, however Offorte tells of it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from offorte_portal.activity.models import Notification
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation
from tests.activity.conftest import Story
from tests.support.factories import link

pytestmark = pytest.mark.django_db

OFFORTE = ("Anna Admin", "user")
"""Whom Offorte's log names for what the portal does."""


@pytest.fixture
def pieter(make_seller: Callable[..., User]) -> User:
    return make_seller("pieter@example.com", first_name="Pieter", last_name="Kok")


def people(story: Story) -> list[tuple[str, str]]:
    return [(entry.kind, entry.person) for entry in story.entries]


def test_the_person_is_who_asked_for_it_and_not_whom_the_log_names(known: Story, pieter: User) -> None:
    operation = known.operate(2.5, pieter, status="lost")
    known.log("status lost", 2, *OFFORTE)
    known.collect()
    (entry,) = known.entries
    assert (entry.person, entry.by, entry.operation_id) == ("Pieter Kok", pieter, operation.pk)


@pytest.mark.parametrize(("action", "minutes"), [("status lost", 3), ("status lost", 62), ("modified", 3)])
def test_what_the_log_tells_late_or_in_other_words_completes_the_entry(
    known: Story, pieter: User, action: str, minutes: float
) -> None:
    known.operate(2.5, pieter, status="lost")
    known.change(status="lost", as_of=known.at(3))
    known.collect()
    assert people(known) == [("lost", "Pieter Kok")]
    known.log(action, minutes, *OFFORTE)
    known.collect()
    known.note("proposal_lost", 63, "lost")
    assert people(known) == [("lost", "Pieter Kok")]


def test_a_colleague_who_does_the_same_after_it_was_reopened_keeps_theirs(known: Story, pieter: User) -> None:
    known.operate(2, pieter, status="lost")
    known.log("status lost", 2, *OFFORTE)
    known.log("status open", 13, "Els Bakker", "user")
    known.log("status lost", 24, "Els Bakker", "user")
    known.collect()
    assert people(known) == [("lost", "Pieter Kok"), ("reopened", "Els Bakker"), ("lost", "Els Bakker")]


def test_a_colleague_who_does_the_same_in_the_same_minute_keeps_theirs(
    known: Story, pieter: User, connection: Connection
) -> None:
    anna = User.objects.create_user("anna", is_staff=True)
    link(anna, connection, email="anna@example.com", firstname="Anna", lastname="Admin")
    Connection.objects.update(connected_by=anna)
    known.operate(2.5, pieter, status="lost")
    known.log("status lost", 2, *OFFORTE)
    known.log("status lost", 2, "Els Bakker", "user")
    known.collect()
    known.collect()
    assert sorted(people(known)) == [("lost", "Els Bakker"), ("lost", "Pieter Kok")]


def test_what_was_not_done_after_all_is_given_back(known: Story, pieter: User) -> None:
    operation = known.operate(2, pieter, status="lost", state=Operation.State.UNKNOWN, finished_at=None)
    known.log("status lost", 2, *OFFORTE)
    known.collect()
    assert people(known) == [("lost", "Pieter Kok")]
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.FAILED)
    known.collect()
    assert people(known) == [("lost", "Anna Admin")]


def test_what_may_not_have_been_done_is_no_entry(known: Story, pieter: User) -> None:
    operation = known.operate(2, pieter, status="lost", state=Operation.State.UNKNOWN)
    assert known.collect() == []
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.DONE)
    known.collect()
    assert people(known) == [("lost", "Pieter Kok")]


def test_an_undo_takes_the_entry_and_its_notifications_back(known: Story, pieter: User, sanne: User) -> None:
    operation = known.operate(2, pieter, status="lost", before={"status": "open"})
    known.log("status lost", 2, *OFFORTE)
    known.collect()
    assert Notification.objects.filter(user=sanne).count() == 1
    known.undo(5, pieter, operation)
    known.log("status open", 5, *OFFORTE)
    known.note("proposal_lost", 6, "lost")
    known.collect()
    (entry,) = known.entries
    assert (entry.kind, entry.person, entry.is_undo) == ("reopened", "Pieter Kok", True)
    assert not Notification.objects.exists()


def test_an_undo_before_anything_was_told_is_one_entry(known: Story, pieter: User) -> None:
    operation = known.operate(2, pieter, status="won", before={"status": "open"})
    known.undo(5, pieter, operation)
    known.collect()
    assert people(known) == [("reopened", "Pieter Kok")]


def test_what_the_prospect_did_stays_theirs(known: Story, pieter: User) -> None:
    known.operate(2, pieter, status="won")
    known.log("accepted", 2)
    known.log("viewed", 2)
    known.collect()
    assert ("viewed", "Chuck de Vries") in people(known)


def test_a_mail_and_the_log_tell_of_one_sending(known: Story, pieter: User) -> None:
    known.operate(2.2, pieter, verb=Operation.Verb.SEND)
    known.mail(2.3, 7, sent_by="Anna Admin")
    known.log("send", 2, *OFFORTE)
    known.mail(2.5, 8, sent_by="Els Bakker")
    known.collect()
    assert sorted(people(known)) == [("sent", "Els Bakker"), ("sent", "Pieter Kok")]
