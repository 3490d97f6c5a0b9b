"""Sending a proposal and having that approved, from the browser's side."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from contacts.models import Person
from offorte_portal.models import Connection, Operation
from offorte_portal.services import writes
from offorte_portal.services.compose import sending
from offorte_portal.simulator import Fault, Simulator
from proposals.models import Approval, ApprovalSettings, EmailTemplate, Proposal
from tests.factories import make_person, make_staff
from tests.forms import writes_of
from tests.services.compose.conftest import member
from tests.views.composing import told

pytestmark = pytest.mark.django_db
State = Operation.State


@pytest.fixture
def url(proposal: Proposal) -> str:
    return f"/send/{proposal.pk}/"


@pytest.fixture
def client(seller: User) -> Client:
    return signed_in(seller)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(page: Any) -> dict[str, Any]:
    """What the form would be posted with, or what the page that asks carries along."""
    data: dict[str, Any] = {"form_state": page.context["form_state"]}
    if "carried" in page.context:
        for name, value in page.context["carried"]:
            data.setdefault(name, []).append(value)
        return data
    for bound in page.context["form"]:
        value = bound.value()
        if value not in (None, False):
            data[bound.name] = value
    return data


def preview(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, filled(client.get(url)) | typed | {"preview": "1"})


def confirm(client: Client, url: str, page: Any) -> Any:
    return client.post(url, filled(page) | {"confirm": "1"}, follow=True)


def sends(simulator: Simulator) -> list[Any]:
    return [body for _, path, body in writes_of(simulator) if path.endswith("/send/")]


def test_nothing_is_sent_before_it_was_said_who_gets_what(
    client: Client,
    url: str,
    simulator: Simulator,
    person: Person,
    proposal: Proposal,
) -> None:
    page = preview(client, url, send_message="Dag {company_people_firstname} van {company_name}, {weather_today}")
    (letter,) = page.context["letters"]
    assert letter.person == person
    assert letter.text == f"Dag {person.firstname} van {proposal.company}, {{weather_today}}"
    assert page.context["unknown"] == ["weather_today"]
    assert letter.empty == []
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


def test_afterwards_the_links_can_be_copied(client: Client, url: str, proposal: Proposal) -> None:
    page = confirm(client, url, preview(client, url))
    link = proposal.receivers.get().link
    assert f'data-copy="{link}"' in page.content.decode()
    viewer = member("Viewer", "vera")
    viewer.user_permissions.add(*permissions("send_proposal", "change_others_proposals"))
    text = signed_in(viewer).get(f"{url}links/").content.decode()
    assert link not in text
    assert "You may not see the links." in text


def permissions(*names: str) -> list[Any]:
    return list(Group.objects.get(name="Manager").permissions.filter(codename__in=names))


def test_a_hole_in_a_message_is_pointed_out(client: Client, url: str, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(firstname=" ")
    page = preview(client, url, send_message="Dag {company_people_firstname}")
    assert page.context["letters"][0].empty == ["company_people_firstname"]
    assert "has a hole in it" in page.content.decode()


def test_passed_on_by_hand_with_a_template_nobody_is_mailed(
    client: Client,
    url: str,
    simulator: Simulator,
    proposal: Proposal,
) -> None:
    template = EmailTemplate.objects.all()[0]
    page = preview(client, url, send_method="self", words="template", send_message_id=template.remote_id)
    assert f"“{template}”" in page.content.decode()
    done = confirm(client, url, page)
    assert "Nobody was mailed" in told(done)[0]
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


def test_a_second_send_takes_a_decision_of_its_own(client: Client, url: str, simulator: Simulator) -> None:
    confirm(client, url, preview(client, url))
    page = preview(client, url)
    assert page.context["form"].errors["again"]
    assert page.context["earlier"]
    assert len(sends(simulator)) == 1
    page = preview(client, url, again="on", password_reset="on")
    confirm(client, url, page)
    assert [body["password_reset"] for body in sends(simulator)] == [False, True]


def test_a_double_click_the_way_back_and_a_second_tab_send_once(client: Client, url: str, simulator: Simulator) -> None:
    first, second = preview(client, url), preview(client, url)
    confirm(client, url, first)
    confirm(client, url, first)
    answer = confirm(client, url, second)
    assert answer.context["form"].non_field_errors() or answer.context["form"].errors
    assert len(simulator.sent_mails) == 1


def test_a_page_of_before_somebody_else_sent_it_sends_nothing(
    client: Client,
    url: str,
    simulator: Simulator,
    manager: User,
) -> None:
    mine = client.get(url)
    confirm(signed_in(manager), url, preview(signed_in(manager), url))
    assert len(simulator.sent_mails) == 1
    # The form is of before: even with the tick it is not enough.
    data = filled(mine) | {"again": "on", "confirm": "1"}
    page = client.post(url, data)
    assert "since this page was opened" in page.context["form"].non_field_errors()[0]
    assert len(simulator.sent_mails) == 1


def test_one_can_go_back_and_change_it(client: Client, url: str) -> None:
    page = preview(client, url, send_message="Eerst zo")
    back = client.post(url, filled(page) | {"change": "1"})
    assert back.context["form"]["send_message"].value() == "Eerst zo"


@pytest.mark.parametrize("state", ["", "x"])
def test_a_form_that_is_nobodys_sends_nothing(client: Client, url: str, simulator: Simulator, state: str) -> None:
    page = preview(client, url)
    client.post(url, filled(page) | {"confirm": "1", "form_state": state})
    assert writes_of(simulator) == []


def test_only_whose_proposal_it_is_may_send_it(url: str, proposal: Proposal, simulator: Simulator) -> None:
    for user in (member("Viewer", "vera"), member("Seller", "pim")):
        other = signed_in(user)
        assert {other.get(url).status_code, other.post(url, {"confirm": "1"}).status_code} == {403}
        assert other.get(f"{url}links/").status_code == 403
    assert writes_of(simulator) == []
    Proposal.objects.update(is_hidden=True)
    assert signed_in(make_staff()).get(url).status_code == 404


@pytest.mark.parametrize(
    ("changes", "text"),
    [({"status": "won"}, "in edit or open"), ({"details_as_of": None}, "never read")],
)
def test_what_can_not_be_sent_says_why(client: Client, url: str, changes: dict[str, Any], text: str) -> None:
    Proposal.objects.update(**changes)
    assert any(text in one for one in told(client.get(url, follow=True)))


def test_while_offorte_is_away_it_waits_and_is_not_sent_twice(client: Client, url: str, simulator: Simulator) -> None:
    page = preview(client, url)
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    done = confirm(client, url, page)
    assert any("waits to be sent" in text for text in told(done))
    assert any("about to be sent already" in text for text in told(client.get(url, follow=True)))
    assert simulator.sent_mails == []


def test_with_a_broken_token_it_waits_and_is_sent_once_after_the_reconnect(
    client: Client, url: str, simulator: Simulator, proposal: Proposal
) -> None:
    page, remote = preview(client, url), simulator.account("bouw")
    remote.revoke_tokens()
    done = confirm(client, url, page)
    assert any("waits to be sent" in text for text in told(done))
    assert any("about to be sent already" in text for text in told(confirm(client, url, page)))
    assert simulator.sent_mails == []
    token = remote.issue_token()
    account = Connection.objects.get(pk=proposal.connection_id)
    account.access_token, account.refresh_token = token["access_token"], token["refresh_token"]
    account.state = Connection.State.CONNECTED
    account.save()
    for _time in range(3):
        writes.drain(account.pk)
    assert Operation.objects.get(verb="send").state == State.DONE
    assert len(simulator.sent_mails) == 1


def test_a_template_that_is_deleted_meanwhile_sends_nothing(
    client: Client, url: str, simulator: Simulator, proposal: Proposal
) -> None:
    template = EmailTemplate.objects.filter(connection=proposal.connection_id)[0]
    page = preview(client, url, words="template", send_message_id=str(template.remote_id))
    del simulator.account("bouw").email_templates[template.remote_id]
    answer = confirm(client, url, page)
    assert answer.context["form"].non_field_errors() or told(answer)
    assert simulator.sent_mails == []


def test_an_answer_that_was_lost_has_to_be_settled_first(client: Client, url: str, simulator: Simulator) -> None:
    page = preview(client, url)
    simulator.faults.add(Fault("drop_after", method="POST"))
    confirm(client, url, page)
    assert Operation.objects.get(verb="send").state == State.UNKNOWN
    assert any("not known whether" in text for text in told(client.get(url, follow=True)))
    assert len(simulator.sent_mails) == 1


def test_a_company_that_is_deleted_meanwhile_keeps_it_from_being_sent(
    client: Client,
    url: str,
    simulator: Simulator,
    person: Person,
) -> None:
    page = preview(client, url)
    simulator.account("bouw").people.pop(person.remote_id)
    answer = confirm(client, url, page)
    text = " ".join(answer.context["form"].non_field_errors())
    assert f"{person.remote_id} is not a contact of the company" in text
    assert simulator.sent_mails == []


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


def test_the_proposals_page_offers_to_send(client: Client, url: str, proposal: Proposal) -> None:
    page = f"/proposals/proposal/{proposal.pk}/change/"
    assert f'href="{url}"' in client.get(page).content.decode()
    assert f'href="{url}"' not in signed_in(member("Viewer", "vera")).get(page).content.decode()
    Proposal.objects.update(status="won")
    assert f'href="{url}"' not in client.get(page).content.decode()


# Approval


@pytest.fixture
def rules() -> None:
    ApprovalSettings.objects.create(pk=1, amount_above=100)


@pytest.fixture
def asked(client: Client, url: str, rules: None) -> Approval:
    page = preview(client, url, send_message="Dag {company_people_firstname}")
    assert "Its value is €\u00a0900.00: above €\u00a0100.00 a manager approves." in page.context["reasons"]
    done = confirm(client, url, page)
    assert told(done) == ["Nothing was sent yet: a manager was asked to approve it."]
    return Approval.objects.get()


def decide(client: Client, request: Approval, **data: str) -> Any:
    seen = next(one.seen for one in client.get("/approvals/").context["waiting"] if one.approval == request)
    return client.post(f"/approvals/{request.pk}/decide/", {"seen": seen} | data, follow=True)


def test_a_manager_approves_and_it_goes_out(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    proposal: Proposal,
    client: Client,
    url: str,
) -> None:
    assert simulator.sent_mails == []
    assert any("waits to be approved" in text for text in told(client.get(url, follow=True)))
    boss = signed_in(manager)
    (request,) = boss.get("/approvals/").context["waiting"]
    assert (request.may_decide, request.discount) == (True, "10%")
    assert request.words.startswith("Dag ")
    assert "{" not in request.words
    done = decide(boss, asked, approve="1", note="Mooi")
    assert done.redirect_chain[-1][0] == f"/send/{proposal.pk}/links/"
    assert len(simulator.sent_mails) == 1
    (decided,) = client.get("/approvals/").context["decided"]
    assert (decided.state, decided.note) == (Approval.State.APPROVED, "Mooi")
    # Approved twice is sent once.
    answer = boss.post(f"/approvals/{asked.pk}/decide/", {"approve": "1", "seen": request.seen}, follow=True)
    assert any("decided about this already" in text for text in told(answer))
    assert len(simulator.sent_mails) == 1


def test_a_manager_refuses_and_says_why(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    proposal: Proposal,
    client: Client,
) -> None:
    answer = decide(signed_in(manager), asked, refuse="1", note="Te veel korting\x00")
    assert told(answer) == ["“Dakkapel” was refused. Nothing was sent."]
    page = client.get(f"/proposals/proposal/{proposal.pk}/change/").content.decode()
    assert re.search(r"Boss refused to have this sent.*Te veel korting", page, re.DOTALL)
    assert simulator.sent_mails == []


def test_who_asked_may_take_it_back_and_ask_again(
    asked: Approval,
    client: Client,
    proposal: Proposal,
    url: str,
    manager: User,
) -> None:
    page = f"/proposals/proposal/{proposal.pk}/change/"
    assert "See the request" in client.get(page).content.decode()
    assert "Decide" in signed_in(manager).get(page).content.decode()
    assert signed_in(manager).post(f"/approvals/{asked.pk}/withdraw/").status_code == 404
    answer = client.post(f"/approvals/{asked.pk}/withdraw/", follow=True)
    assert told(answer) == ["The request is taken back. Nothing was sent."]
    assert any("decided" in text for text in told(client.post(f"/approvals/{asked.pk}/withdraw/", follow=True)))
    confirm(client, url, preview(client, url))
    assert Approval.objects.filter(state=Approval.State.WAITING).count() == 1


def test_nobody_decides_who_may_not(
    asked: Approval,
    client: Client,
    manager: User,
    simulator: Simulator,
) -> None:
    assert client.post(f"/approvals/{asked.pk}/decide/", {"approve": "1"}).status_code == 403
    assert signed_in(member("Viewer", "vera")).get("/approvals/").status_code == 403
    assert signed_in(member("Seller", "pim")).get("/approvals/").context["waiting"] == []
    # Nor about what they asked for themselves.
    Approval.objects.update(requested_by=manager)
    assert signed_in(manager).post(f"/approvals/{asked.pk}/decide/", {"approve": "1"}).status_code == 403
    assert signed_in(manager).get(f"/approvals/{asked.pk}/decide/").status_code == 405
    assert simulator.sent_mails == []


@pytest.mark.parametrize("seen", ["", "x|y", "1|2|3", "900"])
def test_what_the_manager_has_not_seen_is_not_approved(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    seen: str,
) -> None:
    answer = signed_in(manager).post(f"/approvals/{asked.pk}/decide/", {"approve": "1", "seen": seen}, follow=True)
    assert any("Look again" in text for text in told(answer))
    assert simulator.sent_mails == []


def test_what_offorte_refuses_after_it_was_approved_is_told(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    person: Person,
) -> None:
    simulator.account("bouw").people.pop(person.remote_id)
    answer = decide(signed_in(manager), asked, approve="1")
    assert any("was not done at Offorte" in text for text in told(answer))
    assert simulator.sent_mails == []


def test_a_template_is_named_where_it_is_decided(
    client: Client,
    url: str,
    rules: None,
    manager: User,
) -> None:
    template = EmailTemplate.objects.all()[0]
    confirm(client, url, preview(client, url, words="template", send_message_id=template.remote_id))
    (request,) = signed_in(manager).get("/approvals/").context["waiting"]
    assert request.words == f"E-mail template “{template}”"


def test_managers_set_the_rules(client: Client, manager: User) -> None:
    assert client.get("/approvals/rules/").status_code == 403
    boss = signed_in(manager)
    page = boss.post("/approvals/rules/", {"amount_above": "10.000", "discount_above": "101"})
    assert set(page.context["form"].errors) == {"amount_above", "discount_above"}
    boss.post("/approvals/rules/", {"amount_above": "10.000,00", "discount_above": ""})
    rules = ApprovalSettings.objects.get()
    assert (rules.pk, rules.amount_above, rules.discount_above) == (1, Decimal(10_000), None)
    boss.post("/approvals/rules/", {"amount_above": "", "discount_above": "12,5"})
    assert ApprovalSettings.objects.get().amount_above is None


def test_the_manager_is_told_how_many_wait(asked: Approval, manager: User) -> None:
    caches["local"].clear()
    page = signed_in(manager).get("/approvals/").content.decode()
    assert re.search(r'href="/approvals/".*?badge[^>]*>\s*1\s*<', page, re.DOTALL)
    assert timezone.now() > asked.requested_at
