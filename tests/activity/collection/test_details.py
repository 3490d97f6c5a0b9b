"""What the details of a proposal tell becomes entries, once, also what was read before there was a feed."""

import pytest
from django.utils import timezone

from offorte_portal.activity import followers
from offorte_portal.activity.models import Activity, ActivityState
from proposals.models import Comment, LogEntry, SentEmail
from tests.activity.conftest import Story
from tests.support.factories import make_proposal

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


def test_what_staff_did_or_is_not_understood_is_left_out(story: Story) -> None:
    story.log("viewed", 1, "Sanne Jansen", "user")
    story.log("danced", 2)
    LogEntry.objects.create(proposal=story.proposal, position=9, action="proposal: viewed", type="client")
    SentEmail.objects.create(proposal=story.proposal, remote_id=1, position=1)
    assert story.collect() == []


def test_a_comment_without_a_date_is_as_old_as_the_news_of_it(story: Story) -> None:
    story.comment(0)
    Comment.objects.update(commented_at=None)
    story.collect()
    assert story.entries[0].happened_at == story.proposal.as_of


def test_a_long_question_is_cut(story: Story) -> None:
    story.comment(1, comment="<script>" + "x" * 1_000_000)
    story.collect()
    assert len(story.entries[0].text) == 500


def test_a_question_that_is_answered_or_old_is_read(story: Story) -> None:
    story.comment(-60 * 30)
    story.comment(1, 2)
    story.collect()
    assert [entry.is_unread for entry in story.entries] == [False, True]
    story.comment(5, 3, type="user")
    story.comment(9, 4)
    story.collect()
    assert [entry.is_unread for entry in story.entries] == [False, False, False, True]


def test_the_feed_follows_the_owner(story: Story) -> None:
    story.log("viewed", 10)
    story.collect()
    story.change(owner_email="Pieter@Example.com")
    story.collect()
    assert [entry.owner_key for entry in story.entries] == ["pieter@example.com"]


def test_what_was_read_before_there_was_a_feed_is_caught_up_with(story: Story) -> None:
    story.log("viewed", 10)
    account = story.proposal.connection
    make_proposal(account)  # whose details were never read
    make_proposal(account, details_as_of=timezone.now(), removed_at=timezone.now())
    assert followers.rebuild(account.pk, 0) is None
    assert ActivityState.objects.count() == 1
    assert story.told == ["viewed"]


def test_catching_up_goes_on_where_it_ended(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "MOST_AT_ONCE", 2)
    account = story.proposal.connection
    rows = [make_proposal(account, details_as_of=timezone.now()) for _number in range(2)]
    assert followers.rebuild(account.pk, 0) == rows[0].pk
    assert followers.rebuild(account.pk, rows[0].pk) is None
    assert ActivityState.objects.count() == 3
