"""Sending a proposal from the browser's side: it is said who gets what, and asked, before anything goes out."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Person
from offorte_portal.compose import sending
from offorte_portal.simulator import Simulator
from proposals.models import EmailTemplate, Proposal
from tests.compose.composing import told
from tests.compose.pages.sending.steps import confirm, filled, preview, sends
from tests.support.factories import make_person
from tests.support.forms import writes_of

pytestmark = pytest.mark.django_db


def test_nothing_is_sent_before_it_was_said_who_gets_what(
    client: Client,
    url: str,
    simulator: Simulator,
    person: Person,
    proposal: Proposal,
) -> None:
    page = preview(client, url, send_message="Dag {company_people_firstname} van {company_name}, {weather_today}")
    (shown,) = page.context["previews"]
    assert shown.person == person
    assert shown.text == f"Dag {person.firstname} van {proposal.company}, {{weather_today}}"
    assert page.context["unknown"] == ["weather_today"]
    assert shown.empty == []
    assert writes_of(simulator) == []
    done = confirm(client, url, page)
    assert done.redirect_chain == [(f"/send/{proposal.pk}/links/", 302)]
    assert told(done) == ["“Dakkapel” was sent."]
    (body,) = sends(simulator)
    assert body == {
        "password_reset": False,
        "send_method": "offorte",
        "send_message": "Dag {company_people_firstname} van {company_name}, {weather_today}",
    }


def test_a_message_that_was_sent_before_says_so_until_it_is_changed(
    client: Client, url: str, proposal: Proposal
) -> None:
    assert client.get(url).context["message_source"] == ""
    confirm(client, url, preview(client, url, send_message="Hoi, hier is “Dakkapel”."))
    again = client.get(url)
    assert again.context["form"]["send_message"].value() == "Hoi, hier is “Dakkapel”."
    assert again.context["message_source"].startswith("Your last message, sent on ")
    assert again.context["message_source"] in again.content.decode()
    assert preview(client, url, send_message="Anders").context["message_source"] == ""


def test_a_hole_in_a_message_is_pointed_out(client: Client, url: str, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(firstname=" ")
    page = preview(client, url, send_message="Dag {company_people_firstname}")
    assert page.context["previews"][0].empty == ["company_people_firstname"]
    assert "that part of the message stays empty" in page.content.decode()


def test_passed_on_by_hand_with_a_template_nobody_is_mailed(
    client: Client,
    url: str,
    simulator: Simulator,
    proposal: Proposal,
) -> None:
    template = EmailTemplate.objects.order_by("pk")[0]
    page = preview(client, url, send_method="self", words="template", send_message_id=template.remote_id)
    assert f"“{template}”" in page.content.decode()
    done = confirm(client, url, page)
    assert "No e-mail was sent" in told(done)[0]
    assert sends(simulator) == [{"password_reset": False, "send_method": "self", "send_message_id": template.remote_id}]
    assert simulator.sent_mails == []
    proposal.refresh_from_db()
    assert proposal.status == "open"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"contacts": []}, "contacts"),
        ({"contacts": ["999999"]}, "contacts"),
        ({"send_message": "  "}, "send_message"),
        ({"words": "template"}, "send_message_id"),
        ({"words": "template", "send_message_id": "999999"}, "send_message_id"),
        ({"send_method": "pigeon"}, "send_method"),
        ({"words": ""}, "words"),
    ],
)
def test_what_is_missing_is_asked_for(
    client: Client, url: str, simulator: Simulator, typed: dict[str, Any], field: str
) -> None:
    page = preview(client, url, **typed)
    assert field in page.context["form"].errors
    assert writes_of(simulator) == []


def test_one_can_go_back_and_change_it(client: Client, url: str) -> None:
    page = preview(client, url, send_message="Eerst zo")
    back = client.post(url, filled(page) | {"change": "1"})
    assert back.context["form"]["send_message"].value() == "Eerst zo"


@pytest.mark.parametrize("state", ["", "x"])
def test_a_form_that_is_nobodys_sends_nothing(client: Client, url: str, simulator: Simulator, state: str) -> None:
    page = preview(client, url)
    client.post(url, filled(page) | {"confirm": "1", "form_state": state})
    assert writes_of(simulator) == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [({"status": "won"}, "in edit or open"), ({"details_as_of": None}, "hasn’t loaded the details")],
)
def test_what_can_not_be_sent_says_why(client: Client, url: str, changes: dict[str, Any], text: str) -> None:
    Proposal.objects.update(**changes)
    assert any(text in one for one in told(client.get(url, follow=True)))


def test_who_has_no_address_is_named(client: Client, url: str, proposal: Proposal) -> None:
    company = {"company": proposal.company, "company_remote_id": proposal.company_remote_id}
    make_person(proposal.connection, fullname="Stille Willy", email="", **company)
    assert "Stille Willy" in client.get(url).content.decode()


def test_who_received_it_before_and_is_not_chosen_is_named(
    client: Client,
    url: str,
    proposal: Proposal,
) -> None:
    proposal.receivers.create(remote_id=9, position=0, fullname="Vroegere Vera", email="vera@example.com")
    page = preview(client, url, again="on", contacts=[str(sending.people_of(proposal)[0].remote_id)])
    assert [str(one) for one in page.context["others"]] == ["Vroegere Vera"]


def test_the_message_to_begin_with_is_in_the_proposals_language_then_the_last_one(
    client: Client, simulator: Simulator, proposal: Proposal, url: str
) -> None:
    for language, greeting in (("nl", "Beste {company_people_firstname}"), ("en", "Dear {company_people_firstname}")):
        Proposal.objects.filter(pk=proposal.pk).update(language=language)
        for reader in ("nl", "en"):
            page = client.get(url, headers={"Accept-Language": reader})
            message = page.context["form"]["send_message"].value()
            assert message.startswith(greeting), (language, reader)
            assert proposal.name in message
