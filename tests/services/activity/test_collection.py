"""One entry for one happening, whichever ways it is told by, in whatever order they come."""

import threading
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from offorte_portal.services import activity
from proposals.models import Activity, ActivityState, Comment, LogEntry, Notification, Proposal, SentEmail
from tests.factories import make_proposal
from tests.services.activity.conftest import Story

pytestmark = pytest.mark.django_db


def test_what_the_details_tell_becomes_entries(story: Story) -> None:
    story.log("created", 0, "Sanne Jansen", "user")
    story.mail(5)
    story.log("viewed", 10)
    story.log("viewed pdf", 12)
    story.comment(14)
    story.comment(20, 2, type="user", firstname="Sanne", lastname="Jansen", comment="Ja hoor.")
    story.log("changed options", 22)
    story.log("accepted", 25)
    assert story.collect() == ["created", "sent", "viewed", "pdf", "commented", "answered", "chose", "won"]
    sent, question, won = (story.entries[number] for number in (1, 4, 7))
    assert (sent.person, sent.text, sent.is_client) == ("Sanne Jansen", "Chuck de Vries", False)
    assert (question.person, question.text, question.is_client) == ("Chuck de Vries", "Kan het ook in eiken?", True)
    assert (won.happened_at, won.is_client, won.owner_key) == (story.at(25), True, "sanne@example.com")
    assert won.connection_id == story.proposal.connection_id


def test_collecting_again_changes_nothing(story: Story) -> None:
    story.log("created", 0, "Sanne Jansen", "user")
    story.log("viewed", 10)
    story.comment(14)
    story.change(status="won", won_at=story.at(30))
    story.collect()
    before = list(Activity.objects.order_by("pk").values())
    story.collect()
    assert list(Activity.objects.order_by("pk").values()) == before


def test_what_nobody_outside_did_or_nobody_understands_is_left_out(story: Story) -> None:
    story.log("viewed", 1, "Sanne Jansen", "user")
    story.log("danced", 2)
    LogEntry.objects.create(proposal=story.proposal, position=9, action="proposal: viewed", type="client")
    SentEmail.objects.create(proposal=story.proposal, remote_id=1, position=1)
    assert story.collect() == []


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


def test_a_comment_without_a_date_is_as_old_as_the_news_of_it(story: Story) -> None:
    story.comment(0)
    Comment.objects.update(commented_at=None)
    story.collect()
    assert story.entries[0].happened_at == story.proposal.as_of


def test_a_long_question_is_cut(story: Story) -> None:
    story.comment(1, comment="<script>" + "x" * 1_000_000)
    story.collect()
    assert len(story.entries[0].text) == 500


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


def test_a_status_that_nobody_dates_is_dated_by_whoever_can(known: Story) -> None:
    known.change(status="won", as_of=known.at(50))
    known.collect()
    assert [(entry.is_estimated, entry.happened_at) for entry in known.entries] == [(True, known.at(50))]
    known.log("accepted", 10)
    known.collect()
    found = [(entry.is_estimated, entry.happened_at, entry.person) for entry in known.entries]
    assert found == [(False, known.at(10), "Chuck de Vries")]


def test_won_again_after_it_was_reopened_is_two(known: Story) -> None:
    known.log("accepted", 1)
    known.log("status open", 3, "Sanne Jansen", "user")
    known.log("status won", 5, "Sanne Jansen", "user")
    known.change(status="won", won_at=known.at(5))
    assert known.collect() == ["won", "reopened", "won"]


def test_a_status_that_changed_unseen_is_noticed(known: Story) -> None:
    for number, status in enumerate(("lost", "open", "lost", "edit")):
        known.change(status=status, as_of=known.at(15 * number))
        known.collect()
    assert known.told == ["lost", "reopened", "lost", "reopened"]


def test_older_news_that_the_mirror_holds_for_a_moment_is_no_status(known: Story) -> None:
    known.log("accepted", 10)
    for status in ("won", "open", "lost", "won"):
        known.change(status=status, as_of=known.at(10.5))
        assert known.collect() == ["won"]


