"""Pages hold every row once and in order, however they are read."""

from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.core.paginator import InvalidPage
from django.db import connection as database
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from offorte_portal.adminkit import paginator
from offorte_portal.adminkit.paginator import MirrorPaginator
from offorte_portal.adminkit.unindexed import bar_indexes
from proposals.models import Proposal
from tests.support.factories import make_proposal

pytestmark = pytest.mark.django_db

ORDERS = {
    "ascending": (F("price_total").asc(nulls_first=True), F("pk").asc()),
    "descending": (F("price_total").desc(nulls_last=True), F("pk").desc()),
}


@pytest.fixture
def rows() -> None:
    """Eleven proposals with ties and unknown totals."""
    for number, total in enumerate([5, None, 7, 7, None, 1, 7, 0, None, 12, 5]):
        make_proposal(name=f"p{number}", price_total=total, status="won" if number % 2 else "open")


def paginate(found: QuerySet[Any], *, is_narrowed: bool = False) -> MirrorPaginator:
    return MirrorPaginator(found, 3, walked=bar_indexes(found), rows=Proposal.objects.all(), is_narrowed=is_narrowed)


def expected(direction: str, rows: QuerySet[Any]) -> list[int]:
    key = sorted(rows, key=lambda row: (row.price_total is not None, row.price_total or 0, row.pk))
    return [row.pk for row in (key if direction == "ascending" else reversed(key))]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("direction", ORDERS)
@pytest.mark.parametrize("is_narrowed", [False, True])
@pytest.mark.parametrize("limit", [10_000, 8, 2])
def test_pages_hold_every_row_once_and_in_order(
    direction: str, is_narrowed: bool, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paginator, "COUNT_LIMIT", limit)
    found = Proposal.objects.filter(removed_at__isnull=True, price_total__lt=100) | Proposal.objects.filter(
        removed_at__isnull=True, price_total__isnull=True
    )
    pages = paginate(found.order_by(*ORDERS[direction]), is_narrowed=is_narrowed)
    read = [row.pk for row in chain.from_iterable(pages.page(number).object_list for number in pages.page_range)]
    whole = expected(direction, Proposal.objects.all())
    assert read == (whole[:limit] if is_narrowed else whole)


@pytest.mark.usefixtures("rows")
def test_decimals_are_compared_as_numbers_without_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paginator, "COUNT_LIMIT", 3)
    found = Proposal.objects.filter(price_total__gte=Decimal("7.0"), status__in=["open", "won"])
    page = paginate(found.order_by(*ORDERS["descending"]), is_narrowed=True).page(1)
    assert [row.price_total for row in page.object_list] == [12, 7, 7]


@pytest.mark.usefixtures("rows")
def test_hits_are_counted_up_to_the_limit_and_rows_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paginator, "COUNT_LIMIT", 4)
    found = Proposal.objects.order_by(*ORDERS["ascending"])
    narrowed, whole = paginate(found, is_narrowed=True), paginate(found)
    assert (narrowed.count, narrowed.is_capped, narrowed.count_text) == (4, True, "4+")
    assert (whole.count, whole.is_capped, whole.count_text) == (11, False, "11")
    assert (narrowed.range_text(2), whole.range_text(4)) == ("4–4 of 4+", "10–11 of 11")


def test_an_empty_list_has_one_empty_page_and_no_range() -> None:
    pages = paginate(Proposal.objects.order_by("pk"), is_narrowed=True)
    assert (list(pages.page(1).object_list), pages.range_text(1)) == ([], "")
    with pytest.raises(InvalidPage):
        pages.page(2)


@pytest.mark.usefixtures("rows")
def test_numbers_are_written_as_the_reader_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = paginate(Proposal.objects.order_by("pk"))
    monkeypatch.setitem(pages.__dict__, "_counted", 12_345)
    with translation.override("nl"):
        assert "12.345" in pages.range_text(1)


@pytest.mark.usefixtures("rows")
def test_a_page_costs_one_query_beside_the_count() -> None:
    with CaptureQueriesContext(database) as queries:
        paginate(Proposal.objects.order_by(*ORDERS["ascending"])).page(4)
    assert len(queries) == 2


@pytest.mark.usefixtures("rows")
@pytest.mark.skipif(database.vendor != "sqlite", reason="about SQLite only: PostgreSQL decides by its statistics")
def test_many_hits_are_read_along_the_index_of_their_order() -> None:
    found = Proposal.objects.filter(removed_at__isnull=True, status__in=["open"], connection__in=[1], owner=3)
    plan = bar_indexes(found.order_by(*ORDERS["descending"])).values("pk").explain()
    assert "COVERING INDEX proposals_by_total" in plan
    assert "TEMP B-TREE" not in plan
