"""All parts of a proposal by one query: the same objects as Django reads by a query for each kind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F, JSONField, Model, Prefetch, Subquery, Value, prefetch_related_objects
from django.db.models.functions import JSONObject, Upper

from offorte_portal.mirror.parts import read_parts
from proposals.models import Comment, LogEntry, PriceRow, PriceTable, Proposal, Receiver, SentEmail
from tests.support.factories import make_connection, make_proposal

pytestmark = pytest.mark.django_db

LOOKUPS = ("price_tables__rows", "comments", "log_entries", "emails", "receivers")
TEXTS = ["", " ", "\"Ja\", zei ze; 'nee'", "\\u0041 \\", "{}", "null", "12.50", "Zoë 🏠\u2028\n\t", "é" * 5_000]
NUMBERS = [None, Decimal(0), Decimal("0.0001"), Decimal("-12.1"), Decimal("1234567890.1234"), Decimal(99999999999999)]
MOMENTS = [None, datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)]
NOTHING = Value(None, JSONField())
VALUES: list[Any] = [[], {}, NOTHING, "text", "12", 1.5, [{"fullname": 'Anna "A" Bos', "total": "12.10", "x": None}]]
FLAGS = [None, True, False]


def fill(proposal: Proposal, first: int) -> None:
    """Give the proposal parts with all kinds of values, in another order than their positions."""
    for place in range(2, -1, -1):
        table = PriceTable.objects.create(
            proposal=proposal,
            key=TEXTS[place],
            position=place,
            total=NUMBERS[place],
            is_vat_hidden=FLAGS[place],
            vat_lines=VALUES[first + place],
        )
        for number in range(len(TEXTS) * place - 1, -1, -1):
            PriceRow.objects.create(
                table=table,
                position=number,
                content=TEXTS[number % len(TEXTS)],
                count=NUMBERS[number % len(NUMBERS)],
                price=NUMBERS[(number + first) % len(NUMBERS)],
                userinput_count=FLAGS[number % 3],
                product_remote_id=2**53 + number if number % 2 else None,
            )
    for place, text in enumerate(TEXTS):
        moment = MOMENTS[place % len(MOMENTS)]
        own = {"proposal": proposal, "position": 20 - place}
        Comment.objects.create(remote_id=place, comment=text, commented_at=moment, **own)
        LogEntry.objects.create(action=text, logged_at=moment, **own)
        Receiver.objects.create(remote_id=place, fullname=text, **own)
        value = VALUES[place % len(VALUES)]
        SentEmail.objects.create(remote_id=place, message=text, sent_at=moment, receivers=value, **own)


def describe(part: Model) -> tuple[dict[str, Any], str]:
    values = {field.attname: getattr(part, field.attname) for field in part._meta.concrete_fields}
    return values, json.dumps(values, default=repr)


@pytest.mark.parametrize("first", [0, 2, 4])
def test_the_same_parts_by_one_query(first: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    account = make_connection()
    proposal, other = make_proposal(account), make_proposal(account)
    fill(proposal, first)
    fill(other, 1)
    expected, read = Proposal.objects.get(pk=proposal.pk), Proposal.objects.get(pk=proposal.pk)
    prefetch_related_objects([expected], *LOOKUPS)
    with django_assert_num_queries(1):
        read_parts(read, *LOOKUPS)
    with django_assert_num_queries(0):
        for name in ("price_tables", "comments", "log_entries", "emails", "receivers"):
            parts, wanted = list(getattr(read, name).all()), list(getattr(expected, name).all())
            assert list(map(describe, parts)) == list(map(describe, wanted))
            assert len(parts) >= 3
            assert parts == wanted
            assert all(part.proposal is read for part in parts)
            assert not any(part._state.adding or part.get_deferred_fields() for part in parts)
        for table, same in zip(read.price_tables.all(), expected.price_tables.all(), strict=True):
            rows = list(table.rows.all())
            assert list(map(describe, rows)) == list(map(describe, same.rows.all()))
            assert all(row.table is table for row in rows)
    assert sum(table.rows.count() for table in read.price_tables.all()) == len(TEXTS) * 3


def test_a_proposal_without_parts(django_assert_num_queries: Callable[[int], Any]) -> None:
    proposal = make_proposal()
    with django_assert_num_queries(1):
        read_parts(proposal, *LOOKUPS)
        assert [list(getattr(proposal, name).all()) for name in ("price_tables", "comments", "receivers")] == [[]] * 3


def test_what_a_prefetch_annotates_and_leaves_out() -> None:
    proposal = make_proposal(name="Dak")
    for number, text in enumerate(["Anna", "Bo", "Cor"]):
        Comment.objects.create(proposal=proposal, remote_id=number, position=number, comment=text)
    same = Proposal.objects.filter(pk=proposal.pk).order_by("pk")
    about = same.values(found=JSONObject(name="name", nothing=Value(None)))[:1]
    rows = Comment.objects.exclude(comment="Bo").annotate(
        loud=Upper("comment"), place=F("position"), about=Subquery(about)
    )
    for read in (read_parts, lambda row, *lookups: prefetch_related_objects([row], *lookups)):
        again = Proposal.objects.get(pk=proposal.pk)
        read(again, Prefetch("comments", rows), "emails")
        found: list[Any] = list(again.comments.all())
        anna, cor = found
        assert [(each.comment, each.loud, each.place) for each in (anna, cor)] == [
            ("Anna", "ANNA", 0),
            ("Cor", "COR", 2),
        ]
        assert anna.about == {"name": "Dak", "nothing": None}
