"""Reports: numbers that are right, and lead to what they are made of."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from offorte_portal.adminkit.reports import Cell
from offorte_portal.desk.models import DeskSettings
from offorte_portal.text.months import write_month
from proposals.models import LogEntry, Proposal, SentEmail
from tests.support.factories import (
    link,
    make_account_user,
    make_connection,
    make_design_template,
    make_proposal,
    make_staff,
)
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def moment(months_ago: int = 0) -> datetime:
    """The first of a month at noon, so that whatever is added stays in that month."""
    now = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(months_ago):
        now = (now - DAY).replace(day=1)
    return now


def made(status: str, value: int | None, months_ago: int = 1, **fields: Any) -> Proposal:
    created = moment(months_ago) + 6 * HOUR
    decided = created + 10 * DAY
    known: dict[str, Any] = {"remote_created_at": created, "owner_email": "sanne@example.com"}
    known |= {"won_at": decided} if status == "won" else {"remote_modified_at": decided}
    if status in {"open", "edit"}:
        known.pop("remote_modified_at", None)
    amount = None if value is None else Decimal(value)
    return make_proposal(**(known | {"status": status, "price_total": amount} | fields))


def send(proposal: Proposal, sign_days: int, view_hours: int) -> None:
    sent_at = (proposal.won_at or timezone.now()) - sign_days * DAY
    SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=sent_at)
    LogEntry.objects.create(
        proposal=proposal,
        position=0,
        logged_at=sent_at + view_hours * HOUR,
        action="proposal: viewed",
        type="client",
        person="Kees",
    )


def fill() -> None:
    link(User.objects.get(username="sanne"))
    first = made("won", 100)
    send(first, sign_days=9, view_hours=2)
    send(made("won", 50, months_ago=2), sign_days=4, view_hours=30)
    made("lost", 30)
    made("closed", 7)
    made("open", 20, view_count=0)
    made("edit", 10, months_ago=0)
    made("won", 1000, months_ago=40)
    made("won", 5, owner_email="pim@example.com")
    made("won", 3, remote_created_at=None, won_at=None)
    bring_up_to_date()


def table(client: Client, **query: Any) -> dict[str, list[Cell]]:
    section = read_section(client, **query)
    return {row.label: row.cells for row in [*section["table"].rows, section["table"].total]}


def read_section(client: Client, **query: Any) -> Any:
    """The report of the one side that is shown."""
    (section,) = client.get("/reports/", query).context["sections"]
    return section


def count_rows(client: Client, url: str) -> int:
    return len(ListPage(client.get(url)).rows)


def test_the_total_is_of_the_period_and_mine(client: Client, sanne: User) -> None:
    fill()
    total = [cell.text for cell in table(client)["Total"]]
    assert total == ["6", "2", "1", "66.7\u00a0%", "€\u00a0150", "2 hours", "4 days"]
    assert [cell.text for cell in table(client, who="team")["Total"]][1] == "3"
    assert [cell.text for cell in table(client, months="3", by="seller")["Total"]][4] == "€\u00a0150"


def test_every_number_leads_to_as_many_rows(client: Client, sanne: User) -> None:
    fill()
    for by in ("month", "seller", "template"):
        for cells in table(client, by=by, who="team").values():
            for cell in cells[:3]:
                if cell.url:
                    assert count_rows(client, cell.url) == int(cell.text), cell.url


@pytest.mark.parametrize(
    ("query", "months"),
    [
        ({"from": "2026-01", "to": "2026-03"}, 3),
        ({"from": "2026-03", "to": "2026-01"}, 3),
        ({"from": "2021-01", "to": "2025-12"}, 60),
        ({"from": "1950-01", "to": "2025-12"}, 60),
        ({"to": "2026-03"}, 12),
        ({"from": "2199-01"}, 1),
        ({"from": "x", "to": "\0"}, 12),
        ({"months": "6"}, 6),
        ({"months": "999"}, 12),
        ({"period": "month"}, 1),
        ({"period": "x"}, 12),
    ],
)
def test_any_period_of_at_most_sixty_months(client: Client, sanne: User, query: dict[str, str], months: int) -> None:
    make_connection()
    assert len(table(client, **query)) == months + 1


def test_figures_are_compared_with_the_period_before_or_a_year_earlier(client: Client, sanne: User) -> None:
    link(sanne)
    made("won", 300, months_ago=1)
    for months_ago, value in ((2, 200), (13, 400)):
        made("won", value, months_ago=months_ago)
    bring_up_to_date()
    month = write_month(moment(1).date())
    query = {"from": month, "to": month}
    total = table(client, **query)["Total"][4]
    assert (total.text, total.change, total.before) == ("€\u00a0300", "+50\u00a0%", "€\u00a0200")
    year = table(client, **query, versus="year")["Total"]
    assert (year[4].change, year[1].change, year[3].change) == ("−25\u00a0%", "±0\u00a0%", "±0.0 points")
    none = table(client, **query, versus="none")["Total"][4]
    assert (none.change, none.before) == ("", "")


def test_a_table_is_sent_as_a_file_with_numbers(client: Client, sanne: User) -> None:
    made("won", 40, owner_email="=1+1@example.com")
    bring_up_to_date()
    response: Any = client.get("/reports/", {"by": "seller", "who": "team", "file": "csv", "table": "results"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert (
        text.splitlines()[0]
        == "Seller,Created,Won,Lost,Win rate (%),Value won (€),To first view (hours),To signature (hours)"
    )
    assert text.splitlines()[1].startswith("'=1+1@example.com,1,1,0,100.00,40.00,")
    response = client.get("/reports/", {"who": "team", "file": "xlsx", "table": "results-open"})
    sheet: Any = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[1]][:2] == ["Where it stands", "Count"]
    assert sheet["B2"].value == 0
    for query in ({"file": "exe", "table": "results"}, {"file": "csv", "table": "x"}):
        assert client.get("/reports/", query).headers["Content-Type"].startswith("text/html")


def test_a_seller_whom_the_account_no_longer_has_keeps_their_name(client: Client, sanne: User) -> None:
    proposal = made("won", 100, owner_remote_id=1008, owner_email="", owner_name="Henk Prins")
    made("won", 50, connection=proposal.connection, owner_remote_id=1009, owner_email="")
    bring_up_to_date()
    rows = table(client, by="seller", who="team")
    assert list(rows) == ["Henk Prins", f"{proposal.connection_id}#1009", "Total"]
    assert count_rows(client, rows["Henk Prins"][1].url) == 1


def test_months_without_anything_are_shown_too(client: Client, sanne: User) -> None:
    fill()
    assert len(table(client)) == 13
    assert len(table(client, months=24)) == 25


def test_by_seller_and_by_template(client: Client, sanne: User) -> None:
    user = make_account_user(firstname="Sanne", lastname="Jansen", email="SANNE@example.com")
    design = make_design_template(name="Modern")
    made("won", 40, owner=user, design_template=design)
    made("won", 2, owner_email="")
    bring_up_to_date()
    sellers = table(client, by="seller", who="team")
    assert list(sellers) == ["Sanne Jansen", "Unknown", "Total"]
    assert sellers["Unknown"][1].url == "", "nothing to narrow the list to"
    templates = table(client, by="template", who="team")
    assert templates["Modern"][4].text == "€\u00a040"
    assert count_rows(client, templates["Modern"][1].url) == 1


def test_the_funnel_and_the_bars_lead_to_their_rows(client: Client, sanne: User) -> None:
    fill()
    section = read_section(client)
    steps = [drawn.bar for slot in section["funnel"].slots for drawn in slot.bars]
    assert [int(bar.value) for bar in steps] == [6, 5, 2, 2]
    for bar in steps:
        assert count_rows(client, bar.url) == bar.value
    bars = [drawn.bar for slot in section["charts"][0].chart.slots for drawn in slot.bars if drawn.bar.value]
    assert sum(count_rows(client, bar.url) for bar in bars) == 3


def test_the_forecast_is_value_times_chance(client: Client, sanne: User) -> None:
    now = timezone.now()
    fill()
    made("open", 1000, view_count=1, viewed_at=now - 20 * DAY)
    for person in ("Kees", "Piet", "Anja"):
        hot = made("open", 4000, view_count=3, viewed_at=now, name=person)
        for position in range(3):
            LogEntry.objects.create(
                proposal=hot,
                position=position,
                logged_at=now - position * HOUR,
                action="proposal: viewed",
                type="client",
                person=person,
            )
    DeskSettings.objects.create(chance_hot=50, chance_seen=10)
    caches["local"].clear()
    bring_up_to_date()
    section = read_section(client)
    found = {line.label: (line.count.text, line.value.text, line.expected.text) for line in section["expectations"]}
    assert found == {
        "Open and hot": ("3", "€\u00a012,000", "€\u00a06,000"),
        "Open and seen": ("1", "€\u00a01,000", "€\u00a0100"),
        "Open and not seen": ("1", "€\u00a020", "€\u00a04"),
        "In edit": ("1", "€\u00a010", "€\u00a01"),
    }
    assert section["expected_total"] == "€\u00a06,105"
    for line in section["expectations"]:
        assert count_rows(client, line.count.url) == int(line.count.text)


def test_without_anything_there_are_dashes(client: Client, sanne: User) -> None:
    make_connection()
    total = [cell.text for cell in table(client)["Total"]]
    assert total == ["0", "0", "0", "—", "€\u00a00", "—", "—"]


@pytest.mark.parametrize("query", [{"by": "x", "months": "5"}, {"months": "\0"}, {"by": "", "who": "x", "p": "1"}])
def test_mistaken_addresses_are_the_default(client: Client, sanne: User, query: dict[str, str]) -> None:
    page = client.get("/reports/", query)
    assert page.status_code == 200
    assert len(page.context["sections"][0]["table"].rows) == 12


def test_there_is_nothing_inline_on_the_page(client: Client, sanne: User) -> None:
    fill()
    html = client.get("/reports/").content.decode()
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


def test_who_may_not_see_proposals_sees_no_reports(client: Client) -> None:
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get("/reports/").status_code == 403


def test_it_takes_eight_queries_at_most(
    client: Client, sanne: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    fill()
    client.get("/reports/")
    with django_assert_max_num_queries(8):
        client.get("/reports/")
