"""A proposal that is signed: told once, whether an event, the log, its status or all of them say so."""

from itertools import permutations

import pytest
from django.contrib.auth.models import User

from offorte_portal.activity import collection
from offorte_portal.activity.models import Activity, Notification
from offorte_portal.activity.words import Story as Sentence
from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


def signed(story: Story) -> list[tuple[str, str, bool]]:
    return [(entry.kind, entry.person, entry.is_client) for entry in story.entries]


@pytest.mark.parametrize("order", list(permutations(["event", "log", "status", "dated"])))
def test_a_signing_that_is_told_in_four_ways_is_one(known: Story, sanne: User, order: tuple[str, ...]) -> None:
    for way in order:
        if way == "event":
            known.note("proposal_won", 5.5)
        elif way == "log":
            known.log("signed", 5)
            known.log("accepted", 5)
        elif way == "status":
            known.change(status="won", as_of=known.at(6))
        else:
            known.change(status="won", won_at=known.at(5.2), as_of=known.at(6))
        known.collect()
    assert signed(known) == [("signed", "Chuck de Vries", True)]
    assert Notification.objects.filter(user=sanne).count() == 1
    assert Sentence(known.entries[0]).headline == "Chuck de Vries signed Verbouwing kantoor"


def test_the_event_of_a_signing_is_told_of_on_the_first_reading(story: Story, sanne: User) -> None:
    story.log("signed", 50)
    story.note("proposal_won", 50.4)
    assert story.told == ["signed"]
    assert Notification.objects.filter(user=sanne).count() == 1


def test_whoever_marks_it_as_won_has_not_signed_it(known: Story) -> None:
    known.log("status won", 6, "Sanne Jansen", "user")
    known.collect()
    known.log("signed", 5)
    known.collect()
    assert signed(known) == [("signed", "Chuck de Vries", True)]


def test_two_who_sign_are_two(known: Story) -> None:
    known.log("signed", 5)
    known.log("signed", 8, "Anna de Vries")
    known.note("proposal_won", 8.2)
    assert signed(known) == [("signed", "Chuck de Vries", True), ("signed", "Anna de Vries", True)]


def test_signed_again_after_it_was_reopened_is_two(known: Story) -> None:
    known.log("signed", 1)
    known.log("accepted", 1)
    known.log("status open", 3, "Sanne Jansen", "user")
    known.log("signed", 5)
    known.change(status="won", won_at=known.at(5))
    assert known.collect() == ["signed", "reopened", "signed"]


def test_signed_and_won_days_later_are_two(known: Story) -> None:
    known.log("signed", 1)
    known.collect()
    known.change(status="won", won_at=known.at(40))
    assert known.collect() == ["signed", "won"]


def test_what_was_taken_for_won_before_is_signed(known: Story) -> None:
    known.log("accepted", 5)
    known.collect()
    known.log("signed", 5)
    collection.collect(known.proposal.pk)
    collection.collect(known.proposal.pk)
    assert [entry.kind for entry in Activity.objects.all()] == ["signed"]
