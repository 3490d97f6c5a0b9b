"""Events that tell little, come too early or can't be right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from offorte_portal.activity import collection
from offorte_portal.activity.models import Activity, ActivityState
from proposals.models import Proposal
from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


def test_events_that_tell_of_nothing_to_show_still_collect(known: Story) -> None:
    known.log("viewed", 10)
    known.note("proposal_details_updated", 11)
    assert known.told == ["viewed"]


def test_the_event_of_a_proposal_that_is_not_there_is_nothing(known: Story) -> None:
    collection.note(
        connection_id=known.proposal.connection_id,
        name="proposal_viewed",
        remote_id=987_654,
        happened_at=known.at(1),
    )
    assert Activity.objects.count() == 0


def test_an_event_from_the_future_happened_now(known: Story) -> None:
    known.note("proposal_viewed", 60 * 24 * 365)
    assert known.entries[0].happened_at <= timezone.now()


def test_details_after_an_event_are_still_the_first_reading(story: Story) -> None:
    story.change(details_as_of=None)
    story.note("proposal_viewed", 1)
    assert not ActivityState.objects.exists()
    story.change(details_as_of=timezone.now() + timedelta(seconds=1))
    story.collect()
    assert ActivityState.objects.get().status == "open"
    assert Proposal.objects.get().activities.count() == 1
