"""Why proposals were lost, on their pages, in the list and in exported files."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.files.exports import sheets
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import LostReason
from proposals.models import Proposal
from tests.support.factories import make_proposal
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db

LIST = "/proposals/proposal/"


@pytest.fixture
def lost(sanne: User, expensive: LostReason) -> list[Proposal]:
    """Lost for a reason, for another one, for no known one; and one that is open."""
    rows = [make_proposal(name=f"{number}", status="lost") for number in range(3)]
    losses.explain(rows[0], Why(expensive, "Veel te duur", "Bouwcombi Noord"), by=sanne)
    losses.explain(rows[1], Why(words="Verhuisd"), by=sanne)
    return [*rows, make_proposal(name="3")]


def names(client: Client, query: str) -> list[str]:
    return sorted(row.name for row in client.get(f"{LIST}?{query}").context["cl"].result_list)


def test_the_list_is_filtered_by_reason_and_competitor(
    client: Client, lost: list[Proposal], expensive: LostReason
) -> None:
    assert names(client, f"lost_reason={expensive.pk}") == ["0"]
    assert names(client, "lost_reason=other") == ["1"]
    assert names(client, "lost_reason=none") == ["2"]
    assert names(client, f"lost_reason={expensive.pk},none") == ["0", "2"]
    assert names(client, f"lost_reason={expensive.pk},other,none") == ["0", "1", "2"]
    assert names(client, "competitor=bouwcömbi") == ["0"]
    assert names(client, "competitor=noord") == []
    page = client.get(f"{LIST}?lost_reason={expensive.pk}")
    assert [chip.text for chip in page.context["chips"]] == ["Lost reason: Too expensive"]


@pytest.mark.parametrize(
    "query", ["lost_reason=999999", "lost_reason=abc", "competitor=%00", "competitor=%F4%8F%BF%BF"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(client: Client, lost: list[Proposal], query: str) -> None:
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_many_matches_are_found_the_other_way(
    client: Client, lost: list[Proposal], expensive: LostReason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "FEW", 0)
    assert names(client, f"lost_reason={expensive.pk}") == ["0"]
    assert names(client, f"lost_reason={expensive.pk},none") == ["0", "2"]


def test_the_columns_take_one_query_more(
    client: Client, lost: list[Proposal], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    url = f"{LIST}?columns=title,lost_reason,competitor&o=title"
    client.get(url)
    with django_assert_max_num_queries(9):
        page = client.get(url)
    text = page.content.decode()
    for shown in ("Too expensive", "Verhuisd", "Bouwcombi Noord"):
        assert shown in text


def test_files_say_why(lost: list[Proposal], django_assert_max_num_queries: Callable[[int], Any]) -> None:
    sheet = sheets.find("proposals.proposal")
    assert sheet
    columns = sheet.choose(["name", "lost_reason", "lost_words", "competitor"])
    with django_assert_max_num_queries(2):
        cells = list(sheet.read([row.pk for row in lost], columns))
    assert cells == [
        ["0", "Too expensive", "Veel te duur", "Bouwcombi Noord"],
        ["1", None, "Verhuisd", None],
        ["2", None, None, None],
        ["3", None, None, None],
    ]


def test_its_page_says_why_and_asks_where_nobody_said(client: Client, lost: list[Proposal]) -> None:
    told = client.get(f"{LIST}{lost[0].pk}/change/").content.decode()
    assert "Too expensive · Competitor: Bouwcombi Noord · “Veel te duur”" in told
    assert "by sanne" in told
    asked = client.get(f"{LIST}{lost[2].pk}/change/").content.decode()
    assert "Add the reason" in asked
    assert f"/lost/{lost[2].pk}/?next=" in asked
    assert "Lost because" not in client.get(f"{LIST}{lost[3].pk}/change/").content.decode()


def test_viewers_read_why_and_are_not_asked(client: Client, lost: list[Proposal]) -> None:
    client.force_login(member("Viewer", "vera"))
    told = client.get(f"{LIST}{lost[0].pk}/change/").content.decode()
    assert "Too expensive" in told
    assert "/lost/" not in told
