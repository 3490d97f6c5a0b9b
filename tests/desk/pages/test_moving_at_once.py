"""Two people who move one card: the second is told by whom it was moved, and nothing is overwritten."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.jobs.conftest import Start, start, work_off
from tests.support.factories import make_staff
from tests.support.feed import bring_up_to_date
from tests.support.mirrored import mirror_account

__all__ = ["start"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    return make_staff("boss", first_name="Pieter", last_name="Kok")


@pytest.fixture
def mirrored(simulator: Simulator, connect: Callable[..., Connection]) -> Proposal:
    mirror_account(connect(), simulator)
    bring_up_to_date()
    return Proposal.objects.filter(status="open").order_by("pk")[0]


@pytest.fixture
def pieter(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def sanne(db: None) -> Client:
    client = Client()
    client.force_login(make_staff("sanne", first_name="Sanne", last_name="Bos"))
    return client


def move(client: Client, proposal: Proposal, status: str, **extra: str) -> list[str]:
    """Move a card that the page showed as open; return what the next page says."""
    data = {"status": status, "seen": "open", "key": str(uuid.uuid4()), "next": "/board/"} | extra
    response: Any = client.post(reverse("board_move", args=[proposal.pk]), data, follow=True)
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("status", ["won", "closed", "edit"])
def test_the_second_is_told_of_the_first(
    pieter: Client, sanne: Client, mirrored: Proposal, simulator: Simulator, status: str
) -> None:
    move(pieter, mirrored, "won")
    assert move(sanne, mirrored, status) == [f"“{mirrored}” wasn’t moved. Pieter Kok marked it as won just now."]
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "won"
    assert Operation.objects.count() == 1
    # Whoever has seen it may move it on.
    move(sanne, mirrored, "closed", seen="won")
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "closed"


def test_what_was_decided_in_offorte_is_told_too(sanne: Client, mirrored: Proposal, simulator: Simulator) -> None:
    simulator.account("bouw").proposals[mirrored.remote_id]["status"] = "won"
    assert move(sanne, mirrored, "closed") == [f"“{mirrored}” wasn’t moved. In Offorte, it’s marked as won."]
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "won"


def test_a_row_of_a_bulk_job_says_who_was_first(
    pieter: Client, sanne: Client, mirrored: Proposal, start: Start
) -> None:
    move(sanne, mirrored, "won")
    job = work_off(start("proposals.mark_won", [mirrored]))
    page = pieter.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()
    assert "Already won. <bdi>Sanne Bos marked it as won just now.</bdi>" in page


def test_a_row_of_the_call_list_says_who_was_first(pieter: Client, sanne: Client, mirrored: Proposal) -> None:
    move(pieter, mirrored, "closed")
    response: Any = sanne.post(reverse("call_won", args=[mirrored.pk]), {"key": str(uuid.uuid4())}, follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert told == [f"“{mirrored}” wasn’t moved. Pieter Kok marked it as closed just now."]
    assert Operation.objects.count() == 1
