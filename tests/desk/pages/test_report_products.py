"""The report Products that win: its numbers, the rows behind them, and its CSV."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from offorte_portal import ports
from offorte_portal.connections.models import Connection
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


def test_the_csv_has_a_row_for_each_product_and_currency(client: Client, balk: Product) -> None:
    response = client.get(URL + "?format=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Product,Offered,Won,Lost,Won share,Currency,Value won,Won rows without an amount"
    assert lines[1].startswith("Balk,6,4,1,80.0,€,360")


def test_the_csv_has_all_rows_that_are_of_no_product(
    client: Client, balk: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winning, "MOST_LOOSE", 1)
    offer(balk.connection, row(7, "Steiger huren"), row(8, "Afvoer puin"), remote_created_at=ports.now())
    bring_up_to_date()
    rollups.rebuild_due()
    response = client.get(URL + "?format=csv")
    names = [line.split(b",")[0] for line in b"".join(response.streaming_content).splitlines()[1:]]  # type: ignore[attr-defined]
    assert sorted(names) == [b"Afvoer puin", b"Balk", b"Los werk", b"Steiger huren"]


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
