"""Saved views of the list of proposals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from offorte_portal.desk.models import DefaultView, SavedView
from tests.support.factories import link, make_proposal, make_staff
from tests.support.lists import ListPage
from tests.support.quotes import make_quote, make_source

pytestmark = pytest.mark.django_db

LIST = "/proposals/proposal/"


def member(name: str, role: str = "Seller") -> Client:
    user = make_staff(name, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sanne() -> Client:
    return member("sanne")


def save(client: Client, name: str = "Groot", query: str = "total_min=5000&status=open", **extra: str) -> Any:
    return client.post("/views/save/", {"name": name, "query": query} | extra)


def tabs(client: Client, query: str = "") -> dict[str, Any]:
    return {tab.view.name: tab for tab in client.get(f"/views/{query}").context["tabs"]}


def test_a_view_keeps_filters_search_and_order_and_nothing_else(sanne: Client) -> None:
    response = save(sanne, "  Groot \n open ", "status=open&total_min=5000&q=dak&o=-2&p=7&evil=1&e=1")
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("Groot open", "o=-2&q=dak&status=open&total_min=5000", False)
    assert response["Location"] == f"{LIST}?{view.query}"


def test_tabs_have_live_counts_and_the_present_one_is_marked(sanne: Client) -> None:
    make_proposal(price_total=6000)
    make_proposal(price_total=10)
    save(sanne)
    save(sanne, "Klein", "total_max=100")
    found = tabs(sanne, "?status=open&total_min=5000&p=2")
    assert {name: (tab.count, tab.is_active) for name, tab in found.items()} == {
        "Groot": ("1", True),
        "Klein": ("1", False),
    }
    assert len(ListPage(sanne.get(f"{LIST}?{found['Groot'].view.query}")).rows) == 1
    make_proposal(price_total=7000)
    assert tabs(sanne)["Groot"].count == "1", "known for half a minute"
    caches["local"].clear()
    assert tabs(sanne)["Groot"].count == "2"


def test_many_rows_are_not_counted_to_the_end(sanne: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offorte_portal.desk.pages.view_tabs.MOST", 2)
    for _ in range(3):
        make_proposal()
    save(sanne, query="status=open")
    assert tabs(sanne)["Groot"].count == "2+"


def test_only_a_narrowed_list_that_is_not_saved_can_be_saved(sanne: Client) -> None:
    assert not sanne.get("/views/").context["can_save"]
    assert sanne.get("/views/?status=open").context["can_save"]
    save(sanne, query="status=open")
    assert not sanne.get("/views/?status=open").context["can_save"]


def test_private_views_are_private_and_shared_ones_are_not(sanne: Client) -> None:
    save(sanne, "Mijn", "mine=yes")
    save(sanne, "Team", "status=won", is_shared="on")
    pim = member("pim", "Viewer")
    assert list(tabs(pim)) == ["Team"]
    save(pim, "Van een kijker", "status=lost", is_shared="on")
    assert not SavedView.objects.get(name="Van een kijker").is_shared, "viewers do not share"
    shared = SavedView.objects.get(name="Team")
    assert pim.post(reverse("view_delete", args=[shared.pk])).status_code == 403
    assert pim.post(reverse("view_share", args=[shared.pk])).status_code == 403
    private = SavedView.objects.get(name="Mijn")
    for name in ("view_delete", "view_default"):
        assert pim.post(reverse(name, args=[private.pk])).status_code == 404
    sanne.post(reverse("view_share", args=[shared.pk]))
    assert list(tabs(pim)) == ["Van een kijker"]


def test_a_shared_view_of_mine_shows_everybody_their_own(sanne: Client) -> None:
    make_proposal(owner_remote_id=link(User.objects.get(username="sanne")).remote_id)
    save(sanne, "Mijn", "mine=yes", is_shared="on")
    assert tabs(sanne)["Mijn"].count == "1"
    assert tabs(member("pim"))["Mijn"].count == "0"


def test_the_same_name_again_replaces_it(sanne: Client) -> None:
    save(sanne)
    save(sanne, query="status=won")
    assert SavedView.objects.get().query == "status=won"
    save(member("pim"))
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize(("name", "query"), [("", "status=open"), ("  ", "status=open"), ("x", ""), ("x", "evil=1")])
def test_without_a_name_or_anything_narrowed_nothing_is_kept(sanne: Client, name: str, query: str) -> None:
    assert save(sanne, name, query).status_code == 302
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_than_fit(sanne: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offorte_portal.desk.pages.saved_views.MOST_VIEWS", 1)
    save(sanne, "one")
    save(sanne, "two")
    save(sanne, "one", "status=won")
    assert [(view.name, view.query) for view in SavedView.objects.all()] == [("one", "status=won")]


def test_the_list_opens_with_the_view_that_was_chosen(sanne: Client) -> None:
    save(sanne, query="status=won")
    view = SavedView.objects.get()
    url = reverse("view_default", args=[view.pk])
    sanne.post(url)
    assert sanne.get(LIST)["Location"] == f"{LIST}?status=won"
    everything = ListPage(sanne.get(f"{LIST}?view=all"))
    assert [tab.label for tab in everything.context["tabs"] if tab.is_active] == ["All"]
    assert tabs(sanne)["Groot"].is_default
    sanne.post(url)
    assert sanne.get(LIST).status_code == 200
    sanne.post(url)
    sanne.post(reverse("view_delete", args=[view.pk]))
    assert not DefaultView.objects.exists()
    assert sanne.get(LIST).status_code == 200


def test_a_default_that_is_no_longer_shared_is_none(sanne: Client) -> None:
    save(sanne, query="status=won", is_shared="on")
    view = SavedView.objects.get()
    pim = member("pim")
    pim.post(reverse("view_default", args=[view.pk]))
    assert pim.get(LIST).status_code == 302
    sanne.post(reverse("view_share", args=[view.pk]))
    assert pim.get(LIST).status_code == 200


def test_who_may_not_see_proposals_has_no_views() -> None:
    client = Client()
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get("/views/").status_code == 403
    assert save(client).status_code == 403
    assert not SavedView.objects.exists()


def test_the_bar_takes_few_queries(sanne: Client, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for number in range(5):
        save(sanne, str(number), f"total_min={number + 1}")
    assert User.objects.count() == 1
    with django_assert_max_num_queries(8):
        sanne.get("/views/?status=open")


def test_a_view_with_other_systems_opens_on_the_board(sanne: Client) -> None:
    make_proposal(status="open", price_total=10)
    source = make_source()
    make_quote(source, status="open")
    make_quote(source, status="won", currency="EUR")
    response = save(sanne, "Alles", "systems=both&status=open&company=breda&currency=SEK")
    view = SavedView.objects.get()
    assert view.query == "status=open&systems=both", "with both, what both can be narrowed by"
    assert response["Location"] == f"/board/?{view.query}"
    save(sanne, "Kronen", "systems=other&currency=SEK")
    save(sanne, "Open", "status=open")
    found = tabs(sanne, "?systems=both&status=open")
    assert {name: (tab.url, tab.count, tab.is_active) for name, tab in found.items()} == {
        "Alles": ("/board/?status=open&systems=both", "2", True),
        "Kronen": ("/board/?currency=SEK&systems=other", "1", False),
        "Open": ("?status=open", "1", False),
    }
    page = sanne.post(f"/views/{view.pk}/default/", follow=True).content.decode()
    assert "The list doesn’t show quotes from other systems" in page
    assert not DefaultView.objects.exists()
