"""What a form says of Offorte's answer: its words at the field, and never good news of a failure."""

import pytest
from django.test import Client

from contacts.models import Company
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes import performing
from offorte_portal.writes.models import Operation
from tests.support.forms import again, form_url, save, told, writes_of

pytestmark = pytest.mark.django_db
State = Operation.State


def test_a_rejection_brings_back_the_form_with_the_reason(
    simulator: Simulator, client: Client, company: Company
) -> None:
    # An address to Django, but none to Offorte.
    page = save(client, form_url(company), email="jan@localhost", phone="0401234567")
    form = page.context["form"]
    assert page.redirect_chain == []
    assert dict(form.errors) == {"email": ["Offorte: must be an e-mail address"]}
    assert form["email"].value() == "jan@localhost"
    assert form["phone"].value() == "0401234567"
    assert told(page) == []
    assert Operation.objects.get().state == State.REJECTED
    page = again(client, page, form_url(company), email="jan@example.com")
    assert told(page)[0][0] == "success"
    sent = {"email": "jan@example.com", "phone": "0401234567"}
    assert writes_of(simulator)[1:] == [("PATCH", f"/companies/{company.remote_id}/", sent)]


def test_a_rejection_without_a_reason_is_said_on_top(simulator: Simulator, client: Client, company: Company) -> None:
    simulator.faults.add(Fault("status", method="PATCH", status=400, times=1))
    page = save(client, form_url(company), city="Nergens")
    assert page.context["form"].non_field_errors()
    assert page.redirect_chain == []


def test_what_offorte_can_not_take_now_waits_and_is_marked(
    simulator: Simulator, client: Client, company: Company
) -> None:
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    page = save(client, form_url(company), city="Oss")
    [(level, text)] = told(page)
    assert level == "warning"
    assert "waiting to be sent" in text
    assert b"reached Offorte yet." in page.content
    rows = client.get(form_url(Company).replace("add/", "")).content.decode()
    assert rows.count("waiting</span>") == 1
    company.refresh_from_db()
    assert company.city != "Oss"
    form = client.get(form_url(company))
    assert form.context["form"]["city"].value() == "Oss"
    simulator.faults.clear()
    Operation.objects.update(retry_at=None)
    performing.perform(Operation.objects.get())
    assert "waiting</span>" not in client.get(form_url(Company).replace("add/", "")).content.decode()


def test_a_lost_answer_of_a_creation_is_not_called_a_success(simulator: Simulator, client: Client) -> None:
    simulator.faults.add(Fault("drop_after", method="POST", times=1))
    page = save(client, form_url(Company), name="Verloren BV")
    [(level, text)] = told(page)
    assert level == "warning"
    assert "went through" in text
    assert Operation.objects.get().state == State.UNKNOWN
    listed = client.get(form_url(Company).replace("add/", ""))
    assert [one.label for one in listed.context["creations"]] == ["Verloren BV"]
    assert "Verloren BV" in listed.content.decode()


def test_a_deletion_that_is_refused_says_why(simulator: Simulator, client: Client, company: Company) -> None:
    simulator.faults.add(Fault("status", method="DELETE", status=400))
    page = save(client, form_url(company, "delete"))
    assert "A scripted answer." in page.context["refusal"]
    assert told(page) == []
    page = save(client, form_url(company, "delete"))
    assert told(page)[0][0] == "success"
