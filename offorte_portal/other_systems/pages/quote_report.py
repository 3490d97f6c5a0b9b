"""The report on quotes of other systems in words and links: every number leads to the quotes that it is made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from offorte_portal.adminkit.charts import Bar, Chart, Slot, draw
from offorte_portal.adminkit.money import UNKNOWN, list_amounts, write_unknown
from offorte_portal.adminkit.reports import (
    Cell,
    Expected,
    Filters,
    MonthChart,
    Row,
    days,
    draw_currencies,
    percent,
    write_number,
)
from offorte_portal.desk.analytics import Expectation, Report, ReportRow
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.pages.quote_filters import NOBODY
from offorte_portal.text.worth import Worth

QUOTES = "admin:other_systems_importedquote_changelist"
# What a currency is in an address; none has a word of its own.
USUAL = "EUR"


@dataclass(frozen=True)
class QuoteLinks:
    """Addresses of the list of quotes, for one's own desk or the team's."""

    is_mine: bool

    def url(self, **filters: str) -> str:
        """The list with these filters."""
        mine = {"mine": "yes"} if self.is_mine else {}
        return f"{reverse(QUOTES)}?{urlencode(filters | mine)}"

    def worth(self, worth: Worth, **filters: str) -> Cell:
        """Each currency by itself with its own rows, and how many have no total."""
        parts = [
            Cell(text, self.url(**filters, **(in_currency(currency) if worth.amounts else {})))
            for currency, text in list_amounts(worth, is_whole=True, none=UNKNOWN)
        ]
        if worth.unknown:
            parts.append(Cell(write_unknown(worth.unknown), self.url(**filters, valued="no")))
        return Cell(parts[0].text, parts[0].url, tuple(parts[1:]))


def in_currency(currency: str) -> Filters:
    """The filters for the quotes that a sum in this currency is made of."""
    return {"currency": currency or NOBODY, "valued": "yes"}


def headings() -> list[str]:
    """What the cells of a row are."""
    return [_("Created"), _("Won"), _("Lost"), _("Win rate"), _("Value won")]


def list_rows(links: QuoteLinks, report: Report, by: str) -> list[Row]:
    """The lines of a report with names and links."""
    names = dict(Source.objects.values_list("pk", "label")) if by == "system" else {}
    return [_row(links, line, _label(by, line.key, names), _filters(by, line.key), report) for line in report.lines]


def total_row(links: QuoteLinks, report: Report) -> Row:
    """All lines together."""
    return _row(links, report.total, _("Total"), {}, report)


def _label(by: str, key: Any, names: dict[Any, str]) -> str:
    if by == "month":
        return date_format(key, "F Y")
    return names.get(key) or (str(key) if key else _("Unknown"))


def _filters(by: str, key: Any) -> Filters:
    if by == "month":
        return {}
    return {"source": str(key)} if by == "system" else {"seller": str(key) or NOBODY}


def _row(links: QuoteLinks, line: ReportRow, label: str, filters: Filters, report: Report) -> Row:
    first, last = (line.key, line.key) if isinstance(line.key, date) else (report.first, report.last)
    decided, begun = days("decided", first, last) | filters, days("begun", first, last) | filters
    return Row(
        label,
        [
            Cell(write_number(line.created), links.url(**begun)),
            Cell(write_number(line.won), links.url(status="won", **decided)),
            Cell(write_number(line.lost), links.url(status="lost", **decided)),
            Cell(percent(line.rate), links.url(status="won,lost", **decided)),
            links.worth(line.value, status="won", **decided),
        ],
    )


def draw_months(links: QuoteLinks, report: Report) -> list[MonthChart]:
    """Won and lost by month, a chart for each currency."""

    def link(status: str, month: date, currency: str) -> str:
        return links.url(status=status, **in_currency(currency), **days("decided", month, month))

    return draw_currencies(report.lines, link, USUAL)


def draw_funnel(links: QuoteLinks, report: Report) -> Chart:
    """How many of those that were begun were sent and won; whether they were seen no system tells."""
    begun, total = days("begun", report.first, report.last), report.total
    steps = [
        (_("Created"), total.created, {}),
        (_("Sent"), total.sent, {"status": "open,won,lost,closed"}),
        (_("Won"), total.created_won, {"status": "won"}),
    ]
    return draw([_step(name, count, total.created, links.url(**begun, **filters)) for name, count, filters in steps])


def _step(name: str, count: int, of: int, url: str) -> Slot:
    share = f" ({percent(100 * count / of)})" if of else ""
    words = f"{name}: {write_number(count)}"
    return Slot(words, [Bar(Decimal(count), words + share, url)])


def list_expectations(links: QuoteLinks, found: list[Expectation]) -> list[Expected]:
    """The forecast, line by line."""
    labels = dict(ImportedQuote.Status.choices)
    return [
        Expected(
            str(labels[one.kind]),
            Cell(write_number(one.count), links.url(status=one.kind)),
            links.worth(one.value, status=one.kind),
            one.chance,
            links.worth(Worth(one.expected.amounts), status=one.kind),
        )
        for one in found
    ]
