"""The reason of a loss is told with it: in the feed, in the timeline and to the owner."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from offorte_portal.activity.telling import tell
from offorte_portal.adminkit.timeline import read_timeline
from offorte_portal.tracking.losses import Why, explain
from offorte_portal.tracking.models import Loss
from proposals.models import Proposal
from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


def headlines(story: Story) -> list[str]:
    return [each.headline for each in tell(story.entries[::-1], None)]


def test_the_reason_of_a_loss_is_told_with_it(known: Story, make_seller: Callable[..., User]) -> None:
    pieter = make_seller("pieter@example.com", first_name="Pieter", last_name="Kok")
    operation = known.operate(2, pieter, status="lost")
    known.log("status lost", 2, "Sanne Jansen", "user")
    known.change(status="lost")
    Loss.objects.create(
        connection=known.proposal.connection, proposal=known.proposal, operation=operation, words="100% <b>te duur</b>"
    )
    known.collect()
    assert headlines(known) == ["Pieter Kok marked Verbouwing kantoor as lost: 100% <b>te duur</b>"]
    (event,) = read_timeline(Proposal.objects.get(pk=known.proposal.pk))
    assert (event.who, event.what, event.reason) == (
        "Pieter Kok", "marked the proposal as lost", "100% <b>te duur</b>"
    )  # fmt: skip


def test_a_reason_that_is_given_later_is_told_of_the_newest_loss(known: Story, sanne: User) -> None:
    known.log("status lost", 2, "Els Bakker", "user")
    known.log("status open", 14, "Els Bakker", "user")
    known.log("status lost", 26, "Els Bakker", "user")
    known.change(status="lost")
    known.collect()
    explain(Proposal.objects.get(), Why(words="Te duur"), by=sanne)
    assert headlines(known) == [
        "Els Bakker marked Verbouwing kantoor as lost: Te duur",
        "Els Bakker reopened Verbouwing kantoor",
        "Els Bakker marked Verbouwing kantoor as lost",
    ]
