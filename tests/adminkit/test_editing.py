"""Forms that write to Offorte: only what changed, once, Offorte's words at the field, nothing overwritten unseen."""

from typing import Any

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.test import Client

from contacts.models import Company, Person
from offorte_portal.api.transport import Transport
from offorte_portal.models import Operation
from offorte_portal.services import writes
from offorte_portal.simulator import Fault, Simulator
from tests.forms import Mirror, again, filled, form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db

State = Operation.State


@pytest.fixture
def company(mirror: Mirror) -> Company:
    mirror("companies")
    return Company.objects.order_by("pk")[0]


@pytest.fixture
def client(company: Company) -> Client:
    return staff_client(username="sanne", first_name="Sanne", last_name="Jansen")


def change_at_offorte(simulator: Simulator, company: Company, **fields: str) -> None:
    simulator.account("bouw").update_company(company.remote_id, **fields)


def test_only_what_changed_is_sent(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(company), city="Oss")
    assert told(page) == [("success", f"“{company.name}” was saved at Offorte.")]
    assert writes_of(simulator) == [("PATCH", f"/companies/{company.remote_id}/", {"city": "Oss"})]
    company.refresh_from_db()
    assert company.city == "Oss"
    operation = Operation.objects.get()
    assert f'<a href="/offorte_portal/operation/{operation.pk}/change/">Undo…</a>' in page.content.decode()
    assert operation.before.keys() == {"city"}
    assert operation.requested_by_name == "Sanne Jansen"


def test_nothing_changed_sends_nothing(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(company))
    assert told(page) == [("info", "Nothing was changed, so nothing was sent to Offorte.")]
    assert simulator.requests == []
    assert not Operation.objects.exists()


