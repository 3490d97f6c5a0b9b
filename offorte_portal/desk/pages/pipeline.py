"""The columns of the pipeline board: Offorte's proposals, quotes of other systems, or both, with separate sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.adminkit import money, pending
from offorte_portal.adminkit.accounts import available
from offorte_portal.adminkit.money import UNKNOWN
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.desk import board
from offorte_portal.desk.attention import stats_of
from offorte_portal.desk.board import Total
from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.origins import OtherCard
from offorte_portal.desk.pages import heat
from offorte_portal.desk.pages.sides import PARAMETER, Sides
from offorte_portal.desk.period import Period
from offorte_portal.staff.access import OTHERS, owns
from offorte_portal.staff.scope import Scope
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
LIST = "admin:proposals_proposal_changelist"
PERIOD = "period"
# Parameters of the board that lists don't have.
NOT_OF_LISTS: dict[str, Any] = {PARAMETER: None, PERIOD: None}
Totals = Mapping[str, Total]


@dataclass(frozen=True)
class Card:
    """A proposal on the board."""

    at: datetime | None
    proposal: Proposal
    may_move: bool = False
    heat: int = 0
    heat_words: str = ""
    # Since when it stands where it stands, in words.
    age: str = ""
    # Empty: the board's template renders it itself.
    template: str = ""

    @property
    def status(self) -> str:
        """The status of its column."""
        return self.proposal.status


AnyCard = Card | OtherCard


@dataclass(frozen=True)
class Side:
    """One side of the board: its label if there are two, its sums, its cards, and its filters."""

    label: str
    totals: Totals
    cards: Sequence[AnyCard]
    narrowed: Narrowed
    list_name: str = LIST
    # The filters for those whose total is unknown; Offorte's list has none.
    unvalued: Mapping[str, str] = field(default_factory=dict)
    # Its rows are not all read yet, so that nobody knows the sums.
    is_unread: bool = False
    # Since when decided ones are shown.
    since: date | None = None

    def url(self, status: str, **changes: Any) -> str:
        """Return the address of the rows with this status as a list, with these changes to its parameters."""
        if self.since and status in Proposal.DECIDED:
            changes["decided_from"] = self.since.isoformat()
        return reverse(self.list_name) + self.narrowed.get_query_string(NOT_OF_LISTS | {"status": status} | changes)


@dataclass(frozen=True)
class Sum:
    """What one side has in a column, the address of its list, and of those whose total is unknown."""

    label: str
    total: Total
    url: str
    shown: int
    unvalued_url: str = ""
    is_unread: bool = False

    @property
    def amounts(self) -> list[str]:
        """The amounts, one for each currency."""
        none = UNKNOWN if self.unvalued_url else money.NOTHING
        return [text for _currency, text in money.list_amounts(self.total.worth, none=none)]

    @property
    def unvalued(self) -> str:
        """The number without a known total, in words; empty for none."""
        unknown = self.total.worth.unknown
        return money.write_unknown(unknown) if unknown and self.unvalued_url else ""

    @property
    def is_cut(self) -> bool:
        """Whether the list has more than the cards shown."""
        return self.total.count > self.shown


@dataclass(frozen=True)
class Column:
    """A status with the sums of each side and the newest cards."""

    status: Proposal.Status
    sums: list[Sum]
    cards: Sequence[AnyCard]
    # Since when its proposals were decided; None for all.
    since: date | None = None

    @property
    def lines(self) -> int:
        """How many lines its sums take."""
        return sum(max(1, 0 if each.is_unread else len(each.amounts) + bool(each.unvalued)) for each in self.sums)


def find_since(sides: Sides) -> date | None:
    """Return since when decided proposals are shown; None for all time, and where a filter says when."""
    if any(spec.name == "decided" for spec in sides.proposals.active):
        return None
    return Period.read(sides.params.get(PERIOD, "")).begin(timezone.localdate(ports.now()))


def read_columns(request: StaffRequest, sides: Sides, *, is_unread: bool = False) -> list[Column]:
    """Return the columns for the address. Four queries for Offorte's without filters, three for the other side."""
    since = find_since(sides)
    parts: list[Side] = []
    if sides.shows_proposals:
        label = _("Offorte") if sides.is_both else ""
        totals, cards = _read_proposals(request, sides.proposals, since)
        parts.append(Side(label, totals, cards, sides.proposals, is_unread=is_unread, since=since))
    if sides.shows_quotes and (other := sides.other):
        label = _("Other systems") if sides.is_both else ""
        sums, quotes = other.sum_by_status(sides.quotes.rows), list(other.newest_cards(sides.quotes.rows))
        parts.append(Side(label, sums, quotes, sides.quotes, other.list_name, other.unvalued))
    return [_column(status, parts) for status in Proposal.Status]


