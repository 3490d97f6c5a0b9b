"""Reports on quotes of other systems: apart from Offorte's, currency by currency, every number with its rows."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.adminkit.reports import Cell
from offorte_portal.other_systems.models import Source
from tests.support.factories import link, make_connection, make_proposal
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage
from tests.support.quotes import make_quote, make_source

pytestmark = pytest.mark.django_db
URL = "/reports/"


@pytest.fixture
def cirrus(sanne: User) -> Source:
    """Won in two currencies and without a total, lost, open and in edit; one proposal in Offorte."""
    make_proposal(make_connection(), status="won", price_total=Decimal(999), won_at=timezone.now())
    link(sanne)
    bring_up_to_date()
    source, today = make_source(label="Nordvik CRM"), timezone.localdate()
    won: dict[str, Any] = {"status": "won", "decided_on": today}
    make_quote(source, total=Decimal(300), owner_email="sanne@example.com", **won)
    make_quote(source, total=Decimal(20), currency="EUR", **won)
    make_quote(source, total=Decimal(7), currency="", **won)
    make_quote(source, total=None, **won)
    make_quote(source, status="lost", decided_on=today, total=Decimal(40))
    make_quote(source, total=Decimal(1000))
    make_quote(source, total=None)
    make_quote(source, status="edit", total=Decimal(500))
    return source


def sections(client: Client, **query: str) -> dict[str, Any]:
    return {one["name"]: one for one in client.get(URL, {"who": "team", **query}).context["sections"]}


def texts(cell: Cell) -> list[str]:
    return [cell.text, *(other.text for other in cell.others)]


def cells(section: Any) -> Iterator[Cell]:
    for row in [*section["table"].rows, section["table"].total]:
        for cell in row.cells:
            yield from (cell, *cell.others)


def count_rows(client: Client, url: str) -> int:
    return len(ListPage(client.get(url)).rows)


WORTH = ["SEK\u00a0300", "€\u00a020", "7 in an unknown currency", "1 without a total"]


def test_offorte_alone_is_the_default(client: Client, cirrus: Source) -> None:
    found = sections(client)
    assert list(found) == ["offorte"]
    assert texts(found["offorte"]["table"].total.cells[4]) == ["€\u00a0999"]


def test_other_systems_alone(client: Client, cirrus: Source) -> None:
    found = sections(client, systems="other")
    assert list(found) == ["other"]
    total = found["other"]["table"].total.cells
    assert [cell.text for cell in total[:4]] == ["8", "4", "1", "80.0\u00a0%"]
    assert texts(total[4]) == WORTH


def test_both_lie_below_each_other_with_their_own_sums(client: Client, cirrus: Source) -> None:
    found = sections(client, systems="both")
    assert list(found) == ["offorte", "other"]
    assert texts(found["offorte"]["table"].total.cells[4]) == ["€\u00a0999"]
    assert texts(found["other"]["table"].total.cells[4]) == WORTH
    html = client.get(URL, {"systems": "both"}).content.decode()
    assert "1,026" not in html
    assert "1,326" not in html


def test_every_number_leads_to_its_rows(client: Client, cirrus: Source) -> None:
    for by in ("month", "seller", "system"):
        section = sections(client, systems="other", by=by)["other"]
        for cell in cells(section):
            assert cell.url, cell.text
            if cell.text.isdecimal():
                assert count_rows(client, cell.url) == int(cell.text), cell.url
            elif cell.text == "1 without a total":
                assert count_rows(client, cell.url) == 1
            elif cell.text in WORTH:
                assert count_rows(client, cell.url) == 1, "one quote of each currency was won"
        for line in section["expectations"]:
            assert count_rows(client, line.count.url) == int(line.count.text)


def test_by_seller_and_by_system(client: Client, cirrus: Source) -> None:
    make_quote(make_source("fynn", label="Abo"), status="won", decided_on=timezone.localdate(), total=Decimal(1))
    rows = {
        by: sections(client, systems="other", by=by)["other"]["table"].rows for by in ("seller", "system", "template")
    }
    assert [row.label for row in rows["seller"]] == ["sanne@example.com", "Unknown"]
    assert [row.label for row in rows["system"]] == ["Nordvik CRM", "Abo"]
    assert [row.label for row in rows["template"]] == ["Nordvik CRM", "Abo"], "quotes know no templates"
    assert len(sections(client, systems="both", by="system")["offorte"]["table"].rows) == 1, "and Offorte no systems"


def test_mine_by_the_address_and_what_names_nobody_is_said(client: Client, cirrus: Source) -> None:
    section = sections(client, systems="other", who="mine")["other"]
    assert texts(section["table"].total.cells[4]) == ["SEK\u00a0300"]
    assert count_rows(client, section["table"].total.cells[1].url) == 1
    assert section["has_unowned"]
    assert "Quotes without a seller" in client.get(URL, {"systems": "other", "who": "mine"}).content.decode()
    assert not sections(client, systems="other")["other"]["has_unowned"]


def test_a_chart_for_each_currency_and_a_funnel(client: Client, cirrus: Source) -> None:
    section = sections(client, systems="other")["other"]
    assert [one.currency for one in section["charts"]] == ["Unknown currency", "€", "SEK"]
    (kronor,) = (one.chart for one in section["charts"] if one.currency == "SEK")
    bars = [drawn.bar for slot in kronor.slots for drawn in slot.bars if drawn.bar.value]
    assert [(bar.value, bar.tint) for bar in bars] == [(Decimal(300), "won"), (Decimal(40), "lost")]
    assert [count_rows(client, bar.url) for bar in bars] == [1, 1]
    steps = [drawn.bar for slot in section["funnel"].slots for drawn in slot.bars]
    assert [int(bar.value) for bar in steps] == [8, 7, 4]
    assert [count_rows(client, bar.url) for bar in steps] == [8, 7, 4]


def test_the_forecast_has_the_chances_of_what_nobody_has_seen(client: Client, cirrus: Source) -> None:
    section = sections(client, systems="other")["other"]
    found = {line.label: (texts(line.value), line.chance, texts(line.expected)) for line in section["expectations"]}
    assert found == {
        "Open": (["SEK\u00a01,000", "1 without a total"], 20, ["SEK\u00a0200"]),
        "In edit": (["SEK\u00a0500"], 10, ["SEK\u00a050"]),
    }
    assert section["expected_total"] == "SEK\u00a0250"


def test_the_address_remembers_the_switch(client: Client, cirrus: Source) -> None:
    context = client.get(URL, {"systems": "both", "by": "seller", "months": "6", "who": "mine"}).context
    for *_told, url in [*context["periods"], *context["sections"][1]["dimensions"]]:
        assert "systems=both" in url
    assert context["keep"] == "&by=seller&months=6&systems=both"
    urls = {one.label: one.url for one in context["switch"]}
    assert urls["Offorte"] == "?by=seller&months=6&who=mine"


def test_currencies_of_two_accounts_are_told_apart(client: Client, sanne: User) -> None:
    for name, display, total in (("north", "€ 10,00", 10), ("states", "$25.00", 25)):
        account = make_connection(name)
        for status in ("won", "open"):
            make_proposal(
                account, status=status, price_total=Decimal(total), price_total_display=display, won_at=timezone.now()
            )
    bring_up_to_date()
    section = sections(client)["offorte"]
    assert section["table"].total.cells[4].text == "$\u00a025 · €\u00a010"
    assert [one.currency for one in section["charts"]] == ["$", "€"]
    assert {line.value.text for line in section["expectations"]} == {"$\u00a025 · €\u00a010", "€\u00a00"}


def test_it_takes_few_queries(
    client: Client, cirrus: Source, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for query, most in (({}, 8), ({"systems": "other"}, 8), ({"systems": "both"}, 11)):
        client.get(URL, query)
        with django_assert_max_num_queries(most):
            client.get(URL, query)