def test_a_field_can_be_emptied(simulator: Simulator, client: Client, company: Company) -> None:
    save(client, form_url(company), phone="")
    assert writes_of(simulator) == [("PATCH", f"/companies/{company.remote_id}/", {"phone": ""})]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_request_goes_out(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    genuine = Transport.request

    def noting(self: Transport, *args: Any, **options: Any) -> Any:
        seen.append((args[0], database.in_atomic_block))
        return genuine(self, *args, **options)

    monkeypatch.setattr(Transport, "request", noting)
    save(client, form_url(company), city="Oss")
    save(client, form_url(Company), name="Nieuwe Firma")
    save(client, form_url(company, "delete"))
    assert seen == [(method, False) for method in ("GET", "PATCH", "POST", "DELETE")]


def test_a_rejection_brings_the_form_back_with_the_reason_at_the_field(
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
    assert "waits to be sent" in text
    assert b"A change is not at Offorte yet." in page.content
    rows = client.get(form_url(Company).replace("add/", "")).content.decode()
    assert rows.count("waiting</span>") == 1
    company.refresh_from_db()
    assert company.city != "Oss"
    form = client.get(form_url(company))
    assert form.context["form"]["city"].value() == "Oss"
    simulator.faults.clear()
    Operation.objects.update(retry_at=None)
    writes.perform(Operation.objects.get())
    assert "waiting</span>" not in client.get(form_url(Company).replace("add/", "")).content.decode()


def test_a_lost_answer_of_a_creation_is_not_called_a_success(simulator: Simulator, client: Client) -> None:
    simulator.faults.add(Fault("drop_after", method="POST", times=1))
    page = save(client, form_url(Company), name="Verloren BV")
    [(level, text)] = told(page)
    assert level == "warning"
    assert "may or may not" in text
    assert Operation.objects.get().state == State.UNKNOWN
    listed = client.get(form_url(Company).replace("add/", ""))
    assert [one.label for one in listed.context["creations"]] == ["Verloren BV"]
    assert "Verloren BV" in listed.content.decode()


def test_the_same_form_twice_is_one_write(simulator: Simulator, client: Client, company: Company) -> None:
    for url, typed in ((form_url(company), {"city": "Oss"}), (form_url(Company), {"name": "Nieuwe Firma"})):
        page = client.get(url)
        for _ in range(2):
            answer = client.post(url, filled(page) | typed, follow=True)
            assert [level for level, _ in told(answer)] in (["success"], ["info"])
    assert [method for method, _, _ in writes_of(simulator)] == ["PATCH", "POST"]
    assert Company.objects.filter(name="Nieuwe Firma").count() == 1


def test_the_back_button_does_not_create_a_second_one_unasked(simulator: Simulator, client: Client) -> None:
    page = client.get(form_url(Company))
    client.post(form_url(Company), filled(page) | {"name": "Eerste"})
    page = client.post(form_url(Company), filled(page) | {"name": "Tweede"}, follow=True)
    assert "was sent before, as “Eerste”" in str(page.context["form"].non_field_errors())
    assert len(writes_of(simulator)) == 1
    again(client, page, form_url(Company))
    assert [body["name"] for _, _, body in writes_of(simulator)] == ["Eerste", "Tweede"]


def test_a_change_at_offorte_meanwhile_asks_which_value_stays(
    simulator: Simulator, client: Client, company: Company
) -> None:
    city = company.city
    page = client.get(form_url(company))
    change_at_offorte(simulator, company, city="Tilburg", phone="111")
    page = client.post(form_url(company), filled(page) | {"city": "Oss"}, follow=True)
    [difference] = page.context["differences"]
    assert (difference.opened, difference.theirs, difference.mine) == (city, "Tilburg", "Oss")
    assert writes_of(simulator) == []
    carried = filled(page)
    page = client.post(form_url(company), carried, follow=True)
    assert page.context["error"]
    assert page.context["differences"][0].opened == city
    page = client.post(form_url(company), filled(page) | {"choice_city": "mine"}, follow=True)
    assert told(page)[0][0] == "success"
    assert writes_of(simulator) == [("PATCH", f"/companies/{company.remote_id}/", {"city": "Oss"})]
    company.refresh_from_db()
    assert (company.city, company.phone) == ("Oss", "111")


def test_their_value_can_stay(simulator: Simulator, client: Client, company: Company) -> None:
    page = client.get(form_url(company))
    save(staff_client(username="pim", first_name="Pim"), form_url(company), city="Tilburg")
    page = client.post(form_url(company), filled(page) | {"city": "Oss", "phone": "222"}, follow=True)
    [difference] = page.context["differences"]
    assert difference.who.startswith("Pim, ")
    page = client.post(form_url(company), filled(page) | {"choice_city": "theirs"}, follow=True)
    assert writes_of(simulator)[1:] == [("PATCH", f"/companies/{company.remote_id}/", {"phone": "222"})]


def test_a_form_that_was_tampered_with_sends_nothing(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(company), city="Oss", form_state="made up")
    assert page.context["form"].non_field_errors()
    assert page.context["form"]["city"].value() == "Oss"
    other = client.get(form_url(Company.objects.exclude(pk=company.pk)[0]))
    page = save(client, form_url(company), city="Oss", form_state=other.context["form_state"])
    assert page.context["form"].non_field_errors()
    assert writes_of(simulator) == []


def test_wrong_values_that_were_there_before_do_not_stand_in_the_way(
    simulator: Simulator, client: Client, company: Company
) -> None:
    Company.objects.filter(pk=company.pk).update(email="not an address", vat_number="NL1", fax="x" * 400)
    page = save(client, form_url(company), city="Oss")
    assert told(page)[0][0] == "success"
    assert writes_of(simulator)[0][2] == {"city": "Oss"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"email": "jan@nowhere"}, "email"),
        ({"city": "a\0b"}, "city"),
    ],
)
def test_what_can_not_be_right_is_said_before_anything_is_sent(
    simulator: Simulator, client: Client, company: Company, typed: dict[str, str], field: str
) -> None:
    page = save(client, form_url(company), **typed)
    assert list(page.context["form"].errors) == [field]
    assert writes_of(simulator) == []


def test_a_doubtful_vat_number_can_be_confirmed(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(company), vat_number="NL123")
    assert "no valid VAT number" in page.content.decode()
    assert writes_of(simulator) == []
    changed = again(client, page, form_url(company), vat_number="NL1234")
    assert "no valid VAT number" in changed.content.decode(), "another doubt is confirmed anew"
    assert writes_of(simulator) == []
    assert told(again(client, changed, form_url(company)))[0][0] == "success"
    assert writes_of(simulator)[0][2] == {"vat_number": "NL1234"}


