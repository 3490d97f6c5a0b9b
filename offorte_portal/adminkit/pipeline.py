"""The columns of the pipeline board: Offorte's proposals, quotes of other systems, or both, each with its own sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from offorte_portal.adminkit import heat_words, pending, worth_words
from offorte_portal.adminkit.accounts import available
from offorte_portal.adminkit.money import UNKNOWN
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.desk import board
from offorte_portal.desk.attention import Scope, standings_of
from offorte_portal.desk.board import Total
from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.pages.sides import Sides
from offorte_portal.models import ImportedQuote
from offorte_portal.other_systems import sums
from offorte_portal.services.access import OTHERS, owns
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
LIST = "admin:proposals_proposal_changelist"
QUOTES = "admin:offorte_portal_importedquote_changelist"
Totals = Mapping[str, Total]


@dataclass(frozen=True)
class Card:
    """A proposal on the board, or a quote of another system, which nobody can move."""

    at: datetime | None
    proposal: Proposal | None = None
    may_move: bool = False
    heat: int = 0
    heat_words: str = ""
    quote: ImportedQuote | None = None
    amount: str = ""

    @property
    def status(self) -> str:
        """The column that it belongs in."""
        return self.proposal.status if self.proposal else self.quote.status if self.quote else ""


@dataclass(frozen=True)
class Sum:
    """What one side has in a column, where the list of it is, and of how many nobody knows the total."""

    label: str
    total: Total
    url: str
    shown: int
    unvalued_url: str = ""

    @property
    def amounts(self) -> list[str]:
        """What it is worth, currency by currency."""
        none = UNKNOWN if self.unvalued_url else worth_words.NOTHING
        return [text for _currency, text in worth_words.list_amounts(self.total.worth, none=none)]

    @property
    def unvalued(self) -> str:
        """Of how many the total is not known, in words; empty for none."""
        unknown = self.total.worth.unknown
        return worth_words.write_unknown(unknown) if unknown and self.unvalued_url else ""

    @property
    def is_cut(self) -> bool:
        """Whether the list has more than the cards."""
        return self.total.count > self.shown


@dataclass(frozen=True)
class Column:
    """A status with the sums of each side and the newest cards."""

    status: Proposal.Status
    sums: list[Sum]
    cards: list[Card]


def read_columns(request: HttpRequest, sides: Sides) -> list[Column]:
    """The columns with what the address asks for. Two queries for Offorte's, three for the other systems'."""
    parts: list[tuple[str, Totals, list[Card], Narrowed]] = []
    if sides.shows_proposals:
        label = _("Offorte") if sides.is_both else ""
        parts.append((label, *_read_proposals(request, sides.proposals), sides.proposals))
    if sides.shows_quotes:
        label = _("Other systems") if sides.is_both else ""
        parts.append((label, *_read_quotes(sides.quotes), sides.quotes))
    return [_column(status, parts) for status in Proposal.Status]


def _column(status: Proposal.Status, parts: list[tuple[str, Totals, list[Card], Narrowed]]) -> Column:
    shown, cards = [], []
    for label, totals, found, narrowed in parts:
        here = [card for card in found if card.status == status]
        cards += here
        shown.append(_sum(label, totals.get(status.value, Total()), len(here), narrowed, status))
    cards.sort(key=lambda card: (card.at is not None, card.at), reverse=True)
    return Column(status, shown, cards)


def _sum(label: str, total: Total, shown: int, narrowed: Narrowed, status: Proposal.Status) -> Sum:
    changes: dict[str, Any] = {"status": status.value, "systems": None}
    if narrowed.model is Proposal:
        return Sum(label, total, shown=shown, url=reverse(LIST) + narrowed.get_query_string(changes))
    address = reverse(QUOTES)
    unvalued = address + narrowed.get_query_string(changes | {"valued": "no"})
    return Sum(label, total, address + narrowed.get_query_string(changes), shown, unvalued)


def _read_proposals(request: HttpRequest, narrowed: Narrowed) -> tuple[Totals, list[Card]]:
    user = cast(User, request.user)
    if narrowed.is_plain:
        scope = Scope(user, narrowed.is_mine, narrowed.account)
        totals, rows = board.sum_all(rollups_of(scope)), list(board.newest(standings_of(scope)))
    else:
        found = board.sum_found(narrowed.rows)
        totals, rows = found.totals, list(board.read(found.keys))
    accounts = [one.pk for one in ([narrowed.account] if narrowed.account else available(request))]
    pending.mark_rows(pending.of_list("proposals", rows, accounts), rows)
    may_change, may_all = user.has_perm(CHANGE), user.has_perm(OTHERS)
    return totals, [_card(row, may_change and (may_all or owns(user, row))) for row in rows]


def _card(proposal: Proposal, may_move: bool) -> Card:
    standing: Any = getattr(proposal, "standing", None)
    at = standing.created_at if standing else proposal.remote_created_at
    warmth = (standing.heat, heat_words.describe(standing)) if standing else (0, "")
    return Card(at, proposal, may_move, *warmth)


def _read_quotes(narrowed: Narrowed) -> tuple[Totals, list[Card]]:
    return sums.sum_by_status(narrowed.rows), list(_quote_cards(sums.newest(narrowed.rows)))


def _quote_cards(quotes: Iterable[ImportedQuote]) -> Iterable[Card]:
    for quote in quotes:
        told = quote.total
        amount = _("no total") if told is None else worth_words.write_amount(told, quote.currency)
        yield Card(_midnight(quote.begun_on), quote=quote, amount=amount)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime(day.year, day.month, day.day)) if day else None  # noqa: DTZ001


def list_addresses(sides: Sides) -> list[tuple[str, str]]:
    """Where the same is as a list, for each side that is shown."""
    found = []
    if sides.shows_proposals:
        label = _("Offorte as a list") if sides.is_both else _("As a list")
        found.append((label, reverse(LIST) + sides.proposals.get_query_string({"systems": None})))
    if sides.shows_quotes:
        label = _("Other systems as a list") if sides.is_both else _("As a list")
        found.append((label, reverse(QUOTES) + sides.quotes.get_query_string({"systems": None})))
    return found
