"""The home page: every count leads to what it counts."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from offorte_portal.connections.models import Connection
from tests.support.factories import link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def fill() -> None:
    for user in User.objects.filter(username="sanne"):
        link(user)
    now = timezone.now()
    shared: dict[str, Any] = {"owner_email": "sanne@example.com", "price_total": Decimal(100)}
    for fields in (
        {"view_count": 0, "remote_created_at": now - 5 * DAY},
        {"view_count": 2, "viewed_at": now - 6 * DAY},
        {"view_count": 2, "viewed_at": now - timedelta(minutes=5), "name": "Heet"},
        {"status": "won", "won_at": now, "remote_created_at": now},
        {"status": "lost", "remote_modified_at": now, "remote_created_at": now},
    ):
        make_proposal(**(shared | fields))
    make_proposal(view_count=0, remote_created_at=now - 5 * DAY)
    bring_up_to_date()


def matters(client: Client, who: str = "mine") -> dict[str, Any]:
    return {matter.name: matter for matter in client.get("/", {"who": who}).context["attention_items"]}


def test_every_count_leads_to_as_many_rows(client: Client, sanne: User) -> None:
    fill()
    for who, expected in (("mine", 1), ("team", 2)):
        found = matters(client, who)
        assert found["unseen"].count == expected
        for matter in found.values():
            assert len(ListPage(client.get(matter.url)).rows) == matter.count, matter.url


def test_every_figure_and_bar_leads_to_its_rows(client: Client, sanne: User) -> None:
    fill()
    context = client.get("/").context
    facts = {fact.label: fact for fact in context["facts"]}
    assert facts["Open value"].value == "€\u00a0300"
    assert facts["Open value"].note == "3 proposals"
    assert len(ListPage(client.get(facts["Open value"].url)).rows) == 3
    assert facts["Won this quarter"].value == "€\u00a0100"
    assert len(ListPage(client.get(facts["Won this quarter"].url)).rows) == 1
    assert facts["Win rate this quarter"].value == "50.0\u00a0%"
    assert len(ListPage(client.get(facts["Win rate this quarter"].url)).rows) == 2
    bars = [drawn.bar for slot in context["chart"].slots for drawn in slot.bars if drawn.bar.value]
    assert sum(len(ListPage(client.get(bar.url)).rows) for bar in bars) == 1 + 1, "won, and open of a known month"


def test_what_is_hot_is_explained(client: Client, sanne: User) -> None:
    fill()
    html = client.get("/").content.decode()
    assert "1 visit in 24 hours" in html
    assert re.search(r"Heet.*?</li>", html, re.DOTALL)


def test_a_broken_account_is_told_and_whoever_may_repair_it_can(client: Client, sanne: User) -> None:
    connection = make_connection(state=Connection.State.RECONNECT)
    assert matters(client)["accounts"].url == f"/offorte/{connection.account}/login/"
    client.force_login(make_staff("viewer", is_superuser=False))
    assert matters(client)["accounts"].url == ""
    assert b"account has a problem" in client.get("/").content


def test_who_sees_nothing_is_told_nothing(client: Client) -> None:
    fill()
    client.force_login(make_staff("nobody", is_superuser=False))
    page = client.get("/", {"who": "team"})
    assert page.context["attention_items"] == []
    assert "facts" not in page.context
    assert b"Heet" not in page.content
    accounts = client.get("/home/accounts/")
    assert accounts.context["statuses"] == []


def test_somebody_who_is_nobody_at_offorte_sees_the_team_s(client: Client) -> None:
    fill()
    client.force_login(make_staff("x", email="sanne@example.com"))
    page = client.get("/")
    assert not page.context["scope"].is_mine
    assert {matter.name: matter.count for matter in page.context["attention_items"]}["unseen"] == 2


def test_without_accounts_it_offers_to_connect_one(client: Client, sanne: User) -> None:
    assert b"Connect your first Offorte account" in client.get("/").content


def test_statuses_and_accounts_come_afterwards(client: Client, sanne: User) -> None:
    fill()
    page = client.get("/home/accounts/")
    assert {status.value: status.count for status in page.context["statuses"]} == {
        "edit": 0,
        "open": 4,
        "won": 1,
        "lost": 1,
        "closed": 0,
    }


def test_a_seller_begins_with_their_own_others_with_the_team(client: Client, sanne: User) -> None:
    fill()
    for user, who, note in ((sanne, "mine", "3 proposals"), (make_staff("vera"), "team", "4 proposals")):
        client.force_login(user)
        context = client.get("/").context
        facts = {fact.label: fact for fact in context["facts"]}
        assert (context["scope"].who, facts["Open value"].note) == (who, note)


def test_it_takes_eight_queries_at_most(
    client: Client, sanne: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    fill()
    seller = make_staff("pim", is_superuser=False)
    seller.groups.add(Group.objects.get(name="Seller"))
    for user in (sanne, seller):
        client.force_login(user)
        client.get("/")
        with django_assert_max_num_queries(8):
            client.get("/")
