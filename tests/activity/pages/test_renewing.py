"""What renews itself on the feed, and at what cost."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from offorte_portal.activity.models import Activity
from proposals.models import Proposal
from tests.activity.pages.entries import Kind, make_entry
from tests.activity.pages.pages import HTMX, page

pytestmark = pytest.mark.django_db


def latest_url(client: Client, query: str = "") -> str:
    url: str = page(client, query).context["feed"].latest_url
    return url


def test_a_page_that_shows_all_is_told_so_by_few_queries(
    client: Client, mine: Proposal, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        make_entry(mine, minutes=number)
    for query, queries in (("", 4), ("?of=team", 3), ("?kind=viewed", 4)):
        url = latest_url(client, query)
        with django_assert_num_queries(queries):
            response = client.get(url, headers=HTMX)
        assert (response.status_code, response.content) == (204, b"")


def test_a_new_entry_comes_with_the_list(client: Client, mine: Proposal) -> None:
    make_entry(mine)
    url = latest_url(client)
    make_entry(mine, Kind.COMMENTED, 0, text="Hoe lang duurt het?")
    response = client.get(url, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Hoe lang duurt het?" in html
    assert 'id="feed"' in html
    assert "<html" not in html
    assert client.get(response.context["feed"].latest_url, headers=HTMX).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: Activity.objects.update(times=2),
        lambda entry: Activity.objects.update(read_at=timezone.now()),
        lambda entry: Proposal.objects.update(status="won"),
        lambda entry: Proposal.objects.update(price_total="9.00"),
    ],
    ids=["seen again", "read", "status", "total"],
)
def test_a_line_that_changes_comes_too(client: Client, mine: Proposal, change: Callable[[Activity], object]) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    url = latest_url(client)
    change(entry)
    assert client.get(url, headers=HTMX).status_code == 200


def test_what_the_page_does_not_show_is_no_news_to_it(client: Client, mine: Proposal, theirs: Proposal) -> None:
    make_entry(mine)
    url = latest_url(client)
    make_entry(theirs, minutes=0)
    assert client.get(url, headers=HTMX).status_code == 204


def test_a_page_whose_session_has_ended_stops_asking(client: Client, mine: Proposal) -> None:
    url = latest_url(client)
    client.logout()
    for address in (url, "/activity/unread/?known=0"):
        response = client.get(address, headers=HTMX)
        assert (response.status_code, response.content, response["HX-Reswap"]) == (286, b"", "none")
        assert client.get(address).status_code == 302
