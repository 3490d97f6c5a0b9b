from datetime import UTC, datetime

import pytest

from offorte_portal.api import lists
from offorte_portal.api.codes import Code
from offorte_portal.api.errors import MalformedAnswer
from offorte_portal.api.lists import Page, read_id, read_page, unwrap_list
from offorte_portal.text.reason import Reason

NOW = datetime(2024, 5, 1, tzinfo=UTC)


def read(data: object, *, number: int = 1, previous: frozenset[int] | None = None) -> Page:
    return read_page(data, number=number, requested_at=NOW, previous=previous)


def items(count: int, *, first: int = 1) -> list[dict[str, int]]:
    return [{"id": first + index} for index in range(count)]


@pytest.mark.parametrize(("count", "is_last"), [(0, True), (1, True), (49, True), (50, False), (60, False)])
def test_a_short_page_is_the_last(count: int, is_last: bool) -> None:
    page = read(items(count))

    assert page.items == items(count)
    assert page.is_last is is_last
    assert page.requested_at == NOW


def test_a_page_that_comes_again_is_the_end_and_holds_nothing() -> None:
    page = read(items(50), number=3, previous=frozenset(range(1, 51)))

    assert page == Page(3, [], NOW, is_last=True)


def test_a_page_that_overlaps_the_one_before_is_not_the_end() -> None:
    page = read(items(50, first=2), number=3, previous=frozenset(range(1, 51)))

    assert len(page.items) == 50
    assert not page.is_last


def test_pages_full_of_rubbish_do_not_go_on_for_ever() -> None:
    first = read([None] * 50)

    assert not first.is_last
    assert read([None] * 50, number=2, previous=first.ids).is_last


def test_items_that_are_none_are_kept_out_and_named() -> None:
    page = read([{"id": 1}, None, "x", {"name": "no id"}, {"id": "seven"}, {"id": "8"}] + [{"id": None}] * 44)

    assert page.items == [{"id": 1}, {"id": "8"}]
    assert page.ids == {1, 8}
    assert len(page.rejected) == 48
    assert page.rejected[:3] == [
        Reason(Code.ITEM_NOT_AN_OBJECT, {"position": 2, "page": 1}),
        Reason(Code.ITEM_NOT_AN_OBJECT, {"position": 3, "page": 1}),
        Reason(Code.ITEM_WITHOUT_ID, {"position": 4, "page": 1}),
    ]
    assert not page.is_last, "50 entries came, so that there may be more"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([1], [1]),
        (None, []),
        ({}, []),
        ({"data": [1], "total": 1}, [1]),
        ({"0": 1, "2": 3}, [1, 3]),
    ],
)
def test_lists_are_unwrapped(data: object, expected: list[object]) -> None:
    assert unwrap_list(data) == expected


@pytest.mark.parametrize("data", ["x", 5, True, {"error": "no"}, {"a": [], "b": []}, {"id": 1}])
def test_what_is_no_list_is_malformed(data: object) -> None:
    with pytest.raises(MalformedAnswer, match="not_a_list"):
        unwrap_list(data)


def test_ids_are_read_by_the_first_name_that_has_one() -> None:
    assert read_id({"id": "x", "product_id": "7"}, ("id", "product_id")) == 7
    assert read_id({"id": None}) is None


def test_paths_are_those_of_the_reference() -> None:
    assert lists.COMPANIES.path_of(None) == "/companies"
    assert lists.PRODUCTS.path_of(12) == "/products/12/"
    assert lists.PROPOSALS.path_of("won") == "/proposals/won"
    assert lists.PROPOSALS.path_of("../x?y") == "/proposals/..%2Fx%3Fy"


def test_a_bucket_is_asked_for_where_there_is_one_only() -> None:
    with pytest.raises(ValueError, match="products needs a bucket"):
        lists.PRODUCTS.path_of(None)
    with pytest.raises(ValueError, match="companies has no bucket"):
        lists.COMPANIES.path_of(5)


def test_lists_are_known_by_name() -> None:
    assert all(lists.LISTS[name].name == name for name in lists.LISTS)
    assert len(lists.LISTS) == 13
