"""Marking a proposal as lost on its own form."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.forms import filled, form_url, save

pytestmark = pytest.mark.django_db


def why_of(proposal: Proposal) -> str:
    loss = losses.current([Proposal.objects.get(pk=proposal.pk)]).get(proposal.pk)
    return losses.describe(loss) if loss else ""


def test_lost_asks_for_a_reason_and_keeps_it(
    client: Client, sanne: User, mirrored: Proposal, expensive: LostReason
) -> None:
    page = save(client, form_url(mirrored), status="lost")
    assert list(page.context["form"].errors) == ["reason"]
    assert not Operation.objects.exists()
    save(client, form_url(mirrored), status="lost", reason=str(expensive.pk), competitor="Bouwcombi", name="Anders")
    assert why_of(mirrored) == "Too expensive · Competitor: Bouwcombi"
    assert Operation.objects.get().draft == {"status": "lost", "name": "Anders"}
    assert "reason" not in client.get(form_url(mirrored)).context["form"].fields


def test_other_changes_need_no_reason(client: Client, sanne: User, mirrored: Proposal) -> None:
    LostReason.objects.update(is_active=False)
    save(client, form_url(mirrored), name="Anders", competitor="Bouwcombi")
    assert Operation.objects.get().draft == {"name": "Anders"}
    assert not Loss.objects.exists()
    page = save(client, form_url(mirrored), status="lost")
    assert list(page.context["form"].errors) == ["words"]


def test_the_form_sent_twice_keeps_one_loss(client: Client, sanne: User, mirrored: Proposal) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    data: dict[str, Any] = filled(client.get(form_url(mirrored))) | {
        "status": "lost",
        "reason": "other",
        "words": "Nee",
    }
    client.post(form_url(mirrored), data)
    client.post(form_url(mirrored), data)
    assert [str(loss) for loss in Loss.objects.all()] == ["Nee"]
