"""The pipeline board with quotes of other systems: a switch, sums apart, cards that stay where they are."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.other_systems.models import Source
from tests.support.factories import link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage
from tests.support.quotes import days_ago, make_quote, make_source

pytestmark = pytest.mark.django_db
URL = "/board/"


@pytest.fixture
def cirrus(sanne: User) -> Source:
    """Two proposals in Offorte; in Cirrus quotes in two currencies, and one without a total."""
    account = make_connection("north")
    link(sanne, account)
    mine = {"owner_email": "sanne@example.com", "remote_created_at": timezone.now()}
    make_proposal(account, name="Dak", status="open", price_total=Decimal(1000), **mine)
    make_proposal(account, name="Gevel", status="won", price_total=Decimal(50))
    bring_up_to_date()
    source = make_source(label="Nordvik CRM")
    make_quote(source, title="Tak", total=Decimal(300), owner_email="Sanne@example.com", owner_name="Sanne")
    make_quote(source, title="Fasad", total=Decimal(20), currency="EUR", begun_on=days_ago(3))
    make_quote(source, title="Okand", total=None)
    make_quote(source, title="Gone", missing_since="2026-01-01T00:00:00Z")
    make_quote(source, title="Seen only", status="", mapped_from="")
    return source


def read(client: Client, **query: str) -> Any:
    return client.get(URL, query).context


def told(context: Any, status: str = "open") -> dict[str, tuple[int, list[str], str]]:
    """By side how many, worth what, and of how many nobody knows."""
    (column,) = (one for one in context["columns"] if one.status == status)
    return {one.label: (one.total.count, one.amounts, one.unvalued) for one in column.sums}


OTHERS = (3, ["SEK\u00a0300.00", "€\u00a020.00"], "1 without a total")


def test_offorte_alone_is_the_default(client: Client, cirrus: Source) -> None:
    context = read(client)
    assert told(context) == {"": (1, ["€\u00a01,000.00"], "")}
    assert "Tak" not in client.get(URL).content.decode()
    assert [(one.label, one.url, one.is_current) for one in context["switch"]] == [
        ("Offorte", "?", True),
        ("Other systems", "?systems=other", False),
        ("Both", "?systems=both", False),
    ]


def test_other_systems_alone_each_currency_by_itself(client: Client, cirrus: Source) -> None:
    assert told(read(client, systems="other")) == {"": OTHERS}


def test_both_beside_each_other_and_never_in_one_sum(client: Client, cirrus: Source) -> None:
    context = read(client, systems="both")
    assert told(context) == {"Offorte": (1, ["€\u00a01,000.00"], ""), "Other systems": OTHERS}
    (column,) = (one for one in context["columns"] if one.status == "open")
    named = [str(card.row if card.template else card.proposal) for card in column.cards]
    assert named[-1] == "Fasad"
    assert sorted(named) == ["Dak", "Fasad", "Okand", "Tak"]


def test_every_number_leads_to_its_rows(client: Client, cirrus: Source) -> None:
    for query in ({"systems": "other"}, {"systems": "both"}, {"systems": "both", "mine": "yes"}):
        for column in read(client, **query)["columns"]:
            for one in column.sums:
                assert "systems=" not in one.url
                assert len(ListPage(client.get(one.url)).rows) == one.total.count
                if one.unvalued:
                    assert len(ListPage(client.get(one.unvalued_url)).rows) == one.total.worth.unknown


def test_cards_say_where_they_are_from_and_cant_be_moved(client: Client, cirrus: Source) -> None:
    html = client.get(URL, {"systems": "other"}).content.decode()
    quote = cirrus.quotes.get(title="Tak")
    assert reverse("admin:other_systems_importedquote_change", args=[quote.pk]) in html
    assert '<span class="pill pill-source">Nordvik CRM</span>' in html
    assert "You can’t move this card: its status comes from Nordvik CRM." in html
    assert 'draggable="true"' not in html
    assert "data-move" not in html
    assert "You can’t move quotes from other systems here" in html
    assert "no total" in html


def test_mine_is_mine_on_both_sides(client: Client, cirrus: Source) -> None:
    context = read(client, systems="both", mine="yes")
    assert told(context) == {
        "Offorte": (1, ["€\u00a01,000.00"], ""),
        "Other systems": (1, ["SEK\u00a0300.00"], ""),
    }


@pytest.mark.parametrize(
    ("query", "sides", "notice"),
    [
        ({"status": "open"}, ["Offorte", "Other systems"], ""),
        ({"q": "dak"}, ["Offorte", "Other systems"], ""),
        ({"company": "breda"}, ["Offorte"], "“Company” isn’t available for quotes from other systems"),
        ({"currency": "SEK"}, ["Other systems"], "“Currency” isn’t available for proposals in Offorte"),
    ],
)
def test_what_one_side_does_not_know_leaves_it_out(
    query: dict[str, str], sides: list[str], notice: str, client: Client, cirrus: Source
) -> None:
    context = read(client, systems="both", **query)
    assert list(told(context)) == sides
    assert "".join(context["sides"].notices).startswith(notice)
    assert bool(context["sides"].notices) is bool(notice)
    assert len(context["chips"]) == len(query) - ("q" in query)


def test_the_switch_keeps_what_its_side_knows(client: Client, cirrus: Source) -> None:
    urls = {one.label: one.url for one in read(client, company="breda", status="open", q="dak")["switch"]}
    assert urls["Both"] == urls["Other systems"].replace("other", "both") == "?status=open&q=dak&systems=both"
    assert urls["Offorte"] == "?company=breda&status=open&q=dak"


def test_only_what_both_know_is_offered_for_both(client: Client, cirrus: Source) -> None:
    names = {one.name for one in read(client, systems="both")["filter_menu"]}
    assert {"status", "mine", "total", "decided", "begun", "seller", "modified"} == names
    assert "currency" in {one.name for one in read(client, systems="other")["filter_menu"]}


def test_who_may_not_see_quotes_has_no_switch(client: Client, cirrus: Source) -> None:
    user = make_staff("pim", is_superuser=False)
    user.groups.add(Group.objects.get(name="Viewer"))
    user.groups.get().permissions.filter(codename="view_importedquote").delete()
    client.force_login(user)
    context = read(client, systems="both")
    assert context["switch"] == []
    assert list(told(context)) == [""]


def test_without_other_systems_there_is_no_switch(client: Client, sanne: User) -> None:
    assert read(client)["switch"] == []
    assert told(read(client, systems="other")) == {"": (0, ["—"], "")}


def test_two_accounts_of_different_currencies_are_not_added_up(client: Client, sanne: User) -> None:
    for name, display, total in (("north", "€ 10,00", 10), ("states", "$25.00", 25), ("south", "", 5)):
        make_proposal(make_connection(name), price_total=Decimal(total), price_total_display=display)
    bring_up_to_date()
    for query in ({}, {"total_min": "1"}):
        assert told(read(client, **query)) == {"": (3, ["$\u00a025.00", "€\u00a015.00"], "")}


def test_it_takes_few_queries(
    client: Client, cirrus: Source, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for query, most in (({}, 8), ({"systems": "other"}, 8), ({"systems": "both"}, 11)):
        client.get(URL, query)
        with django_assert_max_num_queries(most):
            client.get(URL, query)
