"""Forecasts as tables and charts: a month by seller, and the months that are over beside what came."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from offorte_portal.adminkit.charts import Bar, Slot, draw
from offorte_portal.adminkit.money import UNKNOWN, list_amounts, write_currency, write_short, write_whole
from offorte_portal.adminkit.reports import Cell, MonthChart, Row, Table, days, percent
from offorte_portal.adminkit.words import short_number
from offorte_portal.desk.pages.attention import PROPOSALS
from offorte_portal.desk.reports.forecasts import Book, Line, State
from offorte_portal.text.months import write_month
from offorte_portal.text.worth import Worth

PILLS = {State.SUBMITTED: "good", State.LATE: "warn", State.DUE: "info", State.MISSING: "bad"}
Amount = Callable[[Line], Decimal | None]
# The amounts of a line, in the order of `headings`.
AMOUNTS: tuple[Amount, ...] = (
    lambda line: line.computed,
    lambda line: line.forecast.committed if line.forecast else None,
    lambda line: line.forecast.best_case if line.forecast else None,
    lambda line: line.counted,
    lambda line: line.came,
    lambda line: line.difference,
)


def headings() -> list[str]:
    """Return the headings of the columns with amounts."""
    return [_("By the chances"), _("Committed"), _("Best case"), _("Adjusted"), _("Won"), _("Difference")]


def line_url(line: Line) -> str:
    """Return the address of the page of one seller's forecast for a month."""
    query = urlencode({"month": write_month(line.month), "currency": line.currency})
    return f"{reverse('forecast_line', args=[line.seller])}?{query}"


def tabulate_month(book: Book, month: date) -> Table:
    """Return the forecasts of everyone for a month, with a total."""
    lines = book.lines(month)
    rows = [_row(book, line) for line in lines]
    total = Row(_("Total"), [Cell(""), *_sum(lines), Cell("")])
    title = capfirst(date_format(month, "F Y"))
    columns = [_("Team"), *headings(), _("Status")]
    return Table(f"forecast-{write_month(month)}", title, _("Seller"), columns, rows, total)


def _row(book: Book, line: Line) -> Row:
    if not line.seller and not line.forecast:
        label, state = _("Others, without a forecast"), Cell("")
    else:
        label, code = line.name, line.state(book.today)
        state = Cell(str(code.label), pill=PILLS[code])
    return Row(label, [Cell(line.team), *amount_cells(book, line), state], line_url(line) if line.seller else "")


def amount_cells(book: Book, line: Line) -> list[Cell]:
    """Return the amounts of a line; what is open and what was won lead to their proposals."""
    links = _links(book, line)
    cells = []
    for amount, url in zip(AMOUNTS, links, strict=True):
        value = amount(line)
        if value is None:
            cells.append(Cell(UNKNOWN))
        else:
            cells.append(Cell(write_whole(value, line.currency), url, amounts={line.currency: value}))
    if line.is_adjusted and line.adjustment:
        name = str(line.adjustment.by.get_full_name() or line.adjustment.by) if line.adjustment.by else ""
        adjusted = cells[3]
        by = _("by %(name)s") % {"name": name or line.adjustment.by_name}
        cells[3] = Cell(adjusted.text, adjusted.url, amounts=adjusted.amounts, change=by)
    return cells


def _links(book: Book, line: Line) -> list[str]:
    """Return the address of the rows of each amount; "" where there are none, or the seller has no address."""
    address = book.sellers.addresses.get(line.seller, "")
    if not address:
        return [""] * len(AMOUNTS)
    listed = reverse(PROPOSALS)
    won = {"seller": address, "status": "won", **days("decided", line.month, line.month)}
    opened = {"seller": address, "status": "edit,open"} if line.expected is not None else {}
    return [f"{listed}?{urlencode(opened)}" if opened else "", "", "", "", f"{listed}?{urlencode(won)}", ""]


def _sum(lines: Iterable[Line]) -> list[Cell]:
    """Return the sums of each column, currency by currency; an unknown amount adds nothing."""
    found, cells = list(lines), []
    for amount in AMOUNTS:
        worth, known = Worth(), False
        for line in found:
            value = amount(line)
            known = known or value is not None
            worth.amounts[line.currency] = worth.amounts.get(line.currency, Decimal()) + (value or Decimal())
        texts = [Cell(text) for _currency, text in list_amounts(worth, is_whole=True)] if known else [Cell(UNKNOWN)]
        cells.append(Cell(texts[0].text, "", tuple(texts[1:]), amounts=worth.amounts if known else None))
    return cells


def tabulate_past(book: Book, months: Iterable[date]) -> tuple[Table, list[MonthChart]]:
    """Return what was forecast for each month beside what came, as a table and as a chart for each currency."""
    rows, slots = [], dict[str, list[Slot]]()
    for month in months:
        by_currency: dict[str, list[Line]] = {}
        for line in book.lines(month):
            by_currency.setdefault(line.currency, []).append(line)
        for currency, lines in sorted(by_currency.items()):
            counted = _add(line.counted for line in lines)
            came = _add(line.came for line in lines)
            rows.append(_past_row(month, currency, _add(_committed(line) for line in lines), counted, came))
            slots.setdefault(currency, []).append(_past_slot(month, currency, counted, came))
    columns = [_("Committed"), _("Adjusted"), _("Won"), _("Difference"), _("Won of what was forecast")]
    series = [_("Forecast"), _("Won")]
    charts = [
        MonthChart(
            write_currency(currency) if len(slots) > 1 else "",
            draw(found, write=partial(write_short, currency=currency), series=series),
        )
        for currency, found in slots.items()
    ]
    return Table("forecast-and-won", _("Forecast and what came"), _("Month"), columns, rows), charts


def _committed(line: Line) -> Decimal | None:
    return line.forecast.committed if line.forecast else None


def _add(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of the amounts that are known; None if none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal()) if known else None


def _past_row(
    month: date, currency: str, committed: Decimal | None, counted: Decimal | None, came: Decimal | None
) -> Row:
    difference = None if counted is None or came is None else came - counted
    amounts = [
        Cell(UNKNOWN) if amount is None else Cell(write_whole(amount, currency), amounts={currency: amount})
        for amount in (committed, counted, came, difference)
    ]
    rate = float(100 * came / counted) if counted and came is not None else None
    return Row(
        date_format(month, "F Y"),
        [*amounts, Cell(percent(rate), value=None if rate is None else round(rate, 1), unit="%")],
        f"{reverse('report_forecast')}?month={write_month(month)}",
    )


def _past_slot(month: date, currency: str, counted: Decimal | None, came: Decimal | None) -> Slot:
    name, bars = date_format(month, "F Y"), []
    sides = (
        (counted, _("%(month)s: %(value)s forecast"), "quiet"),
        (came, _("%(month)s: %(value)s won"), "won"),
    )
    for amount, words, tint in sides:
        text = UNKNOWN if amount is None else write_whole(amount, currency)
        value = amount or Decimal()
        bars.append(Bar(value, words % {"month": name, "value": text}, "", tint, text, short_number(value)))
    return Slot(date_format(month, "SHORT_MONTH_FORMAT"), bars, str(month.year))
