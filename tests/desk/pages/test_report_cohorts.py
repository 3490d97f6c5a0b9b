"""Sent to signed: percentages by month of sending, each with its proposals."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.adminkit.reports import Table
from proposals.models import LogEntry, SentEmail
from tests.support.factories import make_proposal
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def table(client: Client, sanne: User) -> Table:
    """Four proposals sent in the month before the last, of which three were seen and one was signed in time."""
    month = timezone.localtime().replace(day=1, hour=12, minute=0, second=0, microsecond=0)
    sent_at = (((month - DAY).replace(day=1) - DAY).replace(day=1) - DAY).replace(day=5)
    for number, seen_days in enumerate((0.5, 2, 20, None)):
        won = {"status": "won", "won_at": sent_at + 6 * DAY} if number == 0 else {"status": "open"}
        proposal = make_proposal(remote_created_at=sent_at - DAY, **won)
        SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=sent_at)
        if seen_days is not None:
            at = sent_at + seen_days * DAY
            LogEntry.objects.create(
                proposal=proposal, position=0, logged_at=at, action="proposal: viewed", type="client", person="Kees"
            )
    bring_up_to_date()
    shown: Table = client.get("/reports/cohorts/", {"who": "team"}).context["table"]
    return shown


def test_each_month_has_its_percentages(table: Table) -> None:
    assert table.total is not None
    shown = [cell.text for cell in table.total.cells]
    assert shown == [
        "4",
        "25.0\u00a0%",
        "50.0\u00a0%",
        "50.0\u00a0%",
        "75.0\u00a0%",
        "25.0\u00a0%",
        "25.0\u00a0%",
        "25.0\u00a0%",
    ]
    assert {cell.text for cell in table.rows[0].cells} == {"0", "—"}
    assert len(table.rows) == 12


def test_percentages_lead_to_their_proposals(client: Client, table: Table) -> None:
    assert table.total is not None
    counts = [len(ListPage(client.get(cell.url)).rows) for cell in table.total.cells]
    assert counts == [4, 1, 2, 2, 3, 1, 1, 1]


def test_days_that_have_not_passed_are_named(table: Table) -> None:
    assert table.total is not None
    assert [cell.change for cell in table.total.cells] == ["", *["so far"] * 7]
    sent = next(row for row in table.rows if row.cells[0].text == "4")
    assert sent.cells[1].change == "", "a day has passed for everything sent that month"


def test_who_may_not_see_proposals_sees_no_cohorts(client: Client) -> None:
    client.force_login(User.objects.create_user("viewer", is_staff=True))
    assert client.get("/reports/cohorts/").status_code == 403


def test_it_takes_eight_queries_at_most(client: Client, table: Table, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client.get("/reports/cohorts/")
    with django_assert_max_num_queries(8):
        client.get("/reports/cohorts/")
