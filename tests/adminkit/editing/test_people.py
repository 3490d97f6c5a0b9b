"""The form of a person, who belongs to a company."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Company, Person
from offorte_portal.simulator import Simulator
from tests.support.forms import form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db


def test_a_person_is_created_in_a_company_and_stays_there(
    simulator: Simulator, client: Client, company: Company
) -> None:
    url = f"{form_url(Person)}?company={company.pk}"
    page = save(client, url, fullname="Noor Smit", email="noor@example.com")
    assert told(page) == [("success", "“Noor Smit” was created in Offorte.")]
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
    other = Company.objects.exclude(pk=company.pk).order_by("pk")[0]
    found = client.get(url, params | {"company_id": other.remote_id}).content.decode()
    assert f'value="{other.remote_id}" checked' in found
    assert client.get(url, {"account": "x", "field": "<b>", "q": "y"}).status_code == 200
    assert staff_client(is_superuser=False).get(url).status_code == 403
