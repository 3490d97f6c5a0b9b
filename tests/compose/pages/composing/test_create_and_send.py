"""Creating a proposal and going on to its page to send it, in one go, and never twice."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Person
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.compose.composing import NEW, created, document, filled, sign_in, submit, told
from tests.compose.drafting import price_row
from tests.compose.pages.sending.steps import confirm, preview, sends

pytestmark = pytest.mark.django_db
State = Operation.State


def create_and_send(client: Client, page: Any, **typed: Any) -> Any:
    return client.post(page.context["action"], filled(page) | typed | {"create": "send"}, follow=True)


def test_it_leads_to_the_page_that_sends_with_recipients_and_message(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any], person: Person
) -> None:
    page = create_and_send(client, client.get(NEW), **complete)
    row = Proposal.objects.get(name="Dakkapel")
    assert page.redirect_chain == [(f"/send/{row.pk}/", 302)]
    assert page.context["form"]["contacts"].value() == [str(person.remote_id)]
    assert "Dakkapel" in page.context["form"]["send_message"].value()
    assert "This proposal is a draft in Offorte." in page.content.decode()
    assert sends(simulator) == []
    url = f"/send/{row.pk}/"
    asked = preview(client, url)
    assert [each.person for each in asked.context["previews"]] == [person]
    confirm(client, url, asked)
    assert len(sends(simulator)) == len(created(simulator)) == 1


def test_the_same_form_twice_is_one_proposal_and_leads_to_the_same_page(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    page = submit(client, client.get(NEW), name="Dakkapel")
    first = create_and_send(client, page, **complete)
    second = create_and_send(client, page, **complete)
    assert first.redirect_chain == second.redirect_chain == [(f"/send/{Proposal.objects.latest('pk').pk}/", 302)]
    assert len(created(simulator)) == 1
    assert sends(simulator) == []


def test_what_offorte_refuses_is_neither_created_nor_sent(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    simulator.faults.add(Fault("status", status=422, method="POST", path="/proposals/"))
    page = create_and_send(client, client.get(NEW), **complete)
    assert "The proposal was not created." in page.content.decode()
    assert not Proposal.objects.filter(name="Dakkapel").exists()
    assert sends(simulator) == []
    assert Draft.objects.get().name == "Dakkapel"


def test_what_is_missing_is_asked_for_before_anything_is_created(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    page = create_and_send(client, client.get(NEW), **complete | {"document": document(price_row(price=""))})
    assert page.context["fault_count"] == 1
    assert created(simulator) == sends(simulator) == []


def test_an_answer_that_was_lost_sends_nothing_and_says_so(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    simulator.faults.add(Fault("drop_after", method="POST", path="/proposals/"))
    page = create_and_send(client, client.get(NEW), **complete)
    assert Operation.objects.get().state == State.UNKNOWN
    assert any("Nothing was sent." in text for text in told(page))
    assert sends(simulator) == []


def test_who_may_not_send_is_not_offered_it(connection: Connection, simulator: Simulator) -> None:
    seller = sign_in("Seller", "sem")
    assert "Create and send" in seller.get(NEW).content.decode()
    group = seller.get(NEW).wsgi_request.user.groups.get()
    group.permissions.remove(group.permissions.get(codename="send_proposal"))
    assert "Create and send" not in seller.get(NEW).content.decode()


def test_a_colleagues_name_is_not_sent_from(
    connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    """A seller without an Offorte user creates a proposal that Offorte gives to somebody else."""
    seller = sign_in("Seller", "sem")
    page = create_and_send(seller, seller.get(NEW), **complete)
    assert not any(url.startswith("/send/") for url, _ in page.redirect_chain)
    assert page.status_code == 200
    assert sends(simulator) == []
