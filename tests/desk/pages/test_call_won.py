"""Winning from a row of the call list: in place, at Offorte, once, and with a way back."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.fixtures import member
from tests.support.forms import writes_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def open_one(proposal: Proposal, simulator: Simulator) -> Proposal:
    """An open proposal of the seller's."""
    simulator.account("bouw").update_proposal(proposal.remote_id, status="open")
    Proposal.objects.filter(pk=proposal.pk).update(status="open")
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def client(seller: User) -> Client:
    return sign_in(seller)


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def win(client: Client, proposal: Proposal, key: str = "", headers: dict[str, str] = HTMX) -> Any:
    given = {"key": key or str(uuid.uuid4()), "next": "?who=mine"}
    return client.post(f"/home/calls/{proposal.pk}/won/", given, headers=headers)


def status_of(simulator: Simulator, proposal: Proposal) -> str:
    return str(simulator.account("bouw").proposals[proposal.remote_id]["status"])


def test_its_row_becomes_one_that_undoes_it(client: Client, open_one: Proposal, simulator: Simulator) -> None:
    html = win(client, open_one).content.decode()
    operation = Operation.objects.get()
    assert html.lstrip().startswith(f'<li class="call-done" id="call-{open_one.pk}"')
    assert f"Won: {open_one.name}" in html
    assert status_of(simulator, open_one) == "won"
    page = client.post(f"/home/calls/{operation.pk}/undo-won/", {"next": "?who=mine"})
    assert page["Location"] == f"/?who=mine#call-{open_one.pk}"
    assert status_of(simulator, open_one) == "open"


def test_without_scripts_the_list_is_shown_again(client: Client, open_one: Proposal) -> None:
    page = win(client, open_one, headers={})
    assert page["Location"] == f"/?who=mine#call-{open_one.pk}"
    assert "was saved in Offorte" in client.get("/").content.decode()


def test_two_clicks_win_once(client: Client, open_one: Proposal, simulator: Simulator) -> None:
    key, before = str(uuid.uuid4()), len(writes_of(simulator))
    for _click in range(2):
        assert "Won:" in win(client, open_one, key).content.decode()
    assert len(writes_of(simulator)) == before + 1


def test_what_offorte_refuses_is_said_on_the_list(client: Client, open_one: Proposal, simulator: Simulator) -> None:
    simulator.faults.add(Fault("status", method="PATCH", status=422))
    answer = win(client, open_one)
    assert answer["HX-Redirect"] == f"/?who=mine#call-{open_one.pk}"
    assert "Nothing changed in Offorte" in client.get("/").content.decode()
    assert status_of(simulator, open_one) == "open"


def test_a_form_without_its_key_wins_nothing(client: Client, open_one: Proposal, simulator: Simulator) -> None:
    assert win(client, open_one, "nonsense")["HX-Redirect"].startswith("/")
    assert status_of(simulator, open_one) == "open"


def test_what_a_colleague_sells_is_not_a_sellers_to_win_or_undo(
    client: Client, open_one: Proposal, simulator: Simulator
) -> None:
    other = sign_in(member("Seller", "tom"))
    assert win(other, open_one).status_code == 403
    win(client, open_one)
    undo = f"/home/calls/{Operation.objects.get().pk}/undo-won/"
    assert other.post(undo).status_code == 403
    assert client.get(undo).status_code == 405
    assert client.get(f"/home/calls/{open_one.pk}/won/").status_code == 405
    assert status_of(simulator, open_one) == "won"


def test_only_a_win_is_taken_back_here(client: Client, open_one: Proposal, seller: User) -> None:
    win(client, open_one)
    Operation.objects.update(draft={"status": "closed"})
    assert client.post(f"/home/calls/{Operation.objects.get().pk}/undo-won/").status_code == 404