def test_a_status_that_lasts_is_one_after_all(known: Story) -> None:
    known.log("accepted", 10)
    known.change(status="won", as_of=known.at(10.5))
    known.collect()
    known.change(status="open", as_of=known.at(12))
    assert known.collect() == ["won"]
    known.change(as_of=known.at(40))
    assert known.collect() == ["won", "reopened"]


def test_the_last_status_comes_last(known: Story) -> None:
    known.log("accepted", 30)
    known.collect()
    known.change(status="lost", remote_modified_at=known.at(10), as_of=known.at(55))
    assert known.collect() == ["won", "lost"]
    assert known.entries[-1].happened_at == known.at(55)


def test_an_open_proposal_was_not_reopened(story: Story) -> None:
    story.log("status edit", 1, "Sanne Jansen", "user")
    story.log("status open", 3, "Sanne Jansen", "user")
    assert story.collect() == []


def test_an_old_status_without_a_date_is_no_news(story: Story) -> None:
    story.change(status="lost")
    assert story.collect() == []
    assert story.collect() == []


def test_lost_may_mean_closed(known: Story) -> None:
    known.note("proposal_lost", 1, status="closed")
    assert known.told == ["closed"]
    known.log("status open", 2, "Sanne Jansen", "user")
    known.change(status="closed")
    known.note("proposal_lost", 30)
    assert known.told == ["closed", "reopened", "closed"]


def test_events_that_tell_of_nothing_to_show_still_collect(known: Story) -> None:
    known.log("viewed", 10)
    known.note("proposal_details_updated", 11)
    assert known.told == ["viewed"]


def test_the_event_of_a_proposal_that_is_not_there_is_nothing(known: Story) -> None:
    activity.note(
        connection_id=known.proposal.connection_id,
        name="proposal_viewed",
        remote_id=987_654,
        happened_at=known.at(1),
        payload={},
    )
    assert Activity.objects.count() == 0


def test_an_event_from_the_future_happened_now(known: Story) -> None:
    known.note("proposal_viewed", 60 * 24 * 365)
    assert known.entries[0].happened_at <= timezone.now()


def test_the_feed_follows_the_owner(story: Story) -> None:
    story.log("viewed", 10)
    story.collect()
    story.change(owner_email="Pieter@Example.com")
    story.collect()
    assert [entry.owner_key for entry in story.entries] == ["pieter@example.com"]


def test_a_question_that_is_answered_or_old_is_read(story: Story) -> None:
    story.comment(-60 * 30)
    story.comment(1, 2)
    story.collect()
    assert [entry.is_unread for entry in story.entries] == [False, True]
    story.comment(5, 3, type="user")
    story.comment(9, 4)
    story.collect()
    assert [entry.is_unread for entry in story.entries] == [False, False, False, True]


def test_what_was_read_before_there_was_a_feed_is_caught_up_with(story: Story) -> None:
    story.log("viewed", 10)
    make_proposal(story.proposal.connection)  # whose details were never read
    make_proposal(story.proposal.connection, details_as_of=timezone.now(), removed_at=timezone.now())
    assert activity.collect_missed() == 1
    assert activity.collect_missed() == 0
    assert story.told == ["viewed"]


def test_catching_up_ends_when_its_time_is_over_and_goes_on_later(story: Story) -> None:
    for _number in range(2):
        make_proposal(story.proposal.connection, details_as_of=timezone.now())
    assert [activity.collect_missed(seconds=0), activity.collect_missed()] == [1, 2]


def test_an_event_before_any_details_leaves_their_first_reading_the_first(story: Story) -> None:
    story.change(details_as_of=None)
    story.note("proposal_viewed", 1)
    assert not ActivityState.objects.exists()
    story.change(details_as_of=timezone.now() + timedelta(seconds=1))
    story.collect()
    assert ActivityState.objects.get().status == "open"
    assert Proposal.objects.get().activities.count() == 1


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
