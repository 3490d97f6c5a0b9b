"""Who is told: the owner and who asked for it, once for one happening, and never in a flood."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.activity import followers
from offorte_portal.activity.models import Notification
from offorte_portal.activity.preferences import Channel, Event, Scope, read_choices, save_choices
from offorte_portal.activity.retention import drop_old
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, Proposal
from tests.activity.conftest import Story
from tests.support.factories import make_proposal

pytestmark = pytest.mark.django_db

MakeSeller = Callable[..., User]


def told(user: User) -> list[str]:
    """What the person was told of, oldest first; a number for a notification that stands for many."""
    rows = Notification.objects.filter(user=user).select_related("activity").order_by("id")
    return [row.activity.kind if row.activity else str(row.count) for row in rows]


def choose(user: User, event: Event, channel: Channel, scope: Scope = Scope.OWN) -> None:
    save_choices(user, {(event, scope): channel})


def test_the_owner_is_told_of_what_matters(known: Story, sanne: User) -> None:
    known.log("viewed", 1)
    known.log("viewed pdf", 2)
    known.comment(3)
    known.mail(4)
    known.log("accepted", 5)
    known.log("status open", 16, "Pieter Kok", "user")
    known.log("status lost", 17, "Pieter Kok", "user")
    known.log("status open", 18, "Pieter Kok", "user")
    known.log("status closed", 19, "Pieter Kok", "user")
    known.collect()
    assert sorted(told(sanne)) == ["closed", "commented", "lost", "viewed", "won"]


def test_only_questions_are_mailed_unless_people_choose_more(known: Story, sanne: User) -> None:
    choose(sanne, Event.WON, Channel.MAIL)
    known.log("viewed", 1)
    known.comment(3)
    known.log("accepted", 5)
    known.collect()
    mailed = {row.activity.kind for row in Notification.objects.filter(wants_mail=True) if row.activity}
    assert mailed == {"commented", "won"}


def test_an_event_and_a_sync_tell_of_it_once(known: Story, sanne: User) -> None:
    known.note("proposal_viewed", 1.5)
    known.log("viewed", 1)
    known.note("proposal_viewed", 1.5)
    known.collect()
    assert told(sanne) == ["viewed"]


def test_the_first_reading_notifies_only_of_its_own_event(story: Story, sanne: User) -> None:
    story.log("viewed", 1)
    story.comment(50)
    story.note("proposal_comment_received", 50.4)
    assert len(story.told) == 2
    assert told(sanne) == ["commented"]


def test_a_first_reading_by_a_sync_tells_nobody(story: Story, sanne: User) -> None:
    story.log("viewed", 1)
    story.comment(50)
    story.collect()
    assert told(sanne) == []


def test_old_news_tells_nobody(known: Story, sanne: User) -> None:
    known.log("viewed", -60 * 24)
    known.collect()
    assert known.told == ["viewed"]
    assert told(sanne) == []


def test_the_owner_is_who_was_linked_and_not_who_has_the_address(known: Story, sanne: User) -> None:
    User.objects.filter(pk=sanne.pk).update(email="elsewhere@example.com")
    other = User.objects.create_superuser("other", "SANNE@Example.com")
    known.log("viewed", 1)
    known.collect()
    assert (told(sanne), told(other)) == (["viewed"], [])


@pytest.mark.parametrize("what", ["left", "unlinked", "removed at Offorte"])
def test_who_has_left_or_is_nobody_at_offorte_is_not_told(known: Story, sanne: User, what: str) -> None:
    match what:
        case "left":
            User.objects.update(is_active=False)
        case "unlinked":
            OfforteUserLink.objects.all().delete()
        case "removed at Offorte":
            AccountUser.objects.update(removed_at=timezone.now())
    known.log("viewed", 1)
    known.collect()
    assert told(sanne) == []


def test_who_may_not_see_proposals_is_not_told(known: Story, sanne: User) -> None:
    sanne.user_permissions.clear()
    known.log("viewed", 1)
    known.collect()
    assert told(sanne) == []


def test_who_chose_off_is_not_told(known: Story, sanne: User) -> None:
    choose(sanne, Event.VIEWED, Channel.OFF)
    known.log("viewed", 1)
    known.log("accepted", 2)
    known.collect()
    assert told(sanne) == ["won"]


def test_the_team_is_told_where_it_asks_for_it(known: Story, sanne: User, make_seller: MakeSeller) -> None:
    pieter = make_seller("pieter@example.com")
    choose(pieter, Event.WON, Channel.PORTAL, Scope.TEAM)
    choose(pieter, Event.VIEWED, Channel.PORTAL, Scope.OWN)
    choose(sanne, Event.VIEWED, Channel.OFF, Scope.TEAM)  # which says nothing of her own
    known.log("viewed", 1)
    known.log("accepted", 2)
    known.collect()
    assert told(pieter) == ["won"]
    assert told(sanne) == ["viewed", "won"]


def test_what_somebody_did_in_the_portal_is_no_news_to_them(known: Story, sanne: User, make_seller: MakeSeller) -> None:
    pieter = make_seller("pieter@example.com")
    choose(pieter, Event.LOST, Channel.PORTAL, Scope.TEAM)
    operation = known.operate(2, sanne, status="lost")
    known.log("status lost", 2, "Anna Admin", "user")
    known.collect()
    assert (told(sanne), told(pieter)) == ([], ["lost"])
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.REJECTED)
    known.log("status open", 4, "Sanne Jansen", "user")
    known.log("status lost", 16, "Pieter Kok", "user")
    known.collect()
    assert (told(sanne), told(pieter)) == (["lost"], ["lost", "lost"])


@pytest.mark.parametrize("minutes", [2, 62])
def test_an_event_that_comes_late_is_no_news_to_whoever_did_it(known: Story, sanne: User, minutes: int) -> None:
    known.operate(2, sanne, status="lost")
    known.note("proposal_lost", minutes, "lost")
    known.log("status lost", 2, "Anna Admin", "user")
    known.collect()
    assert known.told == ["lost"]
    assert told(sanne) == []


def test_an_event_before_the_answer_is_no_news_to_whoever_did_it(known: Story, sanne: User) -> None:
    known.operate(2, sanne, status="lost", state=Operation.State.SENDING)
    known.note("proposal_lost", 2.1, "lost")
    assert known.told == ["lost"]
    assert told(sanne) == []


def test_what_somebody_did_in_offorte_is_no_news_to_them(known: Story, sanne: User) -> None:
    AccountUser.objects.update(firstname="Sanne", lastname="Jansen")
    known.log("status lost", 2, "Sanne Jansen", "user")
    known.collect()
    assert known.told == ["lost"]
    assert told(sanne) == []


def test_the_owner_is_told_of_what_a_manager_decided(known: Story, sanne: User, make_seller: MakeSeller) -> None:
    known.operate(2, make_seller("pieter@example.com"), status="lost")
    known.log("status lost", 2, "Sanne Jansen", "user")
    known.collect()
    assert told(sanne) == ["lost"]


def test_a_gap_brings_a_few_one_by_one_and_counts_the_rest(known: Story, sanne: User) -> None:
    others = [
        make_proposal(
            known.proposal.connection,
            owner_email="sanne@example.com",
            details_as_of=timezone.now(),
            as_of=timezone.now(),
        )
        for _number in range(30)
    ]
    assert followers.rebuild(known.proposal.connection_id, 0) is None
    for proposal in others:
        missed = Story(proposal, known.begin)
        missed.log("viewed", 1)
        missed.collect()
    assert told(sanne) == ["viewed"] * 10 + ["20"]
    assert Notification.objects.filter(activity=None, wants_mail=False).count() == 1
    known.comment(5)
    known.collect()
    assert told(sanne) == ["viewed"] * 10 + ["21"]
    assert Notification.objects.filter(activity=None, wants_mail=True).count() == 1


def test_after_a_while_people_are_told_one_by_one_again(known: Story, sanne: User) -> None:
    for minutes in range(0, 60 * 13, 60):
        known.log("viewed", -minutes)
    known.collect()
    assert told(sanne) == ["viewed"] * 10 + ["3"]
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    known.comment(50)
    known.collect()
    assert told(sanne) == ["viewed"] * 10 + ["3", "commented"]


def test_a_count_that_was_read_begins_anew(known: Story, sanne: User) -> None:
    for minutes in range(0, 60 * 12, 60):
        known.log("viewed", -minutes)
    known.collect()
    Notification.objects.filter(activity=None).update(read_at=timezone.now())
    known.comment(50)
    known.collect()
    assert told(sanne)[10:] == ["2", "1"]


def test_without_an_owner_only_the_team_is_told(known: Story, sanne: User) -> None:
    Proposal.objects.update(owner_email="")
    known.log("viewed", 1)
    known.collect()
    assert told(sanne) == []


def test_choices_are_kept_and_the_others_stay_as_they_are(sanne: User) -> None:
    before = read_choices(sanne)
    assert before["commented", "own"] == Channel.MAIL
    assert {before[event.value, "team"] for event in Event} == {Channel.OFF}
    choose(sanne, Event.LOST, Channel.MAIL, Scope.TEAM)
    choose(sanne, Event.LOST, Channel.OFF, Scope.TEAM)
    choose(sanne, Event.WON, Channel.OFF)
    assert read_choices(sanne) == before | {("won", "own"): "off"}


def test_notifications_go_after_three_months(known: Story, sanne: User) -> None:
    known.log("viewed", 1)
    known.comment(2)
    known.collect()
    newer, older = Notification.objects.filter(user=sanne)
    Notification.objects.filter(pk=older.pk).update(created_at=timezone.now() - timedelta(days=91))
    assert drop_old() == 1
    assert Notification.objects.get() == newer
