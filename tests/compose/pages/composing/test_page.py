"""Composing: the form of a draft, what it begins with and what is typed into it."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from contacts.models import Person
from offorte_portal.compose.document import load_tables
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.compose.composing import NEW, document, faults, sign_in, submit, told
from tests.compose.drafting import make_draft, price_row
from tests.support.factories import make_connection, make_product, make_proposal, make_staff, make_vat_group
from tests.support.forms import writes_of

pytestmark = pytest.mark.django_db
State = Operation.State


def test_looking_at_a_new_proposal_keeps_nothing(client: Client, connection: Connection, person: Person) -> None:
    product, proposal = Product.objects.order_by("pk")[0], Proposal.objects.order_by("pk")[0]
    assert person.company is not None
    for query in ("", f"?company={person.company.pk}", f"?product={product.pk}", f"?proposal={proposal.pk}"):
        assert client.get(NEW + query).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.parametrize("query", ["company=x", "company=9" * 3, "product=-1", "proposal=%00", "company=" + "9" * 40])
def test_an_address_that_names_nothing_begins_an_empty_one(client: Client, connection: Connection, query: str) -> None:
    page = client.get(f"{NEW}?{query}")
    assert page.context["draft"].company_remote_id is None


def test_the_account_is_asked_for_where_there_are_several(client: Client, user: User) -> None:
    north, south = make_connection("north"), make_connection("south")
    page = client.get(NEW)
    assert set(page.context["usable"]) == {north, south}
    assert client.get(f"{NEW}?account={south.pk}").context["account"] == south


def test_only_who_may_add_proposals_composes(connection: Connection) -> None:
    draft = make_draft(connection, make_staff())
    viewer = sign_in("Viewer", "vera")
    urls = [NEW, "/compose/", f"/compose/{draft.pk}/", "/compose/people/", "/compose/products/"]
    assert {viewer.get(url).status_code for url in urls} == {403}
    assert viewer.post(f"/compose/{draft.pk}/delete/").status_code == 403
    # A seller does, but not on the draft of somebody else.
    seller = sign_in("Seller", "sem")
    assert seller.get(NEW).status_code == 200
    assert seller.get(f"/compose/{draft.pk}/").status_code == 404
    assert seller.post(f"/compose/{draft.pk}/delete/").status_code == 404
    Draft.objects.update(is_shared=True)
    assert seller.get(f"/compose/{draft.pk}/").status_code == 200


def test_a_draft_is_saved_with_whatever_is_there(client: Client, connection: Connection, simulator: Simulator) -> None:
    page = submit(client, client.get(NEW), name="Half", document=document(price_row(price=""), price_row(price="10")))
    draft = Draft.objects.get()
    assert page.redirect_chain == [(f"/compose/{draft.pk}/", 302)]
    assert told(page) == ["Draft saved. Nothing was sent to Offorte."]
    assert (draft.name, draft.value, draft.company_remote_id) == ("Half", Decimal(20), None)
    assert client.cookies["saved_form"].value.split(":")[1] == "compose"
    submit(client, page, name="Verder")
    draft.refresh_from_db()
    assert (draft.name, draft.version, Draft.objects.count()) == ("Verder", 2, 1)
    assert writes_of(simulator) == []
    assert [line.draft for line in client.get("/compose/").context["lines"]] == [draft]


def test_typed_amounts_are_read_as_people_write_them(client: Client, connection: Connection) -> None:
    rows = [
        price_row(count="~2,5", price="€ 1.234,50", vat="21%"),
        price_row(price="~1,000"),
        price_row(price="~1.0.0"),
    ]
    page = submit(client, client.get(NEW), document=document(*rows))
    first, second, third = load_tables(Draft.objects.get().tables)[0].rows
    assert (first.count, first.price, first.vat) == ("2.5", "1234.5", "21")
    assert second.price == "1000"
    # What is no amount stays as it was typed, to be put right.
    assert third.price == "~1.0.0"
    page = submit(client, page, "create")
    assert faults(page) == {"0.2.price": "“1.0.0” isn’t an amount. Enter it like 1,234.50."}


def test_rows_that_make_no_sense_lose_nothing_that_was_kept(client: Client, connection: Connection) -> None:
    page = submit(client, client.get(NEW), name="Dak")
    for broken in ("", "{}", "[1"):
        answer = submit(client, page, document=broken, name="Anders")
        assert answer.context["form"].errors["document"]
    assert Draft.objects.get().name == "Dak"


def test_more_rows_than_a_draft_may_have_are_all_still_there(client: Client, connection: Connection) -> None:
    rows = document(*[price_row()] * 501)
    page = submit(client, client.get(NEW), document=rows)
    assert page.context["form"].errors["document"] == [
        "A proposal can have at most 500 rows in 20 tables. Delete some and save again. What you wrote is still here."
    ]
    assert page.context["form"]["document"].value() == rows
    assert not Draft.objects.exists()


def test_a_product_is_offered_with_what_is_known_of_it(client: Client, connection: Connection) -> None:
    make_product(connection, name="Zwaluwstaart", sku="ZW-1", price=Decimal("12.50"))
    make_product(make_connection(), name="Zwaluwstaart elders")
    url = reverse("compose_products")
    asked: dict[str, Any] = {"account": connection.pk, "q": "zwaluw"}
    found = client.get(url, asked).json()["products"]
    assert [(one["name"], one["sku"], one["row"]["price"], one["row"]["vat"]) for one in found] == [
        ("Zwaluwstaart", "ZW-1", "12.5", "")
    ]
    for query in ("", "   ", "\x00", "niets van dat alles"):
        assert client.get(url, {"account": connection.pk, "q": query}).json() == {"products": []}
    for account in ("", "x", "0", "9" * 30):
        assert client.get(url, {"account": account, "q": "zwaluw"}).status_code == 404


def test_the_totals_name_the_vat_group_of_a_rate_that_one_group_has(client: Client, user: User) -> None:
    connection = make_connection("north")
    for name, vat in (("Verlegd", 0), ("Hoog", 21), ("Laag", 9), ("Kappers", 9), ("", 6)):
        make_vat_group(connection, name=name, vat=vat)
    form = client.get(NEW).context["form"]
    assert json.loads(form.vat_names) == {"0": "Verlegd", "21": "Hoog (VAT 21%)"}
    assert form.vat_rates == ["21", "9", "6", "0"]


def test_a_proposal_is_copied_with_its_rows(client: Client, connection: Connection, simulator: Simulator) -> None:
    proposal = Proposal.objects.filter(price_tables__rows__isnull=False).order_by("pk")[0]
    page = client.get(f"{NEW}?proposal={proposal.pk}")
    (first, *_rest) = load_tables(page.context["draft"].tables)
    assert first.id == proposal.price_tables.all()[0].key
    assert len(first.rows) == proposal.price_tables.all()[0].rows.count()
    submit(client, page, name="Kopie")
    assert Draft.objects.get().company_remote_id == proposal.company_remote_id
    assert "script" not in json.dumps(Draft.objects.get().tables)


def test_rows_that_were_not_read_are_reported_when_copying(client: Client, connection: Connection) -> None:
    proposal = make_proposal(connection, name="Ongelezen")
    assert "hasn’t loaded the rows of “Ongelezen” yet" in " ".join(
        client.get(f"{NEW}?proposal={proposal.pk}").context["notes"]
    )


def test_the_pages_around_lead_here(client: Client, connection: Connection, person: Person) -> None:
    assert person.company is not None
    product, proposal = Product.objects.order_by("pk")[0], Proposal.objects.order_by("pk")[0]
    pages = {
        "/proposals/proposal/": NEW,
        f"/contacts/company/{person.company.pk}/change/": f"{NEW}?company={person.company.pk}",
        f"/catalog/product/{product.pk}/change/": f"{NEW}?product={product.pk}",
        f"/proposals/proposal/{proposal.pk}/change/": f"{NEW}?proposal={proposal.pk}",
    }
    viewer = sign_in("Viewer", "vera")
    for url, target in pages.items():
        assert f'href="{target}"' in client.get(url).content.decode()
        assert NEW not in viewer.get(url).content.decode()
