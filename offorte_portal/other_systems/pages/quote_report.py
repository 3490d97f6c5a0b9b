"""The report on quotes of other systems with labels and links: every number leads to its quotes in the list."""

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
    compare_worth,
    count_cell,
    days,
    draw_currencies,
    percent,
    rate_cell,
)
from offorte_portal.adminkit.words import number as write_number
from offorte_portal.desk.reports.expectations import Expectation
from offorte_portal.desk.reports.results import Report, ReportRow
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.pages.quote_filters import NOBODY
from offorte_portal.text.worth import Worth

QUOTES = "admin:other_systems_importedquote_changelist"
# The currency of the empty chart that is drawn where there are no amounts.
USUAL = "EUR"


@dataclass(frozen=True)
class QuoteLinks:
    """Addresses of the list of quotes, for a person's own quotes or the team's."""

    is_mine: bool

    def url(self, **filters: str) -> str:
        """Return the address of the list with these filters."""
        mine = {"mine": "yes"} if self.is_mine else {}
        return f"{reverse(QUOTES)}?{urlencode(filters | mine)}"

    def worth(self, worth: Worth, **filters: str) -> Cell:
        """Return the amount in each currency and the number of quotes without a total, each with its link."""
        parts = [
            Cell(text, self.url(**filters, **(in_currency(currency) if worth.amounts else {})))
            for currency, text in list_amounts(worth, is_whole=True, none=UNKNOWN)
        ]
        if worth.unknown:
            parts.append(Cell(write_unknown(worth.unknown), self.url(**filters, valued="no")))
        return Cell(parts[0].text, parts[0].url, tuple(parts[1:]), amounts=worth.amounts)


def in_currency(currency: str) -> Filters:
    """Return the filters for the quotes that a sum in this currency consists of."""
    return {"currency": currency or NOBODY, "valued": "yes"}


def headings() -> list[str]:
    """Return the headings of a row's cells."""
    return [_("Created"), _("Won"), _("Lost"), _("Win rate"), _("Value won")]


def list_rows(links: QuoteLinks, report: Report, by: str) -> list[Row]:
    """Return the lines of a report with names and links."""
    names: dict[Any, str] = dict(Source.objects.values_list("pk", "label")) if by == "system" else {}
    rows = []
    for line in report.lines:
        if by == "month":
            label, filters = date_format(line.key, "F Y"), {}
        else:
            label = names.get(line.key) or (str(line.key) if line.key else _("Unknown"))
            filters = {"source": str(line.key)} if by == "system" else {"seller": str(line.key) or NOBODY}
        rows.append(_row(links, line, label, filters, report))
    return rows


def total_row(links: QuoteLinks, report: Report) -> Row:
    """Return the row with the report's totals."""
    return _row(links, report.total, _("Total"), {}, report)


def _row(links: QuoteLinks, line: ReportRow, label: str, filters: Filters, report: Report) -> Row:
    first, last = (line.key, line.key) if isinstance(line.key, date) else (report.period.first, report.period.last)
    decided, begun = days("decided", first, last) | filters, days("begun", first, last) | filters
    before = line.before
    return Row(
        label,
        [
            count_cell(line.created, links.url(**begun), before.created if before else None),
            count_cell(line.won, links.url(status="won", **decided), before.won if before else None),
            count_cell(line.lost, links.url(status="lost", **decided), before.lost if before else None),
            rate_cell(line.rate, links.url(status="won,lost", **decided), before),
            compare_worth(
                links.worth(line.value, status="won", **decided), line.value, before.value if before else None
            ),
        ],
    )


def draw_months(links: QuoteLinks, report: Report) -> list[MonthChart]:
    """Return a chart of won and lost by month for each currency."""

    def link(status: str, month: date, currency: str) -> str:
        return links.url(status=status, **in_currency(currency), **days("decided", month, month))

    return draw_currencies(report.lines, link, USUAL)


def draw_funnel(links: QuoteLinks, report: Report) -> Chart:
    """Return the funnel of the quotes that were begun, sent and won; no system says whether a quote was viewed."""
    begun, total = days("begun", report.period.first, report.period.last), report.total
    steps = [
        (_("Created"), total.created, {}),
        (_("Sent"), total.sent, {"status": "open,won,lost,closed"}),
        (_("Won"), total.created_won, {"status": "won"}),
    ]
    slots = []
    for name, count, filters in steps:
        number = write_number(count)
        share = percent(100 * count / total.created) if total.created else ""
        text = f"{number} ({share})" if share else number
        url = links.url(**begun, **filters)
        slots.append(Slot(name, [Bar(Decimal(count), f"{name}: {text}", url, text=text, label=number)]))
    return draw(slots, series=[_("Quotes")])


def list_expectations(links: QuoteLinks, found: list[Expectation]) -> list[Expected]:
    """Return the lines of the forecast."""
    labels = dict(ImportedQuote.Status.choices)
    return [
        Expected(
            str(labels[line.kind]),
            count_cell(line.count, links.url(status=line.kind)),
            links.worth(line.value, status=line.kind),
            line.chance,
            links.worth(Worth(line.expected.amounts), status=line.kind),
        )
        for line in found
    ]
