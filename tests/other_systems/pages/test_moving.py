"""The page that brings customers and products to Offorte."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_q.models import OrmQ

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.models import ListReading, MovedItem, Source
from offorte_portal.simulator.sources import SourceSimulator
from tests.jobs.conftest import work_off
from tests.other_systems.moving.conftest import item, read
from tests.other_systems.sources import connect as connect_source
from tests.other_systems.sources import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=4, customers=6, articles=5) as running:
        yield running


@pytest.fixture
def source(account: Connection, other: SourceSimulator) -> Source:
    made = connect_source(other, "cirrus", target=account)
    read(made)
    return made


def url(source: Source) -> str:
    return f"/sources/{source.pk}/move/"


def fields(account: Connection, **more: Any) -> dict[str, Any]:
    plain = {"account": account.pk, "companies": "on", "people": "on", "products": "on", "doubtful": "leave",
             "currency": "EUR", "takes_other_currencies": "on", "preview": "1"}  # fmt: skip
    return plain | more


def test_the_source_leads_to_the_page_where_its_lists_can_be_read(
    client: Client, source: Source, other: SourceSimulator
) -> None:
    told = client.get(f"/other_systems/source/{source.pk}/change/").content.decode()
    assert f'href="{url(source)}"' in told
    fynn = connect_source(other, "fynn")
    assert "/move/" not in client.get(f"/other_systems/source/{fynn.pk}/change/").content.decode()
    assert client.get(url(fynn)).status_code == 404


def test_the_lists_are_read_by_button(
    client: Client, account: Connection, other: SourceSimulator, django_capture_on_commit_callbacks: Any
) -> None:
    source = connect_source(other, "cirrus", target=account)
    assert "Nothing has been read yet" in client.get(url(source)).content.decode()
    assert client.get(f"{url(source)}read/").status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url(source)}read/").status_code == 302
        client.post(f"{url(source)}read/")
    run = ListReading.objects.get()
    assert OrmQ.objects.count() == 1
    assert "Reading customers…" in client.get(url(source)).content.decode()
    assert client.get(f"/sources/readings/{run.pk}/progress/").status_code == 200
    client.post(f"/sources/readings/{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert client.get(f"/sources/readings/{run.pk}/progress/")["HX-Refresh"] == "true"


def test_what_becomes_of_each_is_shown_and_confirmed_once(client: Client, source: Source, account: Connection) -> None:
    company = Company.objects.filter(connection=account).order_by("pk")[0]
    Company.objects.filter(pk=company.pk).update(name="Nordvik", vat_number="SE 000000000310")
    told = client.get(url(source))
    assert told.context["counts"][0] == {"label": "Companies", "read": 6, "made": 0}
    assert Job.objects.count() == 0
    preview = client.post(url(source), fields(account))
    context = preview.context
    assert [(line["label"], line["make"], line["matched"]) for line in context["table"]] == [
        ("Companies", 5, 1), ("People", 6, 0), ("Product directories", 3, 0), ("Products", 5, 0),
    ]  # fmt: skip
    text = preview.content.decode()
    assert "Nordvik Bygg AB" in text
    assert f'/contacts/company/{company.pk}/change/"' in text
    assert "VAT number" in text
    assert "Create 19 items in Offorte" in text
    assert Job.objects.count() == 0
    given = fields(account, confirm="1", seen=context["seen"], key=str(uuid4()))
    first, second = client.post(url(source), given), client.post(url(source), given)
    job = Job.objects.get()
    assert first["Location"] == second["Location"] == f"/jobs/job/{job.pk}/change/"
    work_off(job)
    assert job.operations.filter(state="done").count() == 19
    told = client.get(url(source))
    assert told.context["counts"][0]["made"] == 5
    assert f"#{job.pk}" in told.content.decode()
    assert client.get(f"/jobs/job/{job.pk}/change/").status_code == 200
    again = client.post(url(source), fields(account))
    assert "There is nothing to create" in again.content.decode()


def test_only_what_was_shown_can_be_confirmed(client: Client, source: Source, account: Connection) -> None:
    seen = client.post(url(source), fields(account)).context["seen"]
    MovedItem.objects.filter(pk=item(source, "company", 311).pk).update(digest="changed")
    response = client.post(url(source), fields(account, confirm="1", seen=seen))
    assert "Something has changed since you looked." in response.content.decode()
    assert Job.objects.count() == 0


def test_a_person_chooses_what_may_be_in_offorte(client: Client, source: Source, account: Connection) -> None:
    company = Company.objects.filter(connection=account).order_by("pk")[0]
    Company.objects.filter(pk=company.pk).update(email="a@havsbris-hotell.example", vat_number="", internet="")
    row = item(source, "company", 311)
    context = client.post(url(source), fields(account)).context
    assert [line["item"] for line in context["doubtful"]] == [row]
    context = client.post(url(source), fields(account, decide=f"{row.pk} use")).context
    assert (context["doubtful"], [line["item"] for line in context["used"]]) == ([], [row])
    context = client.post(url(source), fields(account, decide=f"{row.pk} wrong")).context
    assert [line["item"] for line in context["used"]] == [row]
    context = client.post(url(source), fields(account, decide="reset")).context
    assert [line["item"] for line in context["doubtful"]] == [row]


def test_prices_in_another_currency_are_left_out_unless_chosen(
    client: Client, source: Source, account: Connection
) -> None:
    given = fields(account)
    del given["takes_other_currencies"]
    context = client.post(url(source), given).context
    assert [(reason, count) for reason, count, _ in context["left_out"]] == [("Its price is in SEK.", 5)]


def test_rights(source: Source, account: Connection) -> None:
    assert member("view_source").get(url(source)).status_code == 403
    assert member("view_source").post(f"{url(source)}read/").status_code == 403
    reader = member("import_source")
    assert "You don’t have permission to create" in reader.get(url(source)).content.decode().replace("&#x27;", "'")
    assert reader.post(url(source), fields(account, confirm="1")).status_code == 200
    assert Job.objects.count() == 0
    some = member("import_source", "add_company")
    context = some.post(url(source), fields(account)).context
    assert [line["label"] for line in context["table"]] == ["Companies"]


def test_an_account_that_is_not_connected_is_not_offered(client: Client, source: Source, account: Connection) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    response = client.post(url(source), fields(account, confirm="1"))
    assert response.context["form"].errors["account"]
    assert Job.objects.count() == 0


def test_without_a_connected_account_the_form_says_what_comes_first(
    client: Client, source: Source, account: Connection
) -> None:
    Connection.objects.update(state=Connection.State.RECONNECT)
    assert "Connect an Offorte account first." in client.get(url(source)).content.decode()
    answer = client.post(url(source), fields(account) | {"account": ""})
    assert answer.context["form"].errors["account"] == ["Connect an Offorte account first."]
    assert Job.objects.count() == 0
