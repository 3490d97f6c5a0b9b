"""Products are offered with the price of the last proposal where the catalogue has none."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from offorte_portal.compose.document import dump_row, load_tables
from offorte_portal.connections.models import Connection
from offorte_portal.prices import rollups
from offorte_portal.prices.models import PriceGroup
from tests.prices.pricing import offer, row
from tests.support.factories import make_connection, make_product, make_staff, make_vat_group
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_staff())
    return client


def find(client: Client, account: Connection, query: str = "balk") -> dict[str, Any]:
    bring_up_to_date()
    rollups.rebuild_due()
    (found,) = client.get(reverse("compose_products"), {"account": str(account.pk), "q": query}).json()["products"]
    product: dict[str, Any] = found
    return product


def test_the_last_price_is_offered_as_it_is_and_converted(client: Client, account: Connection) -> None:
    make_product(account, name="Balk")
    offer(account, row("12.5", "Balk", vat_percentage=9), number="2026-00181", days_ago=2)
    found = find(client, account)
    assert found["row"]["price"] == ""
    without, included = found["remembered"]
    assert without == {
        "price": "12.5",
        "vat": "9",
        "includes_vat": False,
        "fits": True,
        "source": "2026-00181",
        "text": "€\u00a012.50 excl. VAT, as in 2026-00181",
    }
    assert (included["price"], included["vat"], included["includes_vat"]) == ("13.63", "9", True)
    assert included["source"] == "2026-00181, converted from €\u00a012.50 excl. VAT"


def test_the_newest_price_counts_whether_with_vat_or_without(client: Client, account: Connection) -> None:
    make_product(account, name="Balk")
    offer(account, row("12.5", "Balk"), number="2026-00181", days_ago=2)
    offer(account, row("24.2", "Balk"), number="2026-00182", days_ago=1, incl=True)
    without, included = find(client, account)["remembered"]
    assert (without["price"], without["includes_vat"]) == ("20", False)
    assert without["source"].startswith("2026-00182, converted from")
    assert (included["price"], included["source"]) == ("24.2", "2026-00182")


def test_vat_is_added_at_the_rate_of_the_product(client: Client, account: Connection) -> None:
    make_product(account, name="Balk", vat_group=make_vat_group(account, vat=Decimal(9)))
    offer(account, row(100, "Balk", vat_percentage=21))
    _without, included = find(client, account)["remembered"]
    assert included["price"] == "109"


def test_a_price_whose_vat_is_unknown_is_not_converted(client: Client, account: Connection) -> None:
    make_product(account, name="Balk")
    offer(account, row("12.5", "Balk", vat_percentage=None), number="2026-00181")
    (without,) = find(client, account)["remembered"]
    assert (without["price"], without["includes_vat"]) == ("12.5", False)


def test_the_catalogue_price_always_counts_first(client: Client, account: Connection) -> None:
    make_product(account, name="Balk", price=Decimal(99), vat_group=make_vat_group(account))
    offer(account, row(10, "Balk"))
    found = find(client, account)
    assert (found["row"]["price"], found["remembered"]) == ("99", [])


def test_a_price_in_another_currency_is_shown_but_does_not_fit(client: Client, account: Connection) -> None:
    make_product(account, name="Balk")
    offer(account, row(10, "Balk"), price_total_display="$10.00", remote_id=1)
    offer(account, row(1, "Plank"), price_total_display="€ 1,00", remote_id=2)
    remembered, _included = find(client, account)["remembered"]
    assert not remembered["fits"]
    assert remembered["text"].startswith("$")


def test_a_price_of_a_joined_account_names_it(client: Client, account: Connection) -> None:
    other = make_connection("interieur", label="Interieur BV")
    make_product(account, name="Balk")
    offer(other, row(10, "Balk"), number="7")
    PriceGroup.objects.create(name="Groep").connections.set([account, other])
    remembered, _included = find(client, account)["remembered"]
    assert remembered["source"] == "7 (Interieur BV)"


def test_people_without_the_permission_get_no_remembered_price(account: Connection) -> None:
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_proposal", "view_product"]))
    client = Client()
    client.force_login(user)
    make_product(account, name="Balk")
    offer(account, row(10, "Balk"))
    assert find(client, account)["remembered"] == []


def test_a_draft_keeps_where_a_price_is_from() -> None:
    stored = {"type": "price", "text": "Balk", "price": "10", "price_from": "2026-00181"}
    (table,) = load_tables([{"id": "", "rows": [stored, {"type": "title", "price_from": "x"}]}])
    assert dump_row(table.rows[0])["price_from"] == "2026-00181"
    assert "price_from" not in dump_row(table.rows[1])
    with pytest.raises(ValueError, match="no text"):
        load_tables([{"id": "", "rows": [stored | {"price_from": "x" * 121}]}])
