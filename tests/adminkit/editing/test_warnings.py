"""What is wrong or doubtful in a form, said before anything is sent."""

import pytest
from django.test import Client

from contacts.models import Company
from offorte_portal.simulator import Simulator
from tests.support.forms import again, form_url, save, told, writes_of

pytestmark = pytest.mark.django_db


def test_wrong_values_from_before_do_not_stand_in_the_way(
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
    assert "t a valid VAT number" in page.content.decode()
    assert writes_of(simulator) == []
    changed = again(client, page, form_url(company), vat_number="NL1234")
    assert "t a valid VAT number" in changed.content.decode(), "another warning is confirmed anew"
    assert writes_of(simulator) == []
    assert told(again(client, changed, form_url(company)))[0][0] == "success"
    assert writes_of(simulator)[0][2] == {"vat_number": "NL1234"}


def test_a_company_that_may_be_known_is_shown_first(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(Company), name=company.name.upper())
    form = page.context["form"]
    [warning] = [warning for warning in form.warnings if warning.field not in form.fields]
    assert warning.links == ((f"{company.name}: same name", f"/contacts/company/{company.pk}/change/"),)
    assert writes_of(simulator) == []
    again(client, page, form_url(Company))
    assert writes_of(simulator) == [("POST", "/companies/", {"name": company.name.upper()})]
