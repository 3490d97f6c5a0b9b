"""The columns of the pipeline board: Offorte's proposals, quotes of other systems, or both, with separate sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

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
from offorte_portal.desk.pages.sides import Sides
from offorte_portal.staff.access import OTHERS, owns
from offorte_portal.staff.scope import Scope
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
LIST = "admin:proposals_proposal_changelist"
Totals = Mapping[str, Total]


@dataclass(frozen=True)
class Card:
    """A proposal on the board."""

    at: datetime | None
    proposal: Proposal
    may_move: bool = False
    heat: int = 0
    heat_words: str = ""
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

    def url(self, **changes: Any) -> str:
        """Return the address of the same rows as a list, with these changes to its parameters."""
        return reverse(self.list_name) + self.narrowed.get_query_string({"systems": None} | changes)


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


def read_columns(request: StaffRequest, sides: Sides, *, is_unread: bool = False) -> list[Column]:
    """Return the columns for the address. Four queries for Offorte's without filters, three for the other side."""
    parts: list[Side] = []
    if sides.shows_proposals:
        label = _("Offorte") if sides.is_both else ""
        totals, cards = _read_proposals(request, sides.proposals)
        parts.append(Side(label, totals, cards, sides.proposals, is_unread=is_unread))
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
        total, url = side.totals.get(status.value, Total()), side.url(status=status.value)
        unvalued = side.url(status=status.value, **side.unvalued) if side.unvalued else ""
        shown.append(Sum(side.label, total, url, len(here), unvalued, side.is_unread))
    cards.sort(key=lambda card: (card.at is not None, card.at), reverse=True)
    return Column(status, shown, cards)


def _read_proposals(request: StaffRequest, narrowed: Narrowed) -> tuple[Totals, list[Card]]:
    user = request.user
    if narrowed.is_plain:
        scope = Scope(user, narrowed.is_mine, narrowed.account)
        totals, rows = board.sum_all(rollups_of(scope)), list(board.newest(stats_of(scope)))
    else:
        totals, keys = board.sum_found(narrowed.rows)
        rows = list(board.read(keys))
    accounts = [connection.pk for connection in ([narrowed.account] if narrowed.account else available(request))]
    pending.mark_rows(pending.of_list("proposals", rows, accounts), rows)
    may_change, may_all = user.has_perm(CHANGE), user.has_perm(OTHERS)
    cards = []
    for row in rows:
        stats: Any = getattr(row, "stats", None)
        at = stats.created_at if stats else row.remote_created_at
        warmth = (stats.heat, heat.describe(stats)) if stats else (0, "")
        cards.append(Card(at, row, may_change and (may_all or owns(user, row)), *warmth))
    return totals, cards


def list_addresses(sides: Sides) -> list[tuple[str, str]]:
    """Return the label and address of the same rows as a list, for each side that is shown."""
    found = []
    if sides.shows_proposals:
        label = _("Offorte as a list") if sides.is_both else _("As a list")
        found.append((label, reverse(LIST) + sides.proposals.get_query_string({"systems": None})))
    if sides.shows_quotes and sides.other:
        label = _("Other systems as a list") if sides.is_both else _("As a list")
        found.append((label, reverse(sides.other.list_name) + sides.quotes.get_query_string({"systems": None})))
    return found