def test_a_company_that_may_be_known_is_shown_first(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(Company), name=company.name.upper())
    [doubt] = page.context["form"].general_doubts
    assert doubt.links == ((f"{company.name}: same name", f"/contacts/company/{company.pk}/change/"),)
    assert writes_of(simulator) == []
    again(client, page, form_url(Company))
    assert writes_of(simulator) == [("POST", "/companies/", {"name": company.name.upper()})]


def test_a_record_that_is_gone_can_not_be_edited(simulator: Simulator, client: Client, company: Company) -> None:
    page = client.get(form_url(company))
    simulator.account("bouw").delete_company(company.remote_id)
    answer = client.post(form_url(company), filled(page) | {"city": "Oss"}, follow=True)
    assert answer.context["form"].non_field_errors()
    answer = client.get(form_url(company), follow=True)
    assert told(answer)[0][0] == "error"
    assert "edit/" not in answer.request["PATH_INFO"]


def test_a_person_is_created_in_a_company_and_stays_there(
    simulator: Simulator, client: Client, company: Company
) -> None:
    url = f"{form_url(Person)}?company={company.pk}"
    page = save(client, url, fullname="Noor Smit", email="noor@example.com")
    assert told(page) == [("success", "“Noor Smit” was created at Offorte.")]
    path, body = f"/companies/{company.remote_id}/people/", {"fullname": "Noor Smit", "email": "noor@example.com"}
    assert writes_of(simulator) == [("POST", path, body)]
    person = Person.objects.get(fullname="Noor Smit")
    assert person.company == company
    simulator.log.clear()
    save(client, form_url(person), mobile="0612345678")
    assert writes_of(simulator) == [("PATCH", f"{path}{person.remote_id}/", {"mobile": "0612345678"})]
    simulator.log.clear()
    save(client, form_url(person, "delete"))
    assert writes_of(simulator) == [("DELETE", f"{path}{person.remote_id}/", None)]


def test_a_new_person_takes_a_company_name_and_address(simulator: Simulator, client: Client) -> None:
    page = save(client, form_url(Person), company_id="99999999")
    assert set(page.context["form"].errors) == {"company_id", "fullname", "email"}
    assert writes_of(simulator) == []


def test_the_company_of_a_new_person_is_searched_for(client: Client, company: Company) -> None:
    url = "/contacts/company/options/"
    params: dict[str, Any] = {"account": company.connection_id, "field": "company_id", "q": company.name}
    found = client.get(url, params).content.decode()
    assert f'name="company_id" value="{company.remote_id}"' in found
    other = Company.objects.exclude(pk=company.pk)[0]
    found = client.get(url, params | {"company_id": other.remote_id}).content.decode()
    assert f'value="{other.remote_id}" checked' in found
    assert client.get(url, {"account": "x", "field": "<b>", "q": "y"}).status_code == 200
    assert staff_client(is_superuser=False).get(url).status_code == 403


def test_a_locked_database_brings_the_form_back_and_nothing_twice(
    simulator: Simulator, client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(operation: Operation) -> Operation:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(writes, "perform", locked)
        page = save(client, form_url(company), city="Oss")
        assert "database is busy" in str(page.context["form"].non_field_errors())
        assert "database is busy" in save(client, form_url(company, "delete")).context["refusal"]
    Operation.objects.filter(verb="delete").delete()
    again(client, page, form_url(company))
    assert writes_of(simulator) == [("PATCH", f"/companies/{company.remote_id}/", {"city": "Oss"})]
    assert Operation.objects.count() == 1


def test_a_deletion_that_is_refused_says_why(simulator: Simulator, client: Client, company: Company) -> None:
    simulator.faults.add(Fault("status", method="DELETE", status=400))
    page = save(client, form_url(company, "delete"))
    assert "A scripted answer." in page.context["refusal"]
    assert told(page) == []
    page = save(client, form_url(company, "delete"))
    assert told(page)[0][0] == "success"
