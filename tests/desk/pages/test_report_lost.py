"""The page Why we lose: figures, links and files."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.changes import following
from offorte_portal.changes.models import Cursor
from offorte_portal.tracking.models import Loss, LostReason
from tests.support.factories import make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage

pytestmark = pytest.mark.django_db
URL = "/reports/lost/"


@pytest.fixture
def lost(sanne: User) -> LostReason:
    """Three lost proposals: two for a reason, to a competitor in one case, and one without a reason."""
    reason = LostReason.objects.create(name="=Price")
    for value, why in ((100, {"competitor": "Bouwcombi"}), (50, {}), (20, None)):
        proposal = make_proposal(status="lost", price_total=value, remote_modified_at=timezone.now())
        if why is not None:
            Loss.objects.create(connection=proposal.connection, proposal=proposal, reason=reason, **why)
    bring_up_to_date()
    return reason


def read_table(client: Client, **query: str) -> dict[str, list[Any]]:
    table = client.get(URL, {"who": "team", **query}).context["table"]
    return {row.label: row.cells for row in [*table.rows, table.total]}


def test_reasons_have_their_share(client: Client, lost: LostReason) -> None:
    found = {label: [cell.text for cell in cells] for label, cells in read_table(client).items()}
    assert found == {
        "=Price": ["2", "€\u00a0150", "66.7\u00a0%"],
        "No reason given": ["1", "€\u00a020", "33.3\u00a0%"],
        "Total": ["3", "€\u00a0170", "100.0\u00a0%"],
    }


def test_numbers_lead_to_lost_proposals_of_the_reason(client: Client, lost: LostReason) -> None:
    cells = read_table(client)
    assert f"lost_reason={lost.pk}" in cells["=Price"][0].url
    assert "lost_reason=none" in cells["No reason given"][0].url
    assert len(ListPage(client.get(cells["Total"][0].url)).rows) == 3


@pytest.mark.parametrize("by", ["competitor", "month", "seller", "team", "template", "x", "\0"])
def test_by_everything_else(client: Client, lost: LostReason, by: str) -> None:
    cells = read_table(client, by=by)
    assert cells["Total"][0].text == "3"
    if by == "competitor":
        assert cells["Bouwcombi"][0].text == "1"
        assert cells["No competitor named"][0].url == ""
    elif by == "seller":
        assert [cell.text for cell in cells["Unknown"]][2:] == ["66.7\u00a0%", "=Price (2)"]


def test_a_file_holds_no_formula(client: Client, lost: LostReason) -> None:
    response: Any = client.get(URL, {"who": "team", "file": "csv", "table": "lost"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[:2] == ["Reason,Lost,Value lost (€),Share (%)", "'=Price,2,150.00,66.70"]


def test_who_may_not_see_proposals_sees_no_reasons(client: Client) -> None:
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get(URL).status_code == 403


def test_it_takes_eight_queries_at_most(
    client: Client, lost: LostReason, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client.get(URL, {"who": "team"})
    with django_assert_max_num_queries(8):
        client.get(URL, {"who": "team"})


def test_it_shows_no_reasons_until_all_months_are_added_up(client: Client, lost: LostReason) -> None:
    Cursor.objects.filter(follower="loss_sums").update(rebuilt_to=0)
    response = client.get(URL, {"who": "team"})
    assert response.context["table"] is None
    assert "are being added up" in response.content.decode()
    following.sweep()
    assert read_table(client)["Total"][0].text == "3"


@pytest.mark.parametrize("by", ["reason", "competitor", "seller"])
def test_another_period_is_broken_down_in_the_same_way(client: Client, lost: LostReason, by: str) -> None:
    context = client.get(URL, {"who": "team", "by": by}).context
    assert {f"by={by}" in url for _label, _is_current, url in context["periods"]} == {True}
    assert ("by", by) in context["hidden"]
    assert f"by={by}" in context["keep"]
