"""What one bulk job did is one notification, which counts what is left of it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.activity.models import Notification
from offorte_portal.activity.telling import tell_notified
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.activity.conftest import Story
from tests.support.factories import make_proposal
from tests.writes.factories import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(known: Story, sanne: User, make_seller: Callable[..., User]) -> list[Story]:
    """Twelve of Sanne's proposals that Pieter's job marked as lost."""
    pieter = make_seller("pieter@example.com", first_name="Pieter", last_name="Kok")
    job = make_job(pieter)
    stories = [Story(make_own(known), known.begin) for _number in range(12)]
    for story in stories:
        story.collect()
        story.operate(2, pieter, job=job, status="lost", before={"status": "open"})
        story.log("status lost", 2, "Sanne Jansen", "user")
        story.collect()
    return stories


def make_own(known: Story) -> Proposal:
    now = timezone.now()
    return make_proposal(known.proposal.connection, owner_email="sanne@example.com", details_as_of=now, as_of=now)


def headlines(user: User) -> list[str]:
    rows = list(Notification.objects.filter(user=user).select_related("activity__proposal").order_by("id"))
    stories = tell_notified(rows, user)
    return [stories[row.pk].headline for row in rows]


@pytest.mark.usefixtures("lost")
def test_what_one_job_did_is_one_notification(sanne: User) -> None:
    assert headlines(sanne) == ["Pieter Kok marked 12 of your proposals as lost"]


def test_a_notification_of_a_job_counts_what_is_left_after_an_undo(lost: list[Story], sanne: User) -> None:
    for story in lost[:3]:
        operation = Operation.objects.get(remote_id=story.proposal.remote_id)
        story.undo(4, operation.requested_by, operation)
        story.collect()
    assert headlines(sanne) == ["Pieter Kok marked 9 of your proposals as lost"]
    for story in lost[3:]:
        operation = Operation.objects.get(remote_id=story.proposal.remote_id)
        story.undo(4, operation.requested_by, operation)
        story.collect()
    assert headlines(sanne) == []


def test_a_job_that_goes_on_is_news_again(lost: list[Story], known: Story, sanne: User) -> None:
    Notification.objects.update(read_at=timezone.now())
    operation = Operation.objects.get(remote_id=lost[0].proposal.remote_id)
    known.operate(3, operation.requested_by, job=operation.job, status="lost")
    known.collect()
    assert headlines(sanne) == ["Pieter Kok marked 13 of your proposals as lost"]
    assert Notification.objects.filter(user=sanne, read_at__isnull=True).count() == 1
