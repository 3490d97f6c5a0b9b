"""Having a send approved: who asks, who decides, and what a manager has seen of it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from contacts.models import Person
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.simulator import Simulator
from proposals.models import EmailTemplate, Proposal
from tests.compose.composing import told
from tests.compose.pages.sending.steps import confirm, preview
from tests.support.bulk import sign_in
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> None:
    ApprovalSettings.objects.create(pk=1, amount_above=100)


@pytest.fixture
def asked(client: Client, url: str, rules: None) -> Approval:
    page = preview(client, url, send_message="Dag {company_people_firstname}")
    assert (
        "Its value is €\u00a0900.00. Proposals above €\u00a0100.00 need a manager’s approval."
        in page.context["reasons"]
    )
    done = confirm(client, url, page)
    assert told(done) == ["Approval requested. The proposal is sent as soon as a manager approves it."]
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
    assert any("waiting for a manager’s approval" in text for text in told(client.get(url, follow=True)))
    boss = sign_in(manager)
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
    assert any("already decided on this request" in text for text in told(answer))
    assert len(simulator.sent_mails) == 1


def test_a_manager_refuses_and_says_why(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    proposal: Proposal,
    client: Client,
) -> None:
    answer = decide(sign_in(manager), asked, refuse="1", note="Te veel korting\x00")
    assert told(answer) == ["“Dakkapel” was rejected. Nothing was sent."]
    page = client.get(f"/proposals/proposal/{proposal.pk}/change/").content.decode()
    assert re.search(r"Boss rejected the request to send this.*Te veel korting", page, re.DOTALL)
    assert simulator.sent_mails == []


def test_who_asked_may_take_it_back_and_ask_again(
    asked: Approval,
    client: Client,
    proposal: Proposal,
    url: str,
    manager: User,
) -> None:
    page = f"/proposals/proposal/{proposal.pk}/change/"
    assert "View request" in client.get(page).content.decode()
    assert "Decide" in sign_in(manager).get(page).content.decode()
    assert sign_in(manager).post(f"/approvals/{asked.pk}/withdraw/").status_code == 404
    answer = client.post(f"/approvals/{asked.pk}/withdraw/", follow=True)
    assert told(answer) == ["Request withdrawn. Nothing was sent."]
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
    assert sign_in(member("Viewer", "vera")).get("/approvals/").status_code == 403
    assert sign_in(member("Seller", "pim")).get("/approvals/").context["waiting"] == []
    # Nor about what they asked for themselves.
    Approval.objects.update(requested_by=manager)
    assert sign_in(manager).post(f"/approvals/{asked.pk}/decide/", {"approve": "1"}).status_code == 403
    assert sign_in(manager).get(f"/approvals/{asked.pk}/decide/").status_code == 405
    assert simulator.sent_mails == []


@pytest.mark.parametrize("seen", ["", "x|y", "1|2|3", "900"])
def test_what_the_manager_has_not_seen_is_not_approved(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    seen: str,
) -> None:
    answer = sign_in(manager).post(f"/approvals/{asked.pk}/decide/", {"approve": "1", "seen": seen}, follow=True)
    assert any("Check it again" in text for text in told(answer))
    assert simulator.sent_mails == []


def test_what_offorte_refuses_after_it_was_approved_is_told(
    asked: Approval,
    manager: User,
    simulator: Simulator,
    person: Person,
) -> None:
    simulator.account("bouw").people.pop(person.remote_id)
    answer = decide(sign_in(manager), asked, approve="1")
    assert any("Nothing changed in Offorte" in text for text in told(answer))
    assert simulator.sent_mails == []


def test_a_template_is_named_where_it_is_decided(
    client: Client,
    url: str,
    rules: None,
    manager: User,
) -> None:
    template = EmailTemplate.objects.order_by("pk")[0]
    confirm(client, url, preview(client, url, words="template", send_message_id=template.remote_id))
    (request,) = sign_in(manager).get("/approvals/").context["waiting"]
    assert request.words == f"E-mail template “{template}”"


def test_managers_set_the_rules(client: Client, manager: User) -> None:
    assert client.get("/approvals/rules/").status_code == 403
    boss = sign_in(manager)
    page = boss.post("/approvals/rules/", {"amount_above": "10.000", "discount_above": "101"})
    assert set(page.context["form"].errors) == {"amount_above", "discount_above"}
    boss.post("/approvals/rules/", {"amount_above": "10.000,00", "discount_above": ""})
    rules = ApprovalSettings.objects.get()
    assert (rules.pk, rules.amount_above, rules.discount_above) == (1, Decimal(10_000), None)
    boss.post("/approvals/rules/", {"amount_above": "", "discount_above": "12,5"})
    assert ApprovalSettings.objects.get().amount_above is None


def test_the_manager_is_told_how_many_wait(asked: Approval, manager: User) -> None:
    caches["local"].clear()
    page = sign_in(manager).get("/approvals/").content.decode()
    assert re.search(r'href="/approvals/".*?badge[^>]*>\s*1\s*<', page, re.DOTALL)
    assert timezone.now() > asked.requested_at
