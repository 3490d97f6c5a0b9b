"""A record that changed since its form was opened: nothing is overwritten unseen."""

import pytest
from django.test import Client

from contacts.models import Company
from offorte_portal.simulator import Simulator
from tests.support.forms import filled, form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db


def change_at_offorte(simulator: Simulator, company: Company, **fields: str) -> None:
    simulator.account("bouw").update_company(company.remote_id, **fields)


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
    other = client.get(form_url(Company.objects.exclude(pk=company.pk).order_by("pk")[0]))
    page = save(client, form_url(company), city="Oss", form_state=other.context["form_state"])
    assert page.context["form"].non_field_errors()
    assert writes_of(simulator) == []


def test_a_record_that_is_gone_can_not_be_edited(simulator: Simulator, client: Client, company: Company) -> None:
    page = client.get(form_url(company))
    simulator.account("bouw").delete_company(company.remote_id)
    answer = client.post(form_url(company), filled(page) | {"city": "Oss"}, follow=True)
    assert answer.context["form"].non_field_errors()
    answer = client.get(form_url(company), follow=True)
    assert told(answer)[0][0] == "error"
    assert "edit/" not in answer.request["PATH_INFO"]
