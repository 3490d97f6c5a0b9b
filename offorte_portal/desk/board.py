"""The pipeline: proposals by status, with counts, values and the newest cards; and moving one to another status."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.utils import timezone

from offorte_portal.desk.models import ProposalStats, Rollup
from offorte_portal.text.worth import Worth
from offorte_portal.writes import asking, performing
from offorte_portal.writes.models import Operation
from proposals.currencies import read_currencies
from proposals.models import Proposal

# Cards shown in a column; the list has all of them.
CARDS = 15
# At most this many proposals are counted while filters are active.
MOST = 5_000
STATUSES = tuple(Proposal.Status)
DECIDED = Q(status__in=Proposal.DECIDED)
SHOWN = (
    "name", "number", "remote_id", "connection_id", "status", "company_name", "price_total", "price_total_display",
    "owner_name", "owner_key", "remote_created_at", "view_count", "viewed_at", "company__name", "company__remote_id",
    "owner__firstname", "owner__lastname", "owner__email", "owner__remote_id", "stats__created_at", "stats__heat",
    "stats__visits_day", "stats__visits_week", "stats__visits_month", "stats__viewers", "stats__sent_at",
    "stats__decided_at",
)  # fmt: skip


@dataclass
class Total:
    """A count, and the value of those whose value is known; `is_more` if only the first of them were counted."""

    count: int = 0
    worth: Worth = field(default_factory=Worth)
    is_more: bool = False


def sum_all(found: QuerySet[Rollup], since: date | None = None) -> dict[str, Total]:
    """Return the totals of each status from the sums by month; of decided ones, since the first of a month. One query.

    Proposals that were decided at an unknown moment are in the totals of all time only.
    """
    by_creation = Q(basis=Rollup.Basis.CREATED)
    if since:
        by_creation &= ~DECIDED
        by_creation |= Q(basis=Rollup.Basis.DECIDED, month__gte=since)
    rows = found.filter(by_creation).order_by().values_list("status", "connection")
    sums = list(rows.annotate(n=Sum("count"), v=Sum("value")))
    currencies = read_currencies({account for _, account, _, _ in sums})
    totals: dict[str, Total] = {}
    for status, account, count, value in sums:
        total = totals.setdefault(status, Total())
        total.count += count
        total.worth.add(currencies[account], value)
    return totals


def sum_found(found: QuerySet[Proposal], since: date | None = None) -> tuple[dict[str, Total], list[int]]:
    """Return the totals of each status and the keys of the newest cards, of the first `MOST` proposals. One query.

    Of decided ones, those that were decided since the first of a month count, the latest decision first.
    """
    columns: list[Any] = ["pk", "status", "price_total", "remote_created_at", "connection"]
    if since:
        found = found.filter(~DECIDED | Q(stats__decided_month__gte=since))
        columns[3] = Case(When(DECIDED, then="stats__decided_at"), default="remote_created_at")
    rows = list(found.order_by().values_list(*columns)[: MOST + 1])
    is_more = len(rows) > MOST
    rows.sort(key=lambda row: (row[3] is not None, row[3], row[0]), reverse=True)
    currencies = read_currencies({row[4] for row in rows})
    totals: dict[str, Total] = {}
    keys: list[int] = []
    for key, status, value, _created_at, account in rows[:MOST]:
        total = totals.setdefault(status, Total(is_more=is_more))
        if total.count < CARDS:
            keys.append(key)
        total.count += 1
        total.worth.add(currencies[account], value)
    return totals, keys


def newest(found: QuerySet[ProposalStats], since: date | None = None) -> QuerySet[Proposal]:
    """Return the newest cards of every status, of these stats. One query along the board's indexes, one to read.

    With `since`, of decided ones the latest decisions since that day.
    """
    begin = timezone.make_aware(datetime.combine(since, time.min)) if since else None

    def pick(status: str) -> QuerySet[Any, Any]:
        rows = found.filter(status=status)
        if begin and status in Proposal.DECIDED:
            rows = rows.filter(decided_at__gte=begin).order_by("-decided_at", "-pk")
        else:
            rows = rows.order_by("-created_at", "-pk")
        return ProposalStats.objects.filter(pk__in=rows.values("pk")[:CARDS]).order_by().values_list("pk")

    first, *others = map(pick, STATUSES)
    return read(key for (key,) in first.union(*others, all=True))


def read(keys: Iterable[int]) -> QuerySet[Proposal]:
    """Return the cards with everything they show, newest first. One query."""
    rows = Proposal.objects.filter(pk__in=list(keys)).select_related("company", "owner", "stats").only(*SHOWN)
    return rows.order_by(F("stats__created_at").desc(nulls_last=True), "-pk")


def move(proposal: Proposal, status: str, *, by: User, key: UUID) -> Operation:
    """Ask Offorte to change the proposal's status, and wait for the answer. The same key twice makes one change.

    A loss has a reason, see `tracking/losses.py`. No transaction may be open. Raises Rejected.
    """
    operation = asking.request(
        connection=proposal.connection,
        verb=Operation.Verb.CHANGE,
        target="proposals",
        remote_id=proposal.remote_id,
        draft={"status": status},
        before={"status": proposal.status},
        expected={"status": proposal.status},
        label=str(proposal),
        by=by,
        key=key,
    )
    return performing.perform(operation) if operation.state == Operation.State.WAITING else operation
