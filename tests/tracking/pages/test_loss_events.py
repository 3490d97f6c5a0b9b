"""Reasons that were given or corrected are told in the timeline of the proposal."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal import ports
from offorte_portal.simulator import Simulator
from offorte_portal.sync.refreshing import refresh
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import Loss, LostReason
from proposals.models import Proposal
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def pieter() -> User:
    return make_staff("pieter", first_name="Pieter", last_name="Kok")


def told(client: Client, proposal: Proposal) -> list[str]:
    """What the timeline says of lost reasons, the newest first."""
    page = client.get(reverse("admin:proposals_proposal_change", args=[proposal.pk]))
    assert page.status_code == 200
    html = page.content.decode()
    lines = [" ".join(re.sub(r"<[^>]*>", " ", line).split()) for line in re.findall(r"(?s)<p><b><bdi>.*?</p>", html)]
    return [line for line in lines if "lost reason" in line]


def test_a_correction_is_told_with_what_it_was_before(
    client: Client, sanne: User, pieter: User, mirrored: Proposal, expensive: LostReason, simulator: Simulator
) -> None:
    losses.lose(mirrored, Why(expensive, competitor="Bouwcombi"), by=sanne, key=uuid.uuid4())
    assert told(client, mirrored) == []
    losses.explain(mirrored, Why(words="Verhuisd"), by=pieter)
    assert told(client, mirrored) == [
        "Pieter Kok changed the lost reason: Too expensive · Competitor: Bouwcombi → Verhuisd"
    ]
    losses.explain(mirrored, Why(words="Verhuisd", competitor="Zuid"), by=pieter)
    losses.explain(mirrored, Why(words="Gestopt", competitor="Zuid"), by=pieter)
    assert told(client, mirrored)[:2] == [
        "Pieter Kok changed the lost reason: Verhuisd → Gestopt",
        "Pieter Kok changed the lost reason: – → Competitor: Zuid",
    ]
    losses.explain(mirrored, Why(words="Gestopt", competitor="Zuid"), by=sanne)
    assert len(told(client, mirrored)) == 3
    # What was lost once is told of when it is open again, too.
    simulator.account("bouw").proposals[mirrored.remote_id]["status"] = "open"
    refresh(mirrored)
    assert len(told(client, mirrored)) == 3


def test_a_reason_that_is_given_later_is_told(
    client: Client, sanne: User, pieter: User, mirrored: Proposal, simulator: Simulator
) -> None:
    simulator.account("bouw").proposals[mirrored.remote_id]["status"] = "lost"
    refresh(mirrored)
    losses.explain(mirrored, Why(words="Verhuisd"), by=pieter)
    assert told(client, mirrored) == ["Pieter Kok gave the lost reason: Verhuisd"]


def test_another_loss_corrects_none(client: Client, sanne: User, mirrored: Proposal, expensive: LostReason) -> None:
    losses.explain(mirrored, Why(words="Verhuisd"), by=sanne)
    losses.explain(mirrored, Why(), by=sanne)
    Loss.objects.update(at=ports.now() - timedelta(days=2), ended_at=ports.now() - timedelta(days=1))
    losses.lose(mirrored, Why(expensive), by=sanne, key=uuid.uuid4())
    assert told(client, mirrored) == []
