"""What the details of a proposal become, and what they do to what its list said."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from offorte_portal.mirror.engine import apply_list, apply_object
from proposals.mirror import PROPOSALS
from proposals.models import Comment, PriceRow, PriceTable, Proposal
from tests.mirror.conftest import LATER, NOW
from tests.mirror.details import COMMENT, PRICE, TABLE, VIEWED, answer

pytestmark = pytest.mark.django_db

TITLE = {"type": "title", "content": "B"}
DETAILS = answer(
    comments=[COMMENT, {**COMMENT, "id": 12, "comment": "Because."}],
    price_total=100,
    logs={"summary": {"views": 2, "pdf": 0, "recent_view": "15 mei 2026 (06:49)"}, "history": [VIEWED]},
    content={"pricetables": [{**TABLE, "rows": [PRICE, TITLE]}]},
)


def test_details_become_rows_of_their_own(account: int) -> None:
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=NOW, details_for="f")
    row = Proposal.objects.get()
    assert (row.view_count, row.details_fingerprint, row.details_as_of) == (2, "f", NOW)
    assert "anna@example.com" in row.search_text
    table = PriceTable.objects.get()
    assert (table.key, table.total, table.is_vat_hidden) == ("one", Decimal("356.95"), False)
    assert table.vat_lines == [{"percentage": "21", "total": "61.95", "group_name": "Hoog"}]
    assert [(r.type, r.content, r.price) for r in table.rows.all()] == [
        ("price", "A", Decimal(100)),
        ("title", "B", None),
    ]
    assert [(c.remote_id, c.comment) for c in row.comments.all()] == [(11, "Why?"), (12, "Because.")]
    assert row.receivers.get().link == "https://x.example/y"
    assert row.emails.get().receivers == [{"fullname": "Anna Bos", "email": "anna@example.com"}]
    assert row.log_entries.get().action == "viewed"


def test_details_read_again_keep_rows_that_stay_and_drop_others(account: int) -> None:
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=NOW)
    before = Comment.objects.get(remote_id=12).pk
    changed = {**DETAILS, "comments": [{"id": 12, "comment": "So."}], "content": {"pricetables": []}}
    apply_object(account, PROPOSALS, 1, changed, as_of=LATER)
    assert [(c.pk, c.comment, c.position) for c in Comment.objects.all()] == [(before, "So.", 0)]
    assert not PriceTable.objects.exists()
    assert not PriceRow.objects.exists()


def test_details_without_a_list_keep_what_is_there(account: int) -> None:
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=NOW)
    apply_object(account, PROPOSALS, 1, {"id": 1, "comments": None, "content": {}}, as_of=LATER)
    assert Comment.objects.count() == 2
    assert PriceRow.objects.count() == 2


def test_parts_that_cannot_be_told_apart_are_named(account: int) -> None:
    raw = {"id": 1, "comments": ["text", {"comment": "no id"}, {"id": 5, "comment": "fine", "date": "soon"}]}
    applied = apply_object(account, PROPOSALS, 1, raw, as_of=NOW)
    assert Comment.objects.get().comment == "fine"
    assert len(applied.warnings) == 3


def test_the_first_details_leave_the_list_item_as_unchanged(account: int) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=LATER)
    with CaptureQueriesContext(database) as queries:
        apply_list(account, PROPOSALS, [item], as_of=LATER, bucket="open")
    assert len(queries) == 1


def test_details_with_a_new_comment_leave_the_list_item(account: int) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    known = Proposal.objects.get().fingerprint
    for comments in ([], [COMMENT]):
        apply_object(account, PROPOSALS, 1, {**DETAILS, "comments": comments}, as_of=LATER, details_for=known)
    row = Proposal.objects.get()
    assert row.fingerprint == row.details_fingerprint == known


def test_details_that_contradict_the_list_make_the_next_count(account: int) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    apply_object(account, PROPOSALS, 1, {**DETAILS, "status": "won"}, as_of=LATER)
    assert Proposal.objects.get().status == "won"
    apply_list(account, PROPOSALS, [item], as_of=LATER, bucket="open")
    assert Proposal.objects.get().status == "open"


@pytest.mark.parametrize("is_list_last", [True, False])
def test_of_two_moments_of_the_last_view_the_later_one_counts(account: int, is_list_last: bool) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100, "date_viewed": "2026-05-16T04:49:00Z"}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=LATER)
    if is_list_last:
        apply_list(account, PROPOSALS, [{**item, "remarks": "new"}], as_of=LATER, bucket="open")
    assert Proposal.objects.get().viewed_at == datetime(2026, 5, 16, 4, 49, tzinfo=UTC)


@pytest.mark.parametrize("is_list_last", [True, False])
def test_a_view_that_only_the_list_tells_stays_the_last_one(account: int, is_list_last: bool) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100, "date_viewed": "2026-05-16T04:49:00Z"}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    logs = {**DETAILS["logs"], "summary": {**DETAILS["logs"]["summary"], "recent_view": None}}
    apply_object(account, PROPOSALS, 1, {**DETAILS, "logs": logs}, as_of=LATER)
    if is_list_last:
        apply_list(account, PROPOSALS, [{**item, "remarks": "new"}], as_of=LATER, bucket="open")
    assert Proposal.objects.get().viewed_at == datetime(2026, 5, 16, 4, 49, tzinfo=UTC)
