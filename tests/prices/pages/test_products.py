"""Remembered prices in the list of products, on a product's record, and in the list of proposals."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from offorte_portal.connections.models import Connection
from offorte_portal.prices import rollups
from offorte_portal.prices.models import PriceGroup, PriceMemory
from proposals.models import Proposal
from tests.prices.pricing import offer, row
from tests.support.factories import make_company, make_connection, make_product, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import names, open_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def products(account: Connection) -> list[Product]:
    """One that was won twice, one that was lost at a lower price, one with a catalogue price that was never offered."""
    balk, plank = make_product(account, name="Balk"), make_product(account, name="Plank")
    tegel = make_product(account, name="Tegel", price=Decimal(3))
    offer(account, row(10, "Balk"), days_ago=40, status="won", name="Oud")
    offer(account, row(12, "Balk"), days_ago=2, status="won", number="2026-00181", name="Nieuw")
    offer(account, row(9, "Plank"), days_ago=1, status="lost", name="Verloren")
    bring_up_to_date()
    rollups.rebuild_due()
    return [balk, plank, tegel]


def record(product: Product, client: Client | None = None) -> str:
    if client is None:
        client = Client()
        client.force_login(make_staff())
    return client.get(f"/catalog/product/{product.pk}/change/").content.decode()


def restricted(*permissions: str) -> Client:
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_the_list_names_the_proposal_of_the_last_price(products: list[Product]) -> None:
    page = open_list(Product, "?o=last_price&q=balk")
    assert "€\u00a012.00" in page.cell("last_price")
    assert "as in 2026-00181" in page.cell("last_price")
    assert ">2<" in page.cell("offered")
    assert "2 of 2" in page.cell("won_share")


@pytest.mark.parametrize("column", ["last_price", "offered", "won_share", "last_used"])
def test_the_list_is_sorted_by_what_is_remembered(products: list[Product], column: str) -> None:
    page = open_list(Product, f"?o=-{column}")
    assert page.names[:2] == (["Plank", "Balk"] if column == "last_used" else ["Balk", "Plank"])
    assert page.names[2] == "Tegel"
    assert open_list(Product, f"?o={column}").names[-1] == page.names[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?offered=no", {"Tegel"}),
        ("?offered=yes", {"Balk", "Plank"}),
        ("?offered=priceless", set()),
        ("?used_from=2026-03-19", {"Plank"}),
        ("?used_to=2026-03-18", {"Balk"}),
    ],
)
def test_the_list_is_filtered_by_use(products: list[Product], query: str, found: set[str]) -> None:
    assert names(open_list(Product, query).rows) == found


def test_unknown_catalogue_prices_lead_to_the_import(products: list[Product]) -> None:
    assert "/imports/new/products/" in open_list(Product, "?q=balk").cell("price_text")
    assert "/imports/new/products/" not in open_list(Product, "?q=tegel").cell("price_text")
    assert "Import a price list" in record(products[0])
    viewer = restricted("view_product", "view_pricememory")
    assert "/imports/new/products/" not in open_list(Product, "?q=balk", client=viewer).cell("price_text")
    assert "Import a price list" not in record(products[0], viewer)


def test_people_without_the_permission_see_no_remembered_prices(products: list[Product]) -> None:
    client = restricted("view_product")
    page = open_list(Product, "?columns=last_price,offered&o=last_price&offered=no&used_from=2026-03-19", client=client)
    assert page.names == open_list(Product, client=client).names
    assert len(page.names) == 3
    assert "12.00" not in page.html
    assert "Last price" not in page.html
    assert "Prices in proposals" not in record(products[0], client)


def test_people_who_may_not_see_proposals_see_no_rows_of_them(products: list[Product]) -> None:
    html = record(products[0], restricted("view_product", "view_pricememory"))
    assert "€\u00a012.00" in html
    assert "Nieuw" not in html


def test_the_record_shows_the_last_prices_of_a_product(products: list[Product], account: Connection) -> None:
    company = make_company(account, name="De Vries & Zn")
    offer(account, row(11, "Balk", discount=10, discount_type="percentage"), incl=True, company=company, name="Korting")
    bring_up_to_date()
    rollups.rebuild_due()
    html = record(products[0])
    assert "€\u00a010.00 to €\u00a012.00" in html
    assert "100.0\u00a0% (2 of 2)" in html
    assert "De Vries &amp; Zn" in html
    assert "incl. VAT · 10% discount" in html
    assert html.index("Korting") < html.index("Nieuw") < html.index("Oud")
    assert "No proposal with this product" in record(products[2])


def test_the_record_names_the_account_of_a_joined_price(products: list[Product]) -> None:
    other = make_connection("interieur", label="Interieur BV")
    mine = make_product(other, name="Balk")
    PriceGroup.objects.create(name="Groep").connections.set([other, products[0].connection])
    bring_up_to_date()
    html = record(mine)
    assert "<dt>Account</dt><dd>bouw</dd>" in html
    assert "€\u00a012.00" in html


def test_figures_say_what_they_leave_out(products: list[Product], account: Connection) -> None:
    offer(account, details_as_of=None)
    assert "1 proposal haven’t been read yet" in record(products[0])


def test_proposals_are_found_by_a_product_in_their_rows(products: list[Product]) -> None:
    balk, plank, _tegel = products
    page = open_list(Proposal, f"?product={balk.pk}")
    assert (names(page.rows), page.chips["Product"]) == ({"Oud", "Nieuw"}, "Balk")
    assert names(open_list(Proposal, "?product=plank").rows) == {"Verloren"}
    assert names(open_list(Proposal, f"?product={plank.pk}&product_outcome=won").rows) == set()
    assert names(open_list(Proposal, f"?product={balk.pk}&product_from=2026-03-01").rows) == {"Nieuw"}
    assert names(open_list(Proposal, f"?product={balk.pk}&product_to=2026-02-01").rows) == {"Oud"}
    memory = PriceMemory.objects.get(product=balk)
    assert names(open_list(Proposal, f"?product=m{memory.pk}").rows) == {"Oud", "Nieuw"}


@pytest.mark.parametrize("query", ["product=9999999", "product=m0", "product=1&product_from=x", "product_outcome=x"])
def test_a_product_that_can_not_be_read_finds_nothing(products: list[Product], query: str) -> None:
    page = open_list(Proposal, f"?{query}")
    assert page.rows == []
    assert page.errors


def test_pages_with_remembered_prices_have_few_queries(
    products: list[Product], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(make_staff())
    record(products[0], client)
    open_list(Product, "?o=last_price", client=client)
    with django_assert_max_num_queries(20):
        record(products[0], client)
    # Nine of them are the frame's: the session, the person, the accounts, and what the navigation counts.
    with django_assert_max_num_queries(15):
        open_list(Product, "?o=last_price", client=client)
