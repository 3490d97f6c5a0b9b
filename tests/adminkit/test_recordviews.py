"""The ways from a record to its forms: which account, which buttons, and what can't be written any more."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.adminkit import accounts, additions
from offorte_portal.adminkit.additions import Additions, RecordPanel
from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from tests.support.factories import (
    make_company,
    make_connection,
    make_directory,
    make_person,
    make_product,
    make_proposal,
    make_staff,
)
from tests.support.forms import filled, form_url, staff_client, told

pytestmark = pytest.mark.django_db
Verb, State = Operation.Verb, Operation.State


def ask(row: Mirrored, target: str, verb: str, state: str = State.WAITING, **fields: object) -> Operation:
    values = {"connection": row.connection, "target": target, "verb": verb, "remote_id": row.remote_id, "state": state}
    return Operation.objects.create(**values | fields)


def record(client: Client, row: Mirrored) -> tuple[bool, bool]:
    """Whether the record's page leads to the form and to the deletion."""
    page = client.get(form_url(row, "change"))
    return bool(page.context["edit_url"]), bool(page.context["delete_url"])


@pytest.mark.parametrize(
    ("role", "shown"), [("Viewer", (False, False)), ("Seller", (True, False)), ("Manager", (True, True))]
)
def test_the_buttons_are_for_who_may(role: str, shown: tuple[bool, bool]) -> None:
    user = make_staff(is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    assert record(client, make_company()) == shown
    listed = client.get("/contacts/company/").content.decode()
    assert ("/contacts/company/add/" in listed) == (role != "Viewer")


@pytest.mark.parametrize("fields", [{"removed_at": timezone.now()}, {"is_hidden": True}])
@pytest.mark.parametrize("view", ["edit", "delete"])
def test_what_is_gone_or_hidden_can_not_be_written(fields: dict[str, Any], view: str) -> None:
    client, company = staff_client(), make_company(**fields)
    assert record(client, company) == (False, False)
    for method in (client.get, client.post):
        [(level, text)] = told(method(form_url(company, view), follow=True))
        assert (level, "you can’t change it" in text) == ("error", True)
    assert not Operation.objects.exists()


def test_what_waits_to_be_deleted_can_not_be_written() -> None:
    client, company = staff_client(), make_company()
    ask(company, "companies", Verb.DELETE)
    assert record(client, company) == (False, False)
    page = client.get(form_url(company), follow=True)
    assert "waiting to be deleted" in told(page)[0][1]
    assert "been deleted in Offorte yet" in page.content.decode()
    assert "waiting to be deleted</span>" in client.get("/contacts/company/").content.decode()


def test_an_unknown_outcome_is_told_from_what_waits() -> None:
    client, company = staff_client(), make_company()
    ask(company, "companies", Verb.CHANGE, State.UNKNOWN, reason=Reason(Code.TIMED_OUT))
    page = client.get(form_url(company, "change")).content.decode()
    assert "know whether a change reached Offorte." in page
    assert "outcome unknown</span>" in client.get("/contacts/company/").content.decode()


def test_a_write_that_has_ended_is_marked_nowhere() -> None:
    client, company = staff_client(), make_company()
    for state in (State.DONE, State.REJECTED, State.CANCELLED):
        ask(company, "companies", Verb.CHANGE, state)
    assert client.get(form_url(company, "change")).context["marks"] == []
    assert "pill-warn" not in client.get("/contacts/company/").content.decode()


def test_the_form_shows_what_waiting_changes_will_make() -> None:
    company = make_company()
    ask(company, "companies", Verb.CHANGE, draft={"city": "Oss"})
    ask(company, "companies", Verb.CHANGE, draft={"city": "Tilburg", "phone": "1"})
    form = staff_client().get(form_url(company)).context["form"]
    assert (form["city"].value(), form["phone"].value()) == ("Tilburg", "1")


def test_with_several_accounts_a_new_one_is_asked_for_its_own() -> None:
    north, south = make_connection("north"), make_connection("south")
    make_connection("old", state=Connection.State.DISCONNECTED)
    client = staff_client()
    page = client.get(form_url(Company))
    assert page.context["usable"] == [north, south]
    assert client.post(form_url(Company), {"name": "x"}).context["usable"] == [north, south]
    page = client.get(f"{form_url(Company)}?account={south.pk}")
    assert page.context["account"] == south
    assert client.get(f"{form_url(Company)}?account=abc").context["usable"] == [north, south]
    session = client.session
    session[accounts.SESSION_KEY] = north.pk
    session.save()
    assert client.get(form_url(Company)).context["account"] == north


def test_without_an_account_there_is_nowhere_to_create() -> None:
    page = staff_client().get(form_url(Company))
    assert "No account is connected" in page.content.decode()


@pytest.mark.parametrize("key", ["0", "abc", "9" * 40, "-1", "٣"])
def test_a_parent_that_does_not_exist_is_left_out(key: str) -> None:
    make_connection()
    page = staff_client().get(f"{form_url(Person)}?company={key}")
    assert page.context["form"]["company_id"].value() is None


def test_a_new_thing_lies_where_its_address_says() -> None:
    make_connection("other")
    directory = make_directory(make_connection("mine"))
    page = staff_client().get(f"{form_url(Product)}?directory={directory.pk}")
    assert page.context["account"] == directory.connection
    assert page.context["form"]["directory_id"].value() == directory.remote_id


def test_a_form_of_a_disconnected_account_says_that_it_waits() -> None:
    product = make_product(make_connection(state=Connection.State.DISCONNECTED))
    page = staff_client().get(form_url(product))
    assert "t connected right now" in page.content.decode()


@pytest.mark.parametrize("view", ["edit", "delete", "change"])
def test_a_record_that_does_not_exist_leads_to_the_list(view: str) -> None:
    make_connection()
    page = staff_client().get(f"/contacts/company/999/{view}/", follow=True)
    assert page.request["PATH_INFO"] == "/contacts/company/"
    assert told(page)[0][0] == "warning"


def test_a_person_whose_company_is_unknown_has_no_form() -> None:
    person = make_person(company=None)
    client = staff_client()
    assert record(client, person) == (False, False)
    assert client.get(form_url(person)).status_code == 403


def test_reasons_of_no_field_are_on_top() -> None:
    company = make_company()
    page = staff_client().get(form_url(company))
    form_class = type(page.context["form"])
    form = form_class(filled(page), connection=company.connection, user=make_staff(), row=company, opened={})
    assert form.is_valid() or form.errors
    form.add_reasons({"city": ["is odd"], "mayor": ["is missing"]}, "Not so.")
    assert "Offorte: is odd" in form.errors["city"]
    assert form.non_field_errors() == ["Offorte: mayor is missing"]
    form.add_reasons({}, "Not so.")
    assert "Not so." in form.non_field_errors()


def test_deleting_a_company_names_what_goes_with_it() -> None:
    company = make_company()
    make_person(company.connection, company=company)
    page = staff_client().get(form_url(company, "delete"))
    assert [(loss.label, loss.count) for loss in page.context["losses"]] == [("person", 1)]
    assert "can’t be undone" in page.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("place", ["main", "side"])
@pytest.mark.parametrize("make", [make_company, make_person, make_product, make_proposal])
def test_a_panel_is_shown_once_in_its_column(make: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    row = make()
    panel = RecordPanel("prices/_product_panel.html", {}, place)
    added = [Additions(record_panel=lambda request, shown: panel if shown == row else None)]
    monkeypatch.setitem(additions._announced, row._meta.label_lower, added)
    page = staff_client().get(form_url(row, "change")).content.decode()
    side = page.partition('<aside class="record-side')[2].partition("</aside>")[0]
    assert page.count("remembered-prices") == 1
    assert ("remembered-prices" in side) == (place == "side")
