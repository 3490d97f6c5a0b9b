"""The page that asks why a proposal was lost."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.simulator import Simulator
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import link, make_proposal, make_staff
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db


def address(proposal: Proposal) -> str:
    return reverse("proposal_lost", args=[proposal.pk])


def fill(page: Any, **typed: Any) -> dict[str, Any]:
    """What the form of a page is posted with."""
    form = page.context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    return given | {"next": page.context["next"]} | typed


def lose(client: Client, proposal: Proposal, **typed: Any) -> Any:
    return client.post(address(proposal), fill(client.get(address(proposal) + "?next=/board/"), **typed))


def why_of(proposal: Proposal) -> str:
    loss = losses.current([Proposal.objects.get(pk=proposal.pk)]).get(proposal.pk)
    return losses.describe(loss) if loss else ""


def test_it_asks_for_a_reason_and_loses(client: Client, sanne: User, mirrored: Proposal, expensive: LostReason) -> None:
    response = lose(client, mirrored, reason=str(expensive.pk), competitor=" Bouw  Combi ")
    assert response["Location"] == "/board/"
    assert why_of(mirrored) == "Too expensive · Competitor: Bouw Combi"
    assert "was saved in Offorte" in client.get("/board/").content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "999999"}, "reason"),
        ({"reason": "other", "words": "  "}, "words"),
        ({"reason": "other", "words": "x" * 501}, "words"),
        ({"reason": "other", "words": "x", "competitor": "y" * 121}, "competitor"),
        ({"reason": "other", "words": "a\0b"}, "words"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_loses_nothing(
    client: Client, sanne: User, mirrored: Proposal, typed: dict[str, str], field: str
) -> None:
    page = lose(client, mirrored, **typed)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {field}
    assert not Operation.objects.exists()


def test_without_a_list_there_are_words_only(client: Client, sanne: User, mirrored: Proposal) -> None:
    LostReason.objects.update(is_active=False)
    page = client.get(address(mirrored))
    assert "reason" not in page.context["form"].fields
    lose(client, mirrored, words="Verhuisd")
    assert why_of(mirrored) == "Verhuisd"


def test_the_same_submit_twice_loses_once(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator
) -> None:
    data = fill(client.get(address(mirrored)), reason="other", words="Verhuisd")
    client.post(address(mirrored), data)
    client.post(address(mirrored), data)
    assert [request.method for request in simulator.requests].count("PATCH") == 1
    assert why_of(mirrored) == "Verhuisd"
    assert Loss.objects.count() == 1


def test_what_a_colleague_won_meanwhile_is_asked_about(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator, expensive: LostReason
) -> None:
    data = fill(client.get(address(mirrored)), reason=str(expensive.pk))
    client.post(reverse("board_move", args=[mirrored.pk]), {"status": "won", "key": str(uuid.uuid4())})
    page = client.post(address(mirrored), data)
    assert page.context["decided"] == "Won"
    assert page.context["decided_by"].startswith("sanne")
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "won"
    assert client.post(address(mirrored), fill(page)).status_code == 302
    assert why_of(mirrored) == "Too expensive"


def test_what_was_won_in_offorte_meanwhile_is_asked_about(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator, expensive: LostReason
) -> None:
    simulator.account("bouw").proposals[mirrored.remote_id]["status"] = "won"
    page = lose(client, mirrored, reason=str(expensive.pk))
    assert page.context["decided"] == "Won"
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "won"
    assert client.post(address(mirrored), fill(page)).status_code == 302
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "lost"


def test_what_is_lost_already_gets_a_reason_without_a_request(
    client: Client, sanne: User, expensive: LostReason
) -> None:
    proposal = make_proposal(status="lost")
    lose(client, proposal, reason=str(expensive.pk))
    assert why_of(proposal) == "Too expensive"
    page = client.get(address(proposal))
    assert page.context["form"]["reason"].value() == str(expensive.pk)
    assert not Operation.objects.exists()


def test_an_archived_reason_stays_with_what_was_lost_for_it(client: Client, sanne: User, expensive: LostReason) -> None:
    proposal = make_proposal(status="lost")
    losses.explain(proposal, Why(expensive), by=sanne)
    LostReason.objects.filter(pk=expensive.pk).update(is_active=False)
    lose(client, proposal, words="Te veel")
    assert why_of(proposal) == "Too expensive · “Te veel”"
    assert "Too expensive" not in client.get(address(make_proposal())).content.decode()


def test_a_dialog_is_told_where_to_go_and_the_message_waits_there(
    client: Client, sanne: User, mirrored: Proposal, expensive: LostReason
) -> None:
    page = client.get(address(mirrored) + "?next=/board/%23card-1")
    answer = client.post(address(mirrored), fill(page, reason=str(expensive.pk)), headers={"X-Dialog": "true"})
    assert (answer.status_code, answer["X-Location"]) == (204, "/board/#card-1")
    assert "was saved in Offorte" in client.get("/board/").content.decode()


def test_it_leads_back_to_pages_of_ours_only(client: Client, sanne: User) -> None:
    proposal = make_proposal(status="lost")
    page = client.get(address(proposal) + "?next=https://elsewhere.example/")
    assert page.context["next"] == reverse("admin:proposals_proposal_change", args=[proposal.pk])


def test_sellers_lose_their_own_and_viewers_nothing(client: Client) -> None:
    seller = member("Seller", "pim")
    client.force_login(seller)
    own = make_proposal(owner_remote_id=link(seller).remote_id, status="lost")
    other = make_proposal(owner_remote_id=999_999, status="lost")
    data = {"reason": "other", "words": "x", "key": str(uuid.uuid4()), "seen": "lost"}
    assert client.post(address(own), data).status_code == 302
    assert client.get(address(other)).status_code == 403
    assert client.post(address(other), data).status_code == 403
    client.force_login(member("Viewer", "vera"))
    assert client.post(address(own), data).status_code == 403
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get(address(own)).status_code == 403
    assert Loss.objects.count() == 1


def test_of_two_people_who_lose_it_the_second_is_told_of_the_first(
    client: Client, sanne: User, mirrored: Proposal, expensive: LostReason
) -> None:
    data = fill(client.get(address(mirrored)), reason="other", words="Verhuisd")
    pieter = Client()
    pieter.force_login(make_staff("pieter", first_name="Pieter", last_name="Kok"))
    lose(pieter, mirrored, reason=str(expensive.pk))
    page = client.post(address(mirrored), data)
    assert page.context["beaten_by"] == "Pieter Kok marked it as lost just now. Reason: Too expensive."
    assert why_of(mirrored) == "Too expensive"
    assert client.post(address(mirrored), fill(page)).status_code == 302
    assert why_of(mirrored) == "Verhuisd"
    assert Operation.objects.count() == 1


def test_the_same_reason_twice_asks_nothing(
    client: Client, sanne: User, mirrored: Proposal, expensive: LostReason
) -> None:
    data = fill(client.get(address(mirrored)), reason=str(expensive.pk))
    pieter = Client()
    pieter.force_login(make_staff("pieter"))
    lose(pieter, mirrored, reason=str(expensive.pk))
    assert client.post(address(mirrored), data).status_code == 302
    assert Loss.objects.count() == 1
