"""Where proposals stand, and what their sums are."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.desk import followers, rollups, stats
from offorte_portal.desk.models import DeskSettings, ProposalStats, Rollup, RollupDue
from proposals.models import Comment, LogEntry, Proposal, SentEmail
from tests.support.factories import make_connection, make_design_template, make_proposal
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def log(proposal: Proposal, at: datetime | None, action: str, person: str = "Piet", side: str = "client") -> None:
    position = proposal.log_entries.count()
    LogEntry.objects.create(
        proposal=proposal, position=position, logged_at=at, action=f"proposal: {action}", type=side, person=person
    )


def mail(proposal: Proposal, at: datetime) -> None:
    number = proposal.emails.count()
    SentEmail.objects.create(proposal=proposal, remote_id=number, position=number, sent_at=at)


def comment(proposal: Proposal, at: datetime) -> None:
    number = proposal.comments.count()
    Comment.objects.create(proposal=proposal, remote_id=number, position=number, commented_at=at)


def stand(proposal: Proposal) -> ProposalStats:
    stats.refresh([proposal.pk], now=NOW)
    return ProposalStats.objects.get(pk=proposal.pk)


def test_an_unseen_one_waits_since_it_was_last_sent() -> None:
    proposal = make_proposal(view_count=0, remote_created_at=NOW - 9 * DAY)
    mail(proposal, NOW - 8 * DAY)
    mail(proposal, NOW - 4 * DAY)
    stats = stand(proposal)
    assert (stats.stage, stats.since) == (ProposalStats.Stage.UNSEEN, NOW - 4 * DAY)
    assert stats.sent_at == NOW - 8 * DAY
    assert stats.heat == 0


def test_without_a_mail_it_waits_since_it_was_made() -> None:
    stats = stand(make_proposal(view_count=0, remote_created_at=NOW - 9 * DAY))
    assert (stats.stage, stats.since) == (ProposalStats.Stage.UNSEEN, NOW - 9 * DAY)


def test_nothing_is_said_of_views_that_offorte_has_not_told() -> None:
    stats = stand(make_proposal())
    assert (stats.stage, stats.since, stats.heat) == ("", None, 0)


def test_one_that_was_seen_is_silent_since_the_last_sign_of_life() -> None:
    proposal = make_proposal(view_count=2, viewed_at=NOW - 6 * DAY)
    log(proposal, NOW - 7 * DAY, "viewed")
    assert stand(proposal).since == NOW - 6 * DAY
    comment(proposal, NOW - 2 * DAY)
    stats = stand(proposal)
    assert (stats.stage, stats.since) == (ProposalStats.Stage.SILENT, NOW - 2 * DAY)
    assert stats.first_viewed_at == NOW - 7 * DAY


def test_heat_comes_from_the_prospects_looks_alone() -> None:
    proposal = make_proposal(view_count=4, viewed_at=NOW - HOUR)
    log(proposal, NOW - HOUR, "viewed")
    log(proposal, NOW - HOUR + timedelta(minutes=5), "viewed pdf")
    log(proposal, NOW - 3 * HOUR, "viewed", "Kees")
    log(proposal, NOW - HOUR, "viewed", "Seller", side="user")
    log(proposal, None, "viewed")
    stats = stand(proposal)
    assert (stats.visits_day, stats.viewers) == (2, 2)
    assert stats.heat == 2 * 6 + 5


def test_without_a_log_the_last_look_counts() -> None:
    assert stand(make_proposal(view_count=9, viewed_at=NOW - HOUR)).heat == 6
    assert stand(make_proposal(status="won", view_count=9, viewed_at=NOW - HOUR)).heat == 0


def test_points_follow_the_thresholds() -> None:
    DeskSettings.objects.create(points_day=50)
    assert stand(make_proposal(view_count=1, viewed_at=NOW - HOUR)).heat == 50


@pytest.mark.parametrize(
    ("status", "fields", "logged", "expected"),
    [
        ("won", {"won_at": NOW - DAY}, "accepted", NOW - DAY),
        ("won", {}, "accepted", NOW - 2 * DAY),
        ("won", {"remote_modified_at": NOW - 3 * DAY}, "", NOW - 3 * DAY),
        ("lost", {"remote_modified_at": NOW}, "status lost", NOW - 2 * DAY),
        ("closed", {}, "status lost", None),
        ("open", {"won_at": NOW}, "", None),
    ],
)
def test_when_it_was_decided(status: str, fields: dict[str, Any], logged: str, expected: datetime | None) -> None:
    proposal = make_proposal(status=status, **fields)
    if logged:
        log(proposal, NOW - 2 * DAY, logged)
    assert stand(proposal).decided_at == expected


def test_months_are_those_of_the_portals_time_zone() -> None:
    stats = stand(make_proposal(remote_created_at=datetime(2026, 2, 28, 23, 30, tzinfo=UTC)))
    assert stats.created_month == date(2026, 3, 1)


def test_what_offorte_has_no_more_stands_nowhere() -> None:
    proposal = make_proposal(remote_created_at=NOW)
    stand(proposal)
    rollups.rebuild_due()
    Proposal.objects.update(removed_at=NOW)
    stats.refresh([proposal.pk])
    rollups.rebuild_due()
    assert not ProposalStats.objects.exists()
    assert not Rollup.objects.exists()


def sums(basis: str) -> dict[tuple[Any, ...], tuple[int, Decimal, int, int, int]]:
    return {
        (row.month, row.owner_key, row.template, row.status): (
            row.count,
            row.value,
            row.unvalued,
            row.sent,
            row.seen,
        )
        for row in Rollup.objects.filter(basis=basis)
    }


def test_sums_are_by_month_seller_template_and_status() -> None:
    design = make_design_template()
    march: dict[str, Any] = {"remote_created_at": NOW, "owner_email": "SANNE@example.com"}
    make_proposal(status="won", price_total=Decimal("10.5"), design_template=design, won_at=NOW, viewed_at=NOW, **march)
    make_proposal(status="won", price_total=None, design_template=design, won_at=NOW, **march)
    make_proposal(status="edit", price_total=7, **march)
    make_proposal(status="open", price_total=3, remote_created_at=NOW - 40 * DAY)
    make_proposal(status="lost", price_total=3)
    bring_up_to_date()
    first = date(2026, 3, 1)
    assert sums("created") == {
        (first, "sanne@example.com", design.pk, "won"): (2, Decimal("10.5"), 1, 2, 1),
        (first, "sanne@example.com", 0, "edit"): (1, Decimal(7), 0, 0, 0),
        (date(2026, 2, 1), "", 0, "open"): (1, Decimal(3), 0, 1, 0),
        (None, "", 0, "lost"): (1, Decimal(3), 0, 1, 0),
    }
    assert sums("decided") == {
        (first, "sanne@example.com", design.pk, "won"): (2, Decimal("10.5"), 1, 2, 1),
        (None, "", 0, "lost"): (1, Decimal(3), 0, 1, 0),
    }
    assert not RollupDue.objects.exists()


def test_what_moves_to_another_month_leaves_the_first() -> None:
    proposal = make_proposal(status="won", won_at=NOW, remote_created_at=NOW)
    bring_up_to_date()
    Proposal.objects.filter(pk=proposal.pk).update(won_at=NOW - 40 * DAY, as_of=NOW)
    bring_up_to_date()
    assert {row.month for row in Rollup.objects.filter(basis="decided")} == {date(2026, 2, 1)}


def test_a_month_that_does_not_change_is_not_added_up_again() -> None:
    proposal = make_proposal(remote_created_at=NOW, view_count=1, viewed_at=NOW - DAY)
    stand(proposal)
    assert RollupDue.objects.count() == 1
    rollups.rebuild_due()
    Proposal.objects.update(viewed_at=NOW, view_count=2)
    stand(proposal)
    assert not RollupDue.objects.exists()


def test_times_to_look_and_to_sign_are_kept_as_a_histogram() -> None:
    for days in (1, 4, 4):
        proposal = make_proposal(status="won", remote_created_at=NOW, won_at=NOW + days * DAY + HOUR)
        mail(proposal, NOW)
        log(proposal, NOW + 5 * HOUR, "viewed")
    bring_up_to_date()
    assert Rollup.objects.get(basis="created").hours == {"5": 3}
    assert Rollup.objects.get(basis="decided").hours == {"25": 1, "96": 2}


def test_the_median_of_several_histograms() -> None:
    assert rollups.median([]) is None
    assert rollups.median([{}, {}]) is None
    assert rollups.median([{5: 1}]) == 5
    assert rollups.median([{1: 1, 96: 1}, {30: 1}]) == 30
    assert rollups.median([{2: 10, 200: 9}]) == 2


def test_a_rebuild_finds_only_what_is_new_changed_or_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed: list[int] = []
    real = stats.refresh

    def refresh(keys: list[int]) -> None:
        refreshed.extend(keys)
        real(keys)

    monkeypatch.setattr(stats, "refresh", refresh)
    rows = [make_proposal() for _ in range(3)]
    first, second, _third = sorted(row.pk for row in rows)

    def rebuild() -> int:
        refreshed.clear()
        assert followers.rebuild(rows[0].connection_id, 0) is None
        return len(refreshed)

    assert [rebuild(), rebuild()] == [3, 0]
    Proposal.objects.filter(pk=first).update(status="won", as_of=NOW)
    Proposal.objects.filter(pk=second).update(removed_at=NOW)
    assert rebuild() == 2
    assert ProposalStats.objects.get(pk=first).status == "won"
    assert not ProposalStats.objects.filter(pk=second).exists()
    Proposal.objects.filter(pk=second).update(removed_at=None)
    assert rebuild() == 1


def test_a_long_rebuild_is_made_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "STRETCH", 2)
    monkeypatch.setattr(followers, "MOST_AT_ONCE", 1)
    rows = [make_proposal() for _ in range(5)]
    make_proposal(make_connection("other"))
    bring_up_to_date()
    ProposalStats.objects.filter(pk__in=[rows[0].pk, rows[4].pk]).update(as_of=NOW - 900 * DAY)
    position: int | None = 0
    while position is not None:
        position = followers.rebuild(rows[0].connection_id, position)
    assert ProposalStats.objects.filter(as_of=rows[0].as_of).count() == 6


def test_what_is_hot_cools_down() -> None:
    proposal = make_proposal(view_count=1, viewed_at=timezone.now())
    stats.refresh([proposal.pk])
    assert ProposalStats.objects.get().heat == 6
    assert stats.refresh_stale() == 0, "it was worked out a moment ago"
    earlier = timezone.now() - 2 * HOUR
    Proposal.objects.update(viewed_at=timezone.now() - 2 * DAY)
    ProposalStats.objects.update(computed_at=earlier)
    assert stats.refresh_stale() == 1
    assert ProposalStats.objects.get().heat == 3


def test_accounts_are_added_up_apart() -> None:
    make_proposal(make_connection("north"))
    make_proposal(make_connection("south"))
    bring_up_to_date()
    assert Rollup.objects.count() == 2
