"""One entry for one happening, whichever ways it is told by, in whatever order they come."""

import threading
from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from offorte_portal.activity.models import Activity, ActivityState, Notification
from proposals.models import Comment, LogEntry, SentEmail
from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


def test_views_by_one_person_within_half_an_hour_are_one(story: Story) -> None:
    for minutes in (0, 5, 29, 30, 40):
        story.log("viewed", minutes)
    story.log("viewed", 10, "Anna de Vries")
    story.collect()
    views = [(entry.person, entry.happened_at, entry.times) for entry in story.entries]
    assert views == [
        ("Chuck de Vries", story.at(0), 3),
        ("Anna de Vries", story.at(10), 1),
        ("Chuck de Vries", story.at(30), 2),
    ]


def test_another_view_is_added_to_the_visit_that_is_known(story: Story) -> None:
    story.log("viewed", 0)
    story.collect()
    story.log("viewed", 20)
    story.collect()
    assert [entry.times for entry in story.entries] == [2]


def test_a_log_that_forgets_its_beginning_makes_no_new_visit(story: Story) -> None:
    for minutes in (0, 20):
        story.log("viewed", minutes)
    story.collect()
    LogEntry.objects.order_by("logged_at")[0].delete()
    story.collect()
    assert [(entry.happened_at, entry.times) for entry in story.entries] == [(story.at(0), 2)]


def test_the_line_of_the_log_repeats_its_mail(story: Story) -> None:
    story.log("send", 4.8, "Sanne Jansen", "user")
    assert story.collect() == ["sent"]
    story.mail(5)
    story.collect()
    story.log("send by user", 20, "Sanne Jansen", "user")
    story.collect()
    assert [(entry.kind, entry.remote_id) for entry in story.entries] == [("sent", 1), ("sent", None)]


def test_two_who_send_at_once_are_two(story: Story) -> None:
    story.log("send by user", 5, "Sanne Jansen", "user")
    story.log("send by user", 5, "Pieter Kok", "user")
    assert story.collect() == ["sent", "sent"]


# Each way by which Offorte tells of something, and what comes of them all.
WAYS: dict[str, tuple[str, list[Any]]] = {
    "viewed": (
        "viewed",
        [lambda story: story.log("viewed", 10), lambda story: story.note("proposal_viewed", 10.7)],
    ),
    "asked": (
        "commented",
        [
            lambda story: story.comment(10),
            lambda story: story.log("comment", 10),
            lambda story: story.note("proposal_comment_received", 10.7),
        ],
    ),
    "sent": (
        "sent",
        [
            lambda story: story.mail(10),
            lambda story: story.log("send", 10, "Sanne Jansen", "user"),
            lambda story: story.note("proposal_send", 10.7),
        ],
    ),
    "made": (
        "created",
        [
            lambda story: story.log("created", 10, "Sanne Jansen", "user"),
            lambda story: story.change(remote_created_at=story.at(9.9)),
            lambda story: story.note("proposal_created", 10.7),
        ],
    ),
    "won": (
        "won",
        [
            lambda story: story.log("accepted", 10),
            lambda story: story.change(status="won", won_at=story.at(10.6)),
            lambda story: story.note("proposal_won", 10.7),
        ],
    ),
    "lost": (
        "lost",
        [
            lambda story: story.log("status lost", 10, "Sanne Jansen", "user"),
            lambda story: story.change(status="lost", remote_modified_at=story.at(35)),
            lambda story: story.note("proposal_lost", 10.7, status="lost"),
        ],
    ),
}


@pytest.mark.parametrize("happening", WAYS)
def test_the_ways_may_come_in_any_order(story: Story, happening: str) -> None:
    kind, ways = WAYS[happening]
    for is_known in (True, False):
        for order in permutations(ways):
            for model in (Activity, ActivityState, LogEntry, Comment, SentEmail):
                model.objects.all().delete()
            story.change(status="open", won_at=None, remote_created_at=None, remote_modified_at=None)
            if is_known:
                story.collect()
            for way in order:
                way(story)
                story.collect()
                way_told = story.told
                story.collect()
                assert story.told == way_told
            assert story.told == [kind]


@pytest.mark.parametrize("happening", WAYS)
def test_every_way_alone_is_enough(story: Story, happening: str) -> None:
    kind, ways = WAYS[happening]
    story.collect()
    for way in ways:
        if happening == "asked" and way is ways[1]:
            continue  # the log's line says nothing that the comment does not
        Activity.objects.all().delete()
        ActivityState.objects.update(status="open")
        for model in (LogEntry, Comment, SentEmail):
            model.objects.all().delete()
        story.change(status="open", won_at=None, remote_created_at=None, remote_modified_at=None)
        way(story)
        assert story.collect() == [kind]


def test_who_it_was_is_filled_in_once_it_is_told(known: Story) -> None:
    known.note("proposal_viewed", 10.5)
    assert [entry.person for entry in known.entries] == [""]
    known.log("viewed", 10)
    known.log("viewed", 12, "Anna de Vries")
    known.collect()
    assert {entry.person for entry in known.entries} == {"Chuck de Vries", "Anna de Vries"}


@pytest.mark.django_db(transaction=True)
def test_processes_that_collect_at_once_make_one_entry_each(story: Story, sanne: User) -> None:
    story.collect()
    story.comment(5)
    story.log("viewed", 6)
    start = threading.Barrier(4)
    failures: list[Exception] = []

    def work() -> None:
        start.wait()
        try:
            story.note("proposal_comment_received", 5.5)
        except Exception as error:  # noqa: BLE001 - for the test to show
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert story.told == ["commented", "viewed"]
    assert Notification.objects.filter(user=sanne).count() == 2