def _column(status: Proposal.Status, parts: list[Side]) -> Column:
    shown: list[Sum] = []
    cards: list[AnyCard] = []
    for side in parts:
        here = [card for card in side.cards if card.status == status]
        cards += here
        total, url = side.totals.get(status.value, Total()), side.url(status.value)
        unvalued = side.url(status.value, **side.unvalued) if side.unvalued else ""
        shown.append(Sum(side.label, total, url, len(here), unvalued, side.is_unread))
    cards.sort(key=lambda card: (card.at is not None, card.at), reverse=True)
    since = next((side.since for side in parts if side.since), None)
    return Column(status, shown, cards, since if status in Proposal.DECIDED else None)


def _read_proposals(request: StaffRequest, narrowed: Narrowed, since: date | None) -> tuple[Totals, list[Card]]:
    user = request.user
    accounts = [connection.pk for connection in ([narrowed.account] if narrowed.account else available(request))]
    if narrowed.is_plain:
        scope = Scope(user, narrowed.is_mine, narrowed.account)
        totals = board.sum_all(rollups_of(scope), since)
        rows = list(board.newest(stats_of(scope), since))
    else:
        totals, keys = board.sum_found(narrowed.rows, since)
        rows = list(board.read(keys))
    pending.mark_rows(pending.of_list("proposals", rows, accounts), rows)
    may_change, may_all = user.has_perm(CHANGE), user.has_perm(OTHERS)
    cards = []
    for row in rows:
        stats: Any = getattr(row, "stats", None)
        at = stats.created_at if stats else row.remote_created_at
        if stats and since and row.status in Proposal.DECIDED:
            at = stats.decided_at
        heat_now, words = (stats.heat, heat.describe(stats)) if stats else (0, "")
        may_move = may_change and (may_all or owns(user, row))
        cards.append(Card(at, row, may_move, heat_now, words, _describe_age(row, stats)))
    return totals, cards


def _describe_age(row: Proposal, stats: Any) -> str:
    """Return since when it is in edit, open or decided, in days; "" if that is unknown."""
    created_at = stats.created_at if stats else row.remote_created_at
    if row.status in Proposal.DECIDED:
        moment, today = stats.decided_at if stats else None, _("decided today")
    elif row.status == Proposal.Status.OPEN:
        moment, today = (stats.sent_at if stats else None) or created_at, _("open since today")
    else:
        moment, today = created_at, _("created today")
    if moment is None:
        return ""
    days = (timezone.localdate(ports.now()) - timezone.localtime(moment).date()).days
    if days < 1:
        return today
    if row.status in Proposal.DECIDED:
        text = ngettext("decided %(count)d day ago", "decided %(count)d days ago", days)
    elif row.status == Proposal.Status.OPEN:
        text = ngettext("open %(count)d day", "open %(count)d days", days)
    else:
        text = ngettext("in edit %(count)d day", "in edit %(count)d days", days)
    return text % {"count": days}


def list_addresses(sides: Sides) -> list[tuple[str, str]]:
    """Return the label and address of the same rows as a list, for each side that is shown."""
    found = []
    if sides.shows_proposals:
        label = _("Offorte as a list") if sides.is_both else _("As a list")
        found.append((label, reverse(LIST) + sides.proposals.get_query_string(NOT_OF_LISTS)))
    if sides.shows_quotes and sides.other:
        label = _("Other systems as a list") if sides.is_both else _("As a list")
        found.append((label, reverse(sides.other.list_name) + sides.quotes.get_query_string(NOT_OF_LISTS)))
    return found
