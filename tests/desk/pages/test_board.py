"""The pipeline board: the list in columns, and moving cards at Offorte."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.desk import board
from offorte_portal.desk.models import ProposalStats
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.clock import Clock
from tests.support.factories import AS_OF, link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage
from tests.support.mirrored import mirror_account

pytestmark = pytest.mark.django_db

URL = "/board/"


def columns(client: Client, query: str = "") -> dict[str, Any]:
    return {column.status.value: column for column in client.get(URL + query).context["columns"]}


def totals(client: Client, query: str = "") -> dict[str, tuple[int, Decimal]]:
    """By status how many, worth how many euros, on a board of one side."""
    found = {status: column.sums[0].total for status, column in columns(client, query).items()}
    return {
        status: (total.count, total.worth.amounts.get("€", Decimal())) for status, total in found.items() if total.count
    }


def names(column: Any) -> list[str]:
    return [card.proposal.name for card in column.cards]


def fill() -> None:
    now = timezone.now()
    link(User.objects.get(username="sanne"))
    for number, status in enumerate(("edit", "open", "open", "won", "lost", "closed")):
        make_proposal(
            name=f"{status} {number}",
            status=status,
            owner_email="sanne@example.com" if number != 2 else "pim@example.com",
            price_total=Decimal(10 * number) if number != 3 else None,
            remote_created_at=now - timedelta(days=number),
            remote_modified_at=now,
        )
    make_proposal(status="open", removed_at=now)
    bring_up_to_date()


def test_columns_have_counts_values_and_the_newest_first(client: Client, sanne: User) -> None:
    fill()
    everything = {
        "edit": (1, Decimal(0)),
        "open": (2, Decimal(30)),
        "won": (1, Decimal(0)),
        "lost": (1, Decimal(40)),
        "closed": (1, Decimal(50)),
    }
    assert totals(client) == everything
    assert names(columns(client)["open"]) == ["open 1", "open 2"]
    assert totals(client, "?mine=yes") == everything | {"open": (1, Decimal(10))}
    assert names(columns(client, "?mine=yes")["open"]) == ["open 1"]


def test_the_lists_filters_and_search_work_here_too(client: Client, sanne: User) -> None:
    fill()
    assert totals(client, "?total_min=20") == {
        "open": (1, Decimal(20)),
        "lost": (1, Decimal(40)),
        "closed": (1, Decimal(50)),
    }
    assert names(columns(client, "?q=open")["open"]) == ["open 1", "open 2"]
    page = client.get(URL + "?total_min=20&q=open")
    assert [chip.title for chip in page.context["chips"]] == ["Total"]
    for column in columns(client, "?total_min=20").values():
        (told,) = column.sums
        assert len(ListPage(client.get(told.url)).rows) == told.total.count


def decide(status: str, day: datetime | None, **fields: Any) -> Proposal:
    return make_proposal(
        name=f"{status} {day:%m-%d}" if day else status, status=status, price_total=10, remote_modified_at=day, **fields
    )


def test_of_what_was_decided_the_last_months_are_shown_unless_another_period_is_asked_for(
    client: Client, sanne: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "clock", Clock(datetime(2026, 5, 20, 12, tzinfo=UTC)))
    for day in ("05-01", "04-10", "03-01", "02-28", "01-03"):
        decide("won", datetime.fromisoformat(f"2026-{day}T12:00+01:00"), remote_created_at=AS_OF)
    decide("lost", None)
    make_proposal(status="open", remote_created_at=datetime(2020, 1, 1, tzinfo=UTC), price_total=7)
    bring_up_to_date()
    counts = {"": 3, "month": 1, "quarter": 2, "recent": 3, "year": 5, "all": 5, "nonsense": 3}
    for query in ("", "&total_min=1"):
        for period, count in counts.items():
            found = columns(client, f"?period={period}{query}")
            (sum_of_won,) = found["won"].sums
            assert sum_of_won.total.count == count, (period, query)
            assert sum_of_won.total.worth.amounts["€"] == 10 * count
            assert len(found["won"].cards) == count
            assert len(ListPage(client.get(sum_of_won.url)).rows) == count, sum_of_won.url
            assert found["open"].sums[0].total.count == 1, "what is open is always shown"
    assert names(columns(client)["won"]) == ["won 05-01", "won 04-10", "won 03-01"], "latest decision first"
    html = client.get(URL).content.decode()
    assert "decided since 1 Mar 2026" in html
    assert client.get(URL + "?decided=month").context["periods"] == [], "a filter says when"
    assert totals(client, "?decided=month") == {"won": (1, Decimal(10))}


def test_a_card_says_how_long_it_stands_there(client: Client, sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 5, 20, 12, tzinfo=UTC)
    monkeypatch.setattr(ports, "clock", Clock(now))
    make_proposal(name="seen", remote_created_at=now - timedelta(days=12), viewed_at=now - timedelta(hours=2))
    make_proposal(name="new", remote_created_at=now, view_count=0)
    make_proposal(name="unknown")
    decide("won", now - timedelta(days=1))
    make_proposal(name="edit", status="edit", remote_created_at=now - timedelta(days=3))
    bring_up_to_date()
    ages = {card.proposal.name: card.age for column in columns(client).values() for card in column.cards}
    assert ages == {
        "seen": "open 12 days", "new": "open since today", "unknown": "", "won 05-19": "decided 1 day ago",
        "edit": "in edit 3 days",
    }  # fmt: skip
    html = " ".join(client.get(URL).content.decode().split())
    assert re.search(r"open 12 days</span> <span[^>]*>seen <time[^>]*>2 hours ago", html)
    assert "not seen yet" in html


def test_the_chosen_account_alone_is_shown(client: Client, sanne: User) -> None:
    north, south = make_connection("north"), make_connection("south")
    make_proposal(north, price_total=1)
    make_proposal(south, price_total=2)
    bring_up_to_date()
    session = client.session
    session["account"] = south.pk
    session.save()
    assert totals(client) == {"open": (1, Decimal(2))}
    assert totals(client, "?total_min=0") == {"open": (1, Decimal(2))}


def test_a_column_shows_so_many_and_leads_to_all(client: Client, sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "CARDS", 2)
    monkeypatch.setattr(board, "MOST", 3)
    for number in range(5):
        make_proposal(name=f"Dak {number}", price_total=1)
    bring_up_to_date()
    column = columns(client)["open"]
    (told,) = column.sums
    assert (len(column.cards), told.total.count, told.is_cut) == (2, 5, True)
    assert len(ListPage(client.get(told.url)).rows) == 5
    column = columns(client, "?total_min=1")["open"]
    (told,) = column.sums
    assert (len(column.cards), told.total.count, told.total.is_more) == (2, 3, True)


def test_who_may_not_see_proposals_sees_no_board(client: Client) -> None:
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get(URL).status_code == 403


def test_it_takes_few_queries(client: Client, sanne: User, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    fill()
    for query in ("", "?mine=yes", "?total_min=1", "?period=all"):
        client.get(URL + query)
        with django_assert_max_num_queries(8):
            client.get(URL + query)


@pytest.fixture
def mirrored(simulator: Simulator, connect: Callable[..., Connection]) -> Proposal:
    """An open proposal of a mirrored account."""
    connection = connect()
    mirror_account(connection, simulator)
    bring_up_to_date()
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    simulator.log.clear()
    return proposal


def move(client: Client, proposal: Proposal, status: str, key: str = "", **extra: str) -> Any:
    data = {"status": status, "key": key or str(uuid.uuid4()), "next": "/board/?q=x"} | extra
    return client.post(reverse("board_move", args=[proposal.pk]), data)


def at_offorte(simulator: Simulator, proposal: Proposal) -> str:
    remote: str = simulator.account("bouw").proposals[proposal.remote_id]["status"]
    return remote


def test_a_card_moves_at_offorte_and_at_once_on_the_board(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator
) -> None:
    before = totals(client)["won"][0] if "won" in totals(client) else 0
    response = move(client, mirrored, "won")
    assert response["Location"] == f"/board/?q=x#card-{mirrored.pk}"
    mirrored.refresh_from_db()
    assert mirrored.status == "won" == at_offorte(simulator, mirrored)
    assert ProposalStats.objects.get(pk=mirrored.pk).status == "won"
    assert totals(client)["won"][0] == before + 1
    operation = Operation.objects.get()
    assert (operation.draft, operation.before, operation.requested_by) == ({"status": "won"}, {"status": "open"}, sanne)


def test_the_same_submit_twice_is_one_move(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator
) -> None:
    key = str(uuid.uuid4())
    move(client, mirrored, "won", key)
    move(client, mirrored, "won", key)
    assert Operation.objects.count() == 1
    assert [request.method for request in simulator.requests].count("PATCH") == 1


def test_a_card_is_lost_on_the_page_that_asks_why(client: Client, sanne: User, mirrored: Proposal) -> None:
    url = move(client, mirrored, "lost")["Location"]
    assert url == f"/lost/{mirrored.pk}/?next=%2Fboard%2F%3Fq%3Dx%23card-{mirrored.pk}"
    assert client.get(url).status_code == 200
    assert not Operation.objects.exists()


def test_a_card_that_changed_at_offorte_meanwhile_is_not_moved(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator
) -> None:
    Proposal.objects.filter(pk=mirrored.pk).update(status="edit")
    page = client.get(move(client, mirrored, "closed")["Location"])
    assert "wasn’t moved. In Offorte, it’s open." in page.content.decode()
    assert Operation.objects.get().state == Operation.State.SKIPPED


def test_when_offorte_is_away_the_card_waits_and_says_so(
    client: Client, sanne: User, mirrored: Proposal, simulator: Simulator
) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    page = client.get(move(client, mirrored, "won", next="/board/")["Location"]).content.decode()
    assert "waiting to be sent to Offorte" in page
    assert Proposal.objects.get(pk=mirrored.pk).status == "open"


@pytest.mark.parametrize(
    "data", [{"status": "sold"}, {"status": ""}, {"key": "x", "status": "won"}], ids=["unknown", "empty", "key"]
)
def test_nonsense_moves_nothing(client: Client, sanne: User, data: dict[str, str]) -> None:
    proposal = make_proposal()
    response = client.post(reverse("board_move", args=[proposal.pk]), data | {"next": "https://elsewhere.example/"})
    assert response["Location"] == "/board/"
    assert not Operation.objects.exists()


def test_a_card_that_is_there_already_stays(client: Client, sanne: User) -> None:
    proposal = make_proposal(status="won")
    move(client, proposal, "won")
    assert not Operation.objects.exists()


def test_sellers_move_their_own_cards_only(client: Client) -> None:
    seller = make_staff("pim", is_superuser=False)
    seller.groups.add(Group.objects.get(name="Seller"))
    client.force_login(seller)
    own = make_proposal(owner_remote_id=link(seller).remote_id, owner_email="sanne@example.com")
    other = make_proposal(owner_remote_id=999_999, owner_email=seller.email)
    bring_up_to_date()
    assert {card.proposal.pk: card.may_move for card in columns(client)["open"].cards} == {
        own.pk: True,
        other.pk: False,
    }
    assert client.get(reverse("board_move", args=[own.pk])).status_code == 200
    for name in ("board_move", "proposal_lost"):
        url = reverse(name, args=[other.pk])
        assert client.get(url).status_code == 403
        data = {"status": "won", "reason": "x", "key": str(uuid.uuid4())}
        assert client.post(url, data).status_code == 403
    viewer = make_staff("viewer", is_superuser=False)
    viewer.groups.add(Group.objects.get(name="Viewer"))
    client.force_login(viewer)
    assert move(client, own, "won").status_code == 403
    assert not Operation.objects.exists()


def test_what_is_removed_is_not_moved(client: Client, sanne: User) -> None:
    proposal = make_proposal(removed_at=timezone.now())
    assert move(client, proposal, "won").status_code == 404
