"""Paging over HTTP: where lists end, what is left out, and how a reader goes on where it stopped."""

from collections.abc import Iterator
from typing import Literal

import pytest

from offorte_portal.api import lists
from offorte_portal.api.codes import Code
from offorte_portal.api.errors import MalformedAnswer, NotFound, RateLimited
from offorte_portal.simulator import Fault, Simulator, Size
from offorte_portal.text.reason import Reason
from tests.api.conftest import World

PastTheEnd = Literal["empty", "not_found", "repeat"]


@pytest.fixture
def big() -> Iterator[World]:
    """An account with exactly two full pages of companies and some more of products and proposals."""
    size = Size(companies=100, people=0, directories=1, products=120, proposals=60)
    with Simulator(accounts={"bouw": size}, seed=1, requests_per_minute=None) as running:
        world = World(running)
        yield world
        world.transport.close()


@pytest.mark.parametrize("past_the_end", ["empty", "not_found", "repeat"])
def test_full_pages_end_whatever_comes_after_them(big: World, past_the_end: PastTheEnd) -> None:
    big.simulator.switches.past_the_end = past_the_end

    pages = [*big.client.list_companies()]

    assert [len(page.items) for page in pages] == [50, 50, 0]
    assert [page.is_last for page in pages] == [False, False, True]
    assert [page.number for page in pages] == [1, 2, 3]
    assert {item["id"] for page in pages for item in page.items} == set(big.account.companies)
    assert [request.query for request in big.simulator.requests] == [{}, {"page": "2"}, {"page": "3"}]
    assert all(
        page.requested_at.timestamp() <= sent.at for page, sent in zip(pages, big.simulator.requests, strict=True)
    )


def test_a_short_page_ends_a_list_without_another_request(big: World) -> None:
    pages = [*big.client.list_products(min(big.account.directories))]

    assert [len(page.items) for page in pages] == [50, 50, 20]
    assert len(big.sent) == 3


def test_an_empty_list_is_one_request(world: World) -> None:
    [page] = world.client.list_webhooks()

    assert (page.items, page.is_last) == ([], True)
    assert len(world.sent) == 1


def test_a_list_that_does_not_exist_is_an_error(world: World) -> None:
    with pytest.raises(NotFound):
        next(world.client.list_products(999_999))


def test_reading_goes_on_at_any_page(big: World) -> None:
    pages = [*big.client.list_companies(start_page=2)]

    assert [page.number for page in pages] == [2, 3]
    assert big.simulator.requests[0].query == {"page": "2"}


def test_a_page_of_a_list_is_asked_for_by_name_and_bucket(big: World) -> None:
    [directory_id] = big.account.directories

    page = big.client.fetch_page("products", 3, bucket=directory_id)

    assert len(page.items) == 20
    assert page.is_last
    assert big.sent == [f"GET /products/{directory_id}/"]


def test_all_buckets_together_are_the_list(big: World) -> None:
    found = [
        item["id"]
        for status in lists.PROPOSAL_STATUSES
        for page in big.client.iterate_pages(lists.PROPOSALS, bucket=status)
        for item in page.items
    ]

    assert sorted(found) == sorted(big.account.proposals)


def test_companies_and_proposals_can_be_searched(world: World) -> None:
    company = next(iter(world.account.companies.values()))

    [companies] = world.client.list_companies(query=company["name"])
    [proposals] = world.client.list_proposals(query=company["name"])

    assert company["id"] in companies.ids
    assert all(item["company_name"] == company["name"] for item in proposals.items)
    assert [request.query for request in world.simulator.requests] == [{"query": company["name"]}] * 2


def test_an_item_without_id_is_reported_and_the_rest_is_read(world: World) -> None:
    world.simulator.faults.add(Fault("missing_field", name="id", item=1))

    [page] = world.client.list_companies()

    assert len(page.items) == 2
    assert page.rejected == [Reason(Code.ITEM_WITHOUT_ID, {"position": 2, "page": 1})]


def test_unknown_and_missing_fields_are_no_errors(world: World) -> None:
    world.simulator.faults.add(Fault("unknown_field", name="mood", value="good"))
    world.simulator.faults.add(Fault("null_field", name="name"))

    [first] = world.client.list_companies()
    [second] = world.client.list_companies()

    assert all(item["mood"] == "good" for item in first.items)
    assert all(item["name"] is None for item in second.items)


def test_an_empty_body_is_not_taken_for_an_empty_list(world: World) -> None:
    world.simulator.faults.add(Fault("empty_body"))

    with pytest.raises(MalformedAnswer, match="answer_empty"):
        list(world.client.list_companies())


def test_an_answer_that_is_no_list_is_malformed(world: World) -> None:
    world.simulator.faults.add(Fault("malformed_json"))

    with pytest.raises(MalformedAnswer):
        next(world.client.list_companies())


def test_a_list_that_was_stopped_goes_on_where_it_stopped(big: World) -> None:
    big.simulator.faults.add(Fault("rate_limited", after=1, retry_after=1))
    pages = big.client.list_companies()
    seen = list(next(pages).items)

    with pytest.raises(RateLimited):
        next(pages)
    for page in big.client.list_companies(start_page=2):
        seen += page.items

    assert [item["id"] for item in seen] == [*dict.fromkeys(item["id"] for item in seen)]
    assert len(seen) == 100
