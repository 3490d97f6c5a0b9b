"""Reads the call list: how many rows each source has, and the most urgent ones with all that a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    DecimalField,
    F,
    IntegerField,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast

from offorte_portal.desk import attention, thresholds
from offorte_portal.desk.calls.people import Contact, find_contacts
from offorte_portal.desk.calls.sources import SOURCES, CallSource, News, minute, ranked
from offorte_portal.staff.scope import Scope
from offorte_portal.text.worth import Worth
from proposals.currencies import read_currencies
from proposals.models import Proposal

PER_PAGE = 50
# Beyond so many pages a person narrows the list by its filters instead.
MOST_PAGES = 20
STALE = "stale"
AMOUNT = DecimalField(max_digits=19, decimal_places=4)
SHOWN = (
    "name", "number", "remote_id", "connection_id", "status", "company_name", "price_total", "price_total_display",
    "owner_key", "owner_name", "company__name", "company__remote_id", "company__phone", "company__email",
    "connection__account", "connection__label", "stats__visits_day", "stats__visits_week", "stats__visits_month",
    "stats__viewers", "stats__viewed_at", "stats__sent_at", "stats__since", "stats__heat",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """How many rows a source has; of what is to clean up, also what they are worth."""

    count: int = 0
    worth: Worth = field(default_factory=Worth)


@dataclass
class Call:
    """A proposal to call about: its news, the most urgent first, and the person to call."""

    proposal: Proposal
    news: list[News]
    contact: Contact = field(default_factory=Contact)

    def find(self, kind: str) -> News | None:
        """Return the news of one kind; None where there is none."""
        return next((news for news in self.news if news.kind == kind), None)

    @property
    def reasons(self) -> list[str]:
        """Why to call now, the most urgent first. That a hot proposal was also seen goes without saying."""
        kinds = {news.kind for news in self.news}
        left_out = {"seen", "silent"} if "hot" in kinds else {"silent"} if "seen" in kinds else set()
        texts = [SOURCES[news.kind].say(self.proposal, news) for news in self.news if news.kind not in left_out]
        return list(dict.fromkeys(texts))


@dataclass(frozen=True)
class Page:
    """A page of the list, whether there are more, and the counts by source, with what is to clean up as `STALE`."""

    calls: list[Call]
    has_more: bool
    counts: dict[str, Counted]


def count(scope: Scope) -> dict[str, Counted]:
    """Return the counts by source, without those that are zero. One query."""
    return _find(scope, "", 1)[1]


def read(scope: Scope, kind: str = "", page: int = 1) -> Page:
    """Return a page of the list, of one source or of all. At most four queries."""
    page = min(page, MOST_PAGES)
    # One more than the page's last row from each source: whatever they share, that fills the page.
    found, counts = _find(scope, kind, page * PER_PAGE + 1)
    by_proposal: dict[int, list[News]] = {}
    for news in found:
        by_proposal.setdefault(news.proposal_id, []).append(news)
    keys = list(by_proposal)[(page - 1) * PER_PAGE : page * PER_PAGE + 1]
    proposals = _read_proposals(keys[:PER_PAGE])
    contacts = find_contacts(proposals)
    calls = [Call(row, by_proposal[row.pk], contacts.get(row.pk, Contact())) for row in proposals]
    return Page(calls, len(keys) > PER_PAGE and page < MOST_PAGES, counts)


def _find(scope: Scope, kind: str, most: int) -> tuple[list[News], dict[str, Counted]]:
    """Return the most urgent rows of one source or of all, in the order of the list, and all counts. One query."""
    stale = attention.stats_of(scope).filter(attention.condition(STALE, thresholds.read(), minute()))
    # A source that is left out gives one row all the same, which has its count.
    parts = [_most_urgent(each, scope, most if kind in {"", each.kind} else 1) for each in ranked()]
    news: list[News] = []
    counts: dict[str, Counted] = {}
    sums: list[tuple[int, int, Decimal | None, int]] = []
    for name, proposal_id, at, weight, key, number, value, unknown in _sum_stale(stale).union(*parts, all=True):
        if name == STALE:
            sums.append((key, number, value, unknown))
        elif number:
            counts[name] = Counted(number)
        if proposal_id and kind in {"", name}:
            news.append(News(name, proposal_id, at, weight, key))
    if sums:
        counts[STALE] = _add_up(sums)
    return sorted(news, key=_urgency), counts


def _add_up(sums: Sequence[tuple[int, int, Decimal | None, int]]) -> Counted:
    """Return the sum of (account, count, value, number of unknown values), by currency."""
    currencies = read_currencies({account for account, *_ in sums})
    worth = Worth()
    for account, _number, value, unknown in sums:
        worth.add(currencies[account], value, unknown)
    return Counted(sum(number for _, number, _, _ in sums), worth)


def _sum_stale(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Return a row for each account."""
    nothing = {
        "call_proposal": Value(None, BigIntegerField()),
        "call_at": Cast(Value(None), DateTimeField()),
        "call_weight": Cast(Value(None), AMOUNT),
    }
    named = rows.order_by().annotate(call_kind=Value(STALE), **nothing)
    # Count("*"), because an index covers it: the key is not in it.
    summed: QuerySet[Any, Any] = named.values_list("call_kind", *nothing, "connection").annotate(
        number=Count("*"), worth=Cast(Sum("value"), AMOUNT), unknown=Count("*") - Count("value")
    )
    return summed


def _most_urgent(source: CallSource, scope: Scope, most: int) -> QuerySet[Any, Any]:
    """Return the most urgent rows of a source, each with the count of all."""
    rows = source.rows(scope)
    whole = rows.order_by().annotate(call_kind=Value(source.kind)).values("call_kind")
    # On SQLite no part of a union may have a limit of its own, but a subquery in it may.
    first = rows.filter(pk__in=rows.order_by(*source.order()).values("pk")[:most])
    weight: Any = F(source.weight) if source.weight else Value(None)
    named = first.order_by().annotate(
        call_kind=Value(source.kind),
        call_at=Cast(source.moment, DateTimeField()),
        call_weight=Cast(weight, AMOUNT),
        call_number=Subquery(whole.annotate(number=Count("*")).values("number")),
        call_worth=Cast(Value(None), AMOUNT),
        call_unknown=Value(0, IntegerField()),
    )
    columns: QuerySet[Any, Any] = named.values_list(
        "call_kind", source.proposal, "call_at", "call_weight", "pk", "call_number", "call_worth", "call_unknown"
    )
    return columns


def _urgency(news: News) -> tuple[Any, ...]:
    source = SOURCES[news.kind]
    seconds = news.at.timestamp() if news.at else float("inf")
    is_backwards = source.newest_first and news.at is not None
    weight = -news.weight if news.weight is not None else Decimal("Infinity")
    return source.rank, weight if source.weight else 0, -seconds if is_backwards else seconds, news.key


def _read_proposals(keys: Sequence[int]) -> list[Proposal]:
    """Return these proposals in this order, without those that Offorte no longer has. One query."""
    rows = Proposal.objects.present().filter(pk__in=keys).select_related("connection", "company", "stats").only(*SHOWN)
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys if key in found]
