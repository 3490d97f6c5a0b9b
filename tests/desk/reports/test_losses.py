"""Why we lose: counts and values by reason and by what else reports are grouped by."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.desk.reports import losses
from offorte_portal.desk.reports.losses import NONE, OTHER, LostLine
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period
from offorte_portal.tracking.models import Loss, LostReason
from proposals.models import Proposal
from tests.support.factories import make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def lose(value: int | None, reason: LostReason | None = None, month: int = 3, **fields: Any) -> Proposal:
    """A lost proposal, with a reason if there is one."""
    why = {name: fields.pop(name) for name in ("words", "competitor") if name in fields}
    at = datetime(2026, month, 10, tzinfo=UTC)
    proposal = make_proposal(status="lost", price_total=value, remote_modified_at=at, **fields)
    if reason or why:
        Loss.objects.create(connection=proposal.connection, proposal=proposal, reason=reason, **why)
    return proposal


@pytest.fixture
def price() -> LostReason:
    return LostReason.objects.create(name="Price")


def read(by: str, **options: Any) -> dict[Any, LostLine]:
    period = options.pop("period", Period(MARCH, APRIL))
    report = losses.read(Scope(make_staff(f"x{by}"), is_mine=False), by=by, period=period, **options)
    return {line.key: line for line in report.lines} | {"total": report.total}


def test_by_reason_with_those_that_have_none(price: LostReason) -> None:
    for value in (100, 50):
        lose(value, price)
    lose(7, words="Moved away")
    lose(30)
    lose(None)
    lose(1000, price, month=6)
    make_proposal(status="won", price_total=9, won_at=datetime(2026, 3, 1, tzinfo=UTC))
    bring_up_to_date()
    lines = read("reason")
    assert {key: (line.count, line.value.amounts.get("€", 0)) for key, line in lines.items()} == {
        price.pk: (2, Decimal(150)),
        OTHER: (1, Decimal(7)),
        NONE: (2, Decimal(30)),
        "total": (5, Decimal(187)),
    }
    assert lines["total"].explained == 3


def test_by_month_seller_and_competitor(price: LostReason) -> None:
    lose(100, price, owner_email="sanne@x.nl", competitor="Bouwcombi")
    lose(50, price, month=4, owner_email="pim@x.nl", competitor="bouwcombi")
    lose(20, month=4, owner_email="pim@x.nl")
    bring_up_to_date()
    months = read("month")
    assert [(months[month].count, months[month].explained) for month in (MARCH, APRIL)] == [(1, 1), (2, 1)]
    sellers = read("seller")
    assert sellers["pim@x.nl"].value.amounts == {"€": Decimal(70)}
    assert sellers["pim@x.nl"].reasons.most_common(1) == [(price.pk, 1)]
    competitors = read("competitor")
    assert {line.name: line.count for key, line in competitors.items() if key not in {"total", NONE}} in (
        {"Bouwcombi": 2},
        {"bouwcombi": 2},
    )
    assert competitors[NONE].count == 1


def test_a_reason_that_ended_or_of_a_proposal_won_later_does_not_count(price: LostReason) -> None:
    first, second = lose(100, price), lose(50, price)
    Loss.objects.filter(proposal=first).update(ended_at=datetime(2026, 3, 11, tzinfo=UTC))
    Proposal.objects.filter(pk=second.pk).update(status="won", won_at=datetime(2026, 3, 12, tzinfo=UTC))
    bring_up_to_date()
    assert {key: line.count for key, line in read("reason").items()} == {NONE: 1, "total": 1}


def test_currencies_stay_apart(price: LostReason) -> None:
    lose(100, price, connection=make_connection("north"))
    lose(70, price, connection=make_connection("south"), price_total_display="$70.00")
    bring_up_to_date()
    assert read("reason")[price.pk].value.amounts == {"€": Decimal(100), "$": Decimal(70)}


def test_lines_are_compared_with_another_period(price: LostReason) -> None:
    lose(100, price)
    lose(40, price, month=4)
    bring_up_to_date()
    lines = read("reason", period=Period(APRIL, APRIL), versus=Period(MARCH, MARCH))
    before = lines[price.pk].before
    assert before is not None
    assert (lines[price.pk].count, before.value.amounts) == (1, {"€": Decimal(100)})
