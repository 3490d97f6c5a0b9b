"""Forms that write to Offorte: only what changed, and once."""

from typing import Any

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.test import Client

from contacts.models import Company
from offorte_portal.api.transport import Transport
from offorte_portal.simulator import Simulator
from offorte_portal.writes import performing
from offorte_portal.writes.models import Operation
from tests.support.forms import again, filled, form_url, save, told, writes_of

pytestmark = pytest.mark.django_db


def test_only_what_changed_is_sent(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(company), city="Oss")
    assert told(page) == [("success", f"“{company.name}” was saved in Offorte.")]
    assert writes_of(simulator) == [("PATCH", f"/companies/{company.remote_id}/", {"city": "Oss"})]
    company.refresh_from_db()
    assert company.city == "Oss"
    operation = Operation.objects.get()
    assert f'<a href="/writes/operation/{operation.pk}/change/">Undo…</a>' in page.content.decode()
    assert operation.before.keys() == {"city"}
    assert operation.requested_by_name == "Sanne Jansen"


def test_nothing_changed_sends_nothing(simulator: Simulator, client: Client, company: Company) -> None:
    page = save(client, form_url(company))
    assert told(page) == [("info", "You didn’t change anything, so nothing was sent to Offorte.")]
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
    assert "already saved this form as “Eerste”" in str(page.context["form"].non_field_errors())
    assert len(writes_of(simulator)) == 1
    again(client, page, form_url(Company))
    assert [body["name"] for _, _, body in writes_of(simulator)] == ["Eerste", "Tweede"]


def test_a_locked_database_brings_back_the_form_and_once(
    simulator: Simulator, client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(operation: Operation) -> Operation:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(performing, "perform", locked)
        page = save(client, form_url(company), city="Oss")
        assert "portal is busy" in str(page.context["form"].non_field_errors())
        assert "portal is busy" in save(client, form_url(company, "delete")).context["refusal"]
    Operation.objects.filter(verb="delete").delete()
    again(client, page, form_url(company))
    assert writes_of(simulator) == [("PATCH", f"/companies/{company.remote_id}/", {"city": "Oss"})]
    assert Operation.objects.count() == 1
