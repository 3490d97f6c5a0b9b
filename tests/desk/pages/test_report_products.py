"""The report Products that win: its numbers, the rows behind them, and its CSV."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.desk.pages.reports import products
from offorte_portal.prices import rollups, winning
from proposals.models import Proposal
from tests.prices.pricing import offer, row
from tests.support.factories import make_connection, make_product, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db

URL = "/reports/products/"


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_staff())
    return client


@pytest.fixture
def balk(account: Connection) -> Product:
    """A product that was offered seven times this month: four won, two of them at two amounts, and one lost."""
    product = make_product(account, name="Balk")
    now = ports.now()
    for status in ("won", "won", "won", "won", "lost", "open"):
        rows = row(100, "Balk", subtotal=90, discount=10)
        offer(account, rows, status=status, price_total_display="€ 90,00", remote_created_at=now)
    offer(account, row(5, "Los werk"), status="won", price_total_display="$5.00", remote_created_at=now)
    long_ago = now.replace(year=now.year - 5, day=1)
    offer(account, row(1, "Oud"), price_total_display="€ 90,00", remote_created_at=long_ago)
    bring_up_to_date()
    rollups.rebuild_due()
    return product


def read(client: Client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def cells(html: str, label: str) -> list[str]:
    line = next(part for part in html.split("<tr>") if label in part)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]


def test_a_product_has_its_figures_of_the_period(client: Client, balk: Product) -> None:
    html = read(client)
    assert cells(html, "Balk") == ["6", "4", "1", "80.0\u00a0%", "€\u00a0360"]
    assert cells(html, "Los werk") == ["1", "1", "0", "too few", "$\u00a05"]
    assert "not in the catalogue" in html
    assert ">Oud<" not in html


def test_every_number_leads_to_its_rows(client: Client, balk: Product) -> None:
    line = next(part for part in read(client).split("<tr>") if "Balk" in part)
    for url, text in re.findall(r'<td class="number"><a href="([^"]+)">([\d]+)</a>', line):
        query = url.replace("&amp;", "&").partition("?")[2]
        assert len(open_list(Proposal, f"?{query}", client=client).rows) == int(text)


def take(client: Client, query: str = "") -> list[str]:
    """Return the lines of the CSV."""
    response = client.get(f"{URL}?file=csv&table=products{query}")
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_the_files_have_a_column_for_each_currency(client: Client, balk: Product) -> None:
    assert take(client) == [
        "Product,Offered,Won,Lost,Won share (%),Value won ($),Value won (€)",
        "Balk,6,4,1,80.00,0.00,360.00",
        "Los werk,1,1,0,,5.00,0.00",
    ]
    book = client.get(f"{URL}?file=xlsx&table=products")
    assert b"".join(book.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_the_csv_has_all_rows_that_are_of_no_product(
    client: Client, balk: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winning, "MOST_LOOSE", 1)
    offer(balk.connection, row(7, "Steiger huren"), row(8, "Afvoer puin"), remote_created_at=ports.now())
    bring_up_to_date()
    rollups.rebuild_due()
    names = [line.split(",")[0] for line in take(client)[1:]]
    assert sorted(names) == ["Afvoer puin", "Balk", "Los werk", "Steiger huren"]


@pytest.mark.parametrize("order", ["value", "won", "share", "offered", "nonsense"])
def test_the_report_can_be_sorted(client: Client, balk: Product, order: str) -> None:
    html = read(client, f"?order={order}&months=x")
    assert html.index(">Balk<") < html.index("Los werk")


def test_the_report_says_what_it_leaves_out(client: Client, balk: Product) -> None:
    make_unread = [offer(balk.connection, details_as_of=None) for _ in range(2)]
    assert f"{len(make_unread)} proposals haven’t been read yet" in read(client)


def test_the_report_takes_few_queries(
    client: Client, balk: Product, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    read(client)
    with django_assert_max_num_queries(8):
        read(client)


def test_the_report_is_for_people_who_may_see_proposals(balk: Product) -> None:
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename="view_pricememory"))
    client = Client()
    client.force_login(user)
    assert client.get(URL).status_code == 403


def test_figures_are_compared_with_the_period_before(client: Client, account: Connection) -> None:
    make_product(account, name="Balk")
    this_month = ports.now().replace(day=1)
    last_month = this_month - timedelta(days=1)
    for status, at, currency in (
        *(("won", this_month, "€"),) * 6,
        *(("won", last_month, "€"),) * 3,
        *(("lost", last_month, "€"),) * 3,
        ("won", last_month, "$"),
    ):
        offer(account, row(100, "Balk"), status=status, price_total_display=f"{currency} 1,00", remote_created_at=at)
    offer(account, row(9, "Voorbij"), remote_created_at=last_month)
    bring_up_to_date()
    rollups.rebuild_due()
    (line,) = client.get(f"{URL}?period=month").context["table"].rows
    assert [(cell.text, cell.change, cell.before) for cell in line.cells] == [
        ("6", "−14\u00a0%", "7"),
        ("6", "+50\u00a0%", "4"),
        ("0", "−100\u00a0%", "3"),
        ("100.0\u00a0%", "+42.9 points", "57.1\u00a0%"),
        ("€\u00a0600", "$ −100\u00a0% · € +100\u00a0%", "€\u00a0300 · $\u00a0100"),
    ]
    alone = client.get(f"{URL}?period=month&versus=none").context["table"]
    assert [cell.change for cell in alone.rows[0].cells] == [""] * 5
    both = client.get(f"{URL}?from={last_month:%Y-%m}&to={this_month:%Y-%m}&versus=none").context["table"].rows
    assert {row.label: row.cells[0].text for row in both} == {"Balk": "13", "Voorbij": "1"}


def test_the_order_stays_when_the_period_changes_and_not_in_other_reports(client: Client, balk: Product) -> None:
    context = client.get(f"{URL}?order=offered&months=24&versus=year").context
    assert {"order=offered" in url for _label, _is_current, url in context["periods"]} == {True}
    assert ("order", "offered") in context["hidden"]
    assert {("order=" in url, "months=24" in url) for _label, url, _is_current in context["tabs"]} == {(False, True)}


def test_an_amount_that_is_unknown_is_not_zero(client: Client, account: Connection) -> None:
    offer(account, row(None, "Balk"), status="won", remote_created_at=ports.now())
    bring_up_to_date()
    rollups.rebuild_due()
    table = client.get(URL).context["table"]
    assert [cell.text for cell in table.rows[0].cells] == ["1", "1", "0", "too few", "—", "1"]
    assert table.headings[-1] == "Won rows without an amount"
    assert take(client)[1].startswith("Balk,1,1,0,,")


def test_people_without_the_permission_to_see_prices_get_no_tab() -> None:
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename="view_proposal"))
    client = Client()
    client.force_login(user)
    assert client.get(URL).status_code == 403
    tabs = [label for label, _url, _is_current in client.get("/reports/").context["tabs"]]
    assert "Results" in tabs
    assert "Products that win" not in tabs


@pytest.mark.parametrize("query", ["file=csv", "file=pdf&table=products", "file=csv&table=x", "table=products"])
def test_an_address_that_asks_for_no_file_gets_a_page_of_a_usual_length(
    client: Client, balk: Product, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(products, "SHOWN", 1)
    assert [row.label for row in client.get(f"{URL}?{query}").context["table"].rows] == ["Balk"]
