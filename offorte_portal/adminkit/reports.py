"""The parts of a report: cells that link to the rows behind their numbers, and charts by month."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from offorte_portal.adminkit.charts import Bar, Chart, Slot, draw
from offorte_portal.adminkit.money import APART, UNKNOWN, write_currency, write_short, write_whole, write_worth
from offorte_portal.adminkit.words import number, short_number
from offorte_portal.text.months import Period
from offorte_portal.text.worth import Worth

Filters = dict[str, str]
# Returns the URL of a bar's rows: those with this status, of this month, in this currency.
Link = Callable[[str, date, str], str]


@dataclass(frozen=True)
class Cell:
    """A number with the URL of its rows; without one where a list can't be filtered to them.

    `others` are amounts in other currencies, and the number of items without an amount, each with its own rows. Files
    get `value`, or `amounts` by currency, instead of the text. `change` compares with the text of `before`. `tint` is a
    class of the cell, `pill` the kind of pill that the text is in, `bar` a percentage that is drawn too,
    `unit` what files call the unit of `value`.
    """

    text: str
    url: str = ""
    others: tuple["Cell", ...] = ()
    value: int | float | Decimal | None = None
    amounts: Mapping[str, Decimal] | None = None
    change: str = ""
    before: str = ""
    tint: str = ""
    pill: str = ""
    bar: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a report; `note` stands below its label on the page."""

    label: str
    cells: list[Cell]
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of a report: on the page, on paper and in a file, which is called `name`."""

    name: str
    title: str
    dimension: str
    headings: Sequence[str]
    rows: Sequence[Row]
    total: Row | None = None


@dataclass(frozen=True)
class MonthChart:
    """Won and lost amounts by month in one currency, which is named where there are several."""

    currency: str
    chart: Chart


@dataclass(frozen=True)
class Expected:
    """A line of the forecast."""

    label: str
    count: Cell
    value: Cell
    chance: int
    expected: Cell


class HasRate(Protocol):
    """Figures with a percentage; None where it is not known."""

    @property
    def rate(self) -> float | None: ...


class Month(Protocol):
    """The amounts won and lost in the month that begins on the day `key`."""

    key: Any
    value: Worth
    lost_value: Worth


def percent(rate: float | None) -> str:
    """Write a percentage with one decimal; a dash for None."""
    return UNKNOWN if rate is None else f"{number_format(round(rate, 1), 1, use_l10n=True)}\u00a0%"


def count_cell(count: int, url: str, before: int | None = None) -> Cell:
    """Return a number of items, compared with that of another period; None for no comparison."""
    if before is None:
        return Cell(number(count), url, value=count)
    return Cell(number(count), url, value=count, change=write_change(count, before), before=number(before))


def rate_cell(rate: float | None, url: str, before: "HasRate | None" = None) -> Cell:
    """Return a percentage, compared in percentage points."""
    value = None if rate is None else round(rate, 1)
    if before is None:
        return Cell(percent(rate), url, value=value, unit="%")
    change = "" if rate is None or before.rate is None else _write_points(rate - before.rate)
    return Cell(percent(rate), url, value=value, change=change, before=percent(before.rate), unit="%")


def worth_cell(worth: Worth, url: str, before: Worth | None = None) -> Cell:
    """Return the amounts of all currencies in a row."""
    return compare_worth(Cell(write_worth(worth, is_whole=True), url), worth, before)


def compare_worth(cell: Cell, worth: Worth, before: Worth | None) -> Cell:
    """Return the cell with its amounts and with their change, currency by currency."""
    if before is None:
        return replace(cell, amounts=worth.amounts)
    known = sorted({*worth.amounts, *before.amounts})
    changes = {name: write_change(worth.amounts.get(name, 0), before.amounts.get(name, 0)) for name in known}
    named = [f"{write_currency(name)} {text}" if len(known) > 1 else text for name, text in changes.items() if text]
    return replace(cell, amounts=worth.amounts, change=APART.join(named), before=write_worth(before, is_whole=True))


def write_change(now: Decimal | int, before: Decimal | int) -> str:
    """Write a change in per cent; "" where there was nothing before."""
    if not before:
        return ""
    change = round(100 * (now - before) / before)
    return f"{_sign(change)}{number(abs(int(change)))}\u00a0%"


def _write_points(change: float) -> str:
    written = number_format(abs(round(change, 1)), 1, use_l10n=True)
    return _("%(change)s points") % {"change": f"{_sign(round(change, 1))}{written}"}


def _sign(change: float | Decimal) -> str:
    return "−" if change < 0 else "+" if change > 0 else "±"


def write_period(period: Period) -> str:
    """Write a period in months: "November 2026", "Jul – Sep 2026", "Jul 2025 – Jun 2026"."""
    if period.count == 1:
        return str(date_format(period.first, "F Y"))
    is_one_year = period.first.year == period.last.year
    first = date_format(period.first, "SHORT_MONTH_FORMAT" if is_one_year else "SHORT_YEAR_MONTH_FORMAT")
    return f"{first} – {date_format(period.last, 'SHORT_YEAR_MONTH_FORMAT')}"


def days(name: str, first: date, last: date) -> Filters:
    """Return the parameters of a date filter for the months from `first` to `last`, given by their first days."""
    return {f"{name}_from": first.isoformat(), f"{name}_to": Period(first, last).last_day.isoformat()}


def draw_currencies(lines: Sequence[Month], link: Link, usual: str) -> list[MonthChart]:
    """Return a chart per currency, or an empty one for the usual currency; `link` returns the URL of a bar's rows."""
    found = sorted({name for line in lines for name in (*line.value.amounts, *line.lost_value.amounts)})
    charts = []
    for currency in found or [usual]:
        slots = [_draw_month(line, link, currency) for line in lines]
        chart = draw(slots, write=partial(write_short, currency=currency), series=[_("Won"), _("Lost")])
        charts.append(MonthChart(write_currency(currency) if len(found) > 1 else "", chart))
    return charts


def _draw_month(line: Month, link: Link, currency: str) -> Slot:
    month = date_format(line.key, "F Y")
    sides = (
        ("won", line.value, _("%(month)s: %(value)s won")),
        ("lost", line.lost_value, _("%(month)s: %(value)s lost")),
    )
    bars = []
    for status, worth, words in sides:
        amount = worth.amounts.get(currency, Decimal())
        text = write_whole(amount, currency)
        said = words % {"month": month, "value": text}
        bars.append(Bar(amount, said, link(status, line.key, currency), status, text, short_number(amount)))
    return Slot(date_format(line.key, "SHORT_MONTH_FORMAT"), bars, str(line.key.year))
