"""Computing the stats of proposals from the mirror: status, dates, log, comments and mails."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction

from offorte_portal import ports
from offorte_portal.desk import heat, rollups, thresholds
from offorte_portal.desk.heat import Look
from offorte_portal.desk.models import DeskSettings, ProposalStats
from offorte_portal.mirror.history import DECISIONS, SENDINGS, Entry, read_history
from proposals.models import Comment, LogEntry, Proposal, SentEmail

COLUMNS = (
    "pk",
    "connection_id",
    "owner_key",
    "design_template_id",
    "status",
    "price_total",
    "remote_created_at",
    "remote_modified_at",
    "won_at",
    "viewed_at",
    "view_count",
    "as_of",
    "removed_at",
)
WRITTEN = [field.attname for field in ProposalStats._meta.concrete_fields if not field.primary_key]
# How many proposals `refresh_stale` refreshes in one transaction.
AT_ONCE = 100


class History(NamedTuple):
    """The parts of a proposal's details that its stats depend on, each oldest first."""

    log: list[Entry]
    sent: list[datetime]
    comments: list[datetime]


def refresh(keys: Collection[int], now: datetime | None = None) -> None:
    """Compute where these proposals stand, and note the months whose sums are outdated by that. Eight queries."""
    at = now or ports.now()
    settings = thresholds.read()
    with transaction.atomic():
        held = ProposalStats.objects.in_bulk(list(keys))
        rows = list(Proposal.objects.filter(pk__in=keys).values(*COLUMNS))
        histories = _read_histories([row["pk"] for row in rows])
        present = [row for row in rows if row["removed_at"] is None]
        stats_rows = [_compute(row, histories[row["pk"]], settings, at) for row in present]
        gone = set(held) - {row["pk"] for row in present}
        ProposalStats.objects.filter(pk__in=gone).delete()
        ProposalStats.objects.bulk_create(
            stats_rows, update_conflicts=True, update_fields=WRITTEN, unique_fields=["proposal"]
        )
        months = {month for key in gone for month in rollups.months_of(held[key])}
        for stats in stats_rows:
            before = held.get(stats.pk)
            if before is None or _summed(before) != _summed(stats):
                months |= rollups.months_of(stats) | (rollups.months_of(before) if before else set())
        rollups.note(months)


def _summed(stats: ProposalStats) -> tuple[Any, ...]:
    """Return the columns that sums depend on."""
    return (
        stats.owner_key,
        stats.template,
        stats.status,
        stats.value,
        stats.sent_at,
        stats.first_viewed_at,
        stats.viewed_at is None,
        stats.is_silent,
        stats.decided_at,
        stats.created_month,
        stats.decided_month,
    )


def _read_histories(keys: list[int]) -> dict[int, History]:
    histories: dict[int, History] = defaultdict(lambda: History([], [], []))
    columns = ("proposal_id", "logged_at", "person", "action", "type")
    logged = LogEntry.objects.filter(proposal_id__in=keys).order_by("proposal_id", "position")
    for key, entries in groupby(logged.values_list(*columns, named=True), key=attrgetter("proposal_id")):
        histories[key].log.extend(entry for entry in read_history(entries) if entry.at)
    emails = SentEmail.objects.filter(proposal_id__in=keys, sent_at__isnull=False).order_by("sent_at")
    for key, sent_at in emails.values_list("proposal_id", "sent_at"):
        histories[key].sent.append(sent_at)  # type: ignore[arg-type]
    comments = Comment.objects.filter(proposal_id__in=keys, commented_at__isnull=False).order_by("commented_at")
    for key, commented_at in comments.values_list("proposal_id", "commented_at"):
        histories[key].comments.append(commented_at)  # type: ignore[arg-type]
    return histories


def _compute(row: dict[str, Any], history: History, settings: DeskSettings, now: datetime) -> ProposalStats:
    looks = [Look(entry.at, entry.person) for entry in history.log if entry.at and entry.is_view]
    sent = sorted([*history.sent, *(entry.at for entry in history.log if entry.at and entry.code in SENDINGS)])
    viewed_at = max([look.at for look in looks] + ([row["viewed_at"]] if row["viewed_at"] else []), default=None)
    created_at = row["remote_created_at"] or min([entry.at for entry in history.log if entry.at] + sent, default=None)
    decided_at = _decided_at(row, history)
    stats = ProposalStats(
        proposal_id=row["pk"],
        connection_id=row["connection_id"],
        owner_key=row["owner_key"],
        template=row["design_template_id"] or 0,
        status=row["status"],
        value=row["price_total"],
        created_at=created_at,
        sent_at=sent[0] if sent else None,
        first_viewed_at=looks[0].at if looks else None,
        viewed_at=viewed_at,
        decided_at=decided_at,
        created_month=rollups.first_day(created_at) if created_at else None,
        decided_month=rollups.first_day(decided_at) if decided_at else None,
        as_of=row["as_of"],
        computed_at=now,
    )
    if row["status"] == Proposal.Status.OPEN:
        _wait(stats, row, history, sent)
        _warm(stats, looks, settings, now)
    return stats


def _wait(stats: ProposalStats, row: dict[str, Any], history: History, sent: list[datetime]) -> None:
    """Set what the open proposal waits for: a view since it was last sent, or an answer since a view or comment."""
    if stats.viewed_at or row["view_count"]:
        stats.stage = ProposalStats.Stage.SILENT
        stats.since = max([*history.comments, *([stats.viewed_at] if stats.viewed_at else [])], default=None)
    elif row["view_count"] == 0 or history.log:
        stats.stage = ProposalStats.Stage.UNSEEN
        stats.since = sent[-1] if sent else stats.created_at


def _warm(stats: ProposalStats, looks: list[Look], settings: DeskSettings, now: datetime) -> None:
    # Without the log only the last look is known.
    seen = looks or ([Look(stats.viewed_at)] if stats.viewed_at else [])
    visits = heat.count_visits(seen, now)
    stats.visits_day, stats.visits_week, stats.visits_month = visits.day, visits.week, visits.month
    stats.viewers = visits.viewers
    stats.heat = heat.score(visits, settings)


def _decided_at(row: dict[str, Any], history: History) -> datetime | None:
    """Return when it was won, lost or closed: from its column, else its log, else when it was last changed."""
    codes = DECISIONS.get(row["status"])
    if codes is None:
        return None
    won_at = row["won_at"] if row["status"] == Proposal.Status.WON else None
    logged: datetime | None = max((entry.at for entry in history.log if entry.at and entry.code in codes), default=None)
    return won_at or logged or row["remote_modified_at"]


def refresh_stale(limit: int = 2000, older_than: timedelta = timedelta(hours=1)) -> int:
    """Refresh proposals whose points are older than `older_than`, because visits age; return how many.

    Each transaction refreshes `AT_ONCE` of them: on SQLite nothing else can write meanwhile.
    """
    warm = ProposalStats.objects.filter(heat__gt=0, computed_at__lt=ports.now() - older_than)
    keys = list(warm.order_by().values_list("pk", flat=True)[:limit])
    for start in range(0, len(keys), AT_ONCE):
        refresh(keys[start : start + AT_ONCE])
    return len(keys)


def sweep(seconds: float = 20.0) -> None:
    """Refresh points that are over an hour old, then rebuild outdated sums until `seconds` have passed."""
    until = ports.monotonic() + seconds
    refresh_stale()
    rollups.note_settled()
    rollups.rebuild_due(until)
