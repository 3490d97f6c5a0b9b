"""What the simulator answers, in both vintages, is read whole and without a warning."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import pytest

from offorte_portal.api import lists
from offorte_portal.api.lists import Json, List
from offorte_portal.api.payloads import (
    CommentPayload,
    CompanyPayload,
    DirectoryPayload,
    EmailPayload,
    LogEntryPayload,
    NamedPayload,
    Payload,
    PersonPayload,
    PriceRowPayload,
    PriceTablePayload,
    ProductPayload,
    ProposalPayload,
    ProposalTemplatePayload,
    ReceiverPayload,
    UserPayload,
    VatGroupPayload,
    VatLinePayload,
)
from offorte_portal.simulator import Simulator
from tests.api.conftest import SIZE, World


@pytest.fixture(params=["2018", "live"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    vintage: Literal["2018", "live"] = request.param
    with Simulator(accounts={"bouw": SIZE}, seed=1, requests_per_minute=None, vintage=vintage) as running:
        built = World(running)
        yield built
        built.transport.close()


def read(payload: type[Payload], raw: Json) -> Json:
    reading = payload.read(raw)
    assert reading.warnings == []
    return reading.values


@pytest.mark.parametrize(
    ("listing", "payload"),
    [
        (lists.USERS, UserPayload),
        (lists.AUTOMATION_SETS, NamedPayload),
        (lists.DESIGN_TEMPLATES, NamedPayload),
        (lists.TEXT_TEMPLATES, NamedPayload),
        (lists.EMAIL_TEMPLATES, NamedPayload),
        (lists.PROPOSAL_TEMPLATES, ProposalTemplatePayload),
        (lists.VAT_GROUPS, VatGroupPayload),
        (lists.DIRECTORIES, DirectoryPayload),
        (lists.COMPANIES, CompanyPayload),
    ],
)
def test_lists_fill_every_field(world: World, listing: List, payload: type[Payload]) -> None:
    [page] = world.client.iterate_pages(listing)

    assert page.items
    for item in page.items:
        assert set(read(payload, item)) == set(payload.model_fields)


def test_people_and_products_are_read(world: World) -> None:
    people = next(world.client.list_people(min(world.account.companies))).items
    products = next(world.client.list_products(min(world.account.directories))).items

    assert people
    assert products
    for person in people:
        assert set(read(PersonPayload, person)) == set(PersonPayload.model_fields)
    for product in products:
        assert set(read(ProductPayload, product)) == {"remote_id", "name"}


def test_proposals_are_read_with_all_that_is_in_them(world: World) -> None:
    seen = 0
    for proposal_id, proposal in world.account.proposals.items():
        raw = world.client.get_proposal(proposal_id).data
        values = read(ProposalPayload, raw)
        override = proposal["price_total_override"]
        assert values["price_total"] == (proposal["price_total_original"] if override is None else override)
        assert values["company_name"] == world.account.companies[proposal["company_id"]]["name"]
        assert values["remote_modified_at"] == proposal["modified_at"].replace(second=0, microsecond=0)
        parts: list[tuple[type[Payload], list[Json]]] = [
            (CommentPayload, raw["comments"]),
            (LogEntryPayload, raw["logs"]["history"]),
            (EmailPayload, raw["emails"]),
            (ReceiverPayload, raw["receivers"]),
        ]
        for payload, items in parts:
            for item in items:
                seen += 1
                assert set(read(payload, item)) == set(payload.model_fields)
    assert seen > 20


def test_list_items_and_details_of_a_proposal_agree(world: World) -> None:
    for status in lists.PROPOSAL_STATUSES:
        for page in world.client.iterate_pages(lists.PROPOSALS, bucket=status):
            for item in page.items:
                listed = read(ProposalPayload, item)
                details = read(ProposalPayload, world.client.get_proposal(item["id"]).data)
                # The details tell views to the minute.
                for name in (listed.keys() & details.keys()) - {"viewed_at"}:
                    assert listed[name] == details[name], name


def test_price_tables_are_read_by_one_set_of_names(world: World) -> None:
    types: set[str] = set()
    for proposal_id, proposal in world.account.proposals.items():
        tables = world.client.get_proposal(proposal_id).data["content"]["pricetables"]
        for table, raw in zip(proposal["pricetables"], tables, strict=True):
            assert read(PriceTablePayload, raw)["is_vat_hidden"] == table.is_vat_hidden
            assert all(read(VatLinePayload, line)["group_name"] for line in raw["vat"])
            for row, raw_row in zip(table.rows, raw["rows"], strict=True):
                types.add(row.type)
                values = read(PriceRowPayload, raw_row)
                assert values["content"] == row.content
                if row.type == "price":
                    assert values["count"] == row.quantity
                    assert values["price"] == row.price
                    assert values["discount"] == row.discount_value
                    assert values["userinput_optional"] is row.is_optional
                    assert values["userinput_optional_checked"] is row.is_chosen
                    assert values["userinput_count"] is row.has_user_quantity
                    assert isinstance(values["subtotal"], Decimal)
    assert "price" in types
