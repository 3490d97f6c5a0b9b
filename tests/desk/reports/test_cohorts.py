"""Cohorts by month of sending: what they count, and that lists find the same proposals."""

from datetime import UTC, date, datetime, timedelta

import pytest

from offorte_portal.desk.models import ProposalStats, Rollup, RollupDue
from offorte_portal.desk.reports import cohorts
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period
from proposals.models import LogEntry, Proposal, SentEmail
from tests.support.factories import make_proposal, make_staff
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

SENT = datetime(2026, 3, 31, 21, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = date(2026, 3, 1)


def send(seen_after: timedelta | None = None, signed_after: timedelta | None = None, at: datetime = SENT) -> Proposal:
    won = {"status": "won", "won_at": at + signed_after} if signed_after else {"status": "open"}
    proposal = make_proposal(remote_created_at=at - DAY, **won)
    SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=at)
    if seen_after is not None:
        LogEntry.objects.create(
            proposal=proposal,
            position=0,
            logged_at=at + seen_after,
            action="proposal: viewed",
            type="client",
            person="K",
        )
    return proposal


def read(period: Period) -> list[cohorts.Cohort]:
    return cohorts.read(Scope(make_staff(), is_mine=False), period)


def test_days_are_counted_from_the_first_sending() -> None:
    send()
    send(seen_after=HOUR)
    send(seen_after=DAY)
    send(seen_after=7 * DAY - HOUR, signed_after=30 * DAY)
    send(seen_after=40 * DAY, signed_after=89 * DAY)
    bring_up_to_date()
    march, april, total = read(Period(MARCH, date(2026, 4, 1)))
    assert (march.month, march.sent, april.sent, total.sent) == (MARCH, 5, 0, 5)
    assert [march.seen[days] for days in cohorts.SEEN_DAYS] == [1, 2, 3, 3]
    assert [march.signed[days] for days in cohorts.SIGNED_DAYS] == [0, 0, 2]


def test_a_month_is_that_of_the_portals_time_zone() -> None:
    send(at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    bring_up_to_date()
    assert [cohort.sent for cohort in read(Period(MARCH, date(2026, 4, 1)))] == [0, 1, 1]


def test_lists_find_what_cohorts_count() -> None:
    for days in (0.5, 2, 6.9, 7, 29, 31):
        send(seen_after=days * DAY, signed_after=days * 3 * DAY)
    bring_up_to_date()
    *_months, total = read(Period(MARCH, MARCH))
    rows = ProposalStats.objects.all()
    for days in cohorts.SEEN_DAYS:
        assert rows.filter(cohorts.seen_within(days)).count() == total.seen[days]
    for days in cohorts.SIGNED_DAYS:
        assert rows.filter(cohorts.signed_within(days)).count() == total.signed[days]


def test_a_cohort_is_over_when_the_days_have_passed_for_its_last_proposal() -> None:
    cohort, period = cohorts.Cohort(MARCH), Period(MARCH, MARCH)
    assert not cohort.is_over(7, period, date(2026, 4, 7))
    assert cohort.is_over(7, period, date(2026, 4, 8))


def test_a_proposal_that_is_sent_later_joins_its_month() -> None:
    proposal = make_proposal(remote_created_at=SENT)
    bring_up_to_date()
    assert not Rollup.objects.filter(basis="sent").exists()
    SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=SENT)
    Proposal.objects.update(as_of=SENT)
    bring_up_to_date()
    assert Rollup.objects.get(basis="sent").month == MARCH
    assert not RollupDue.objects.exists()
