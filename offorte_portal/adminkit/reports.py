"""The parts of a report: cells that link to the rows behind their numbers, and charts by month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from offorte_portal.adminkit.charts import Bar, Chart, Slot, draw
from offorte_portal.adminkit.money import UNKNOWN, write_currency, write_short, write_whole
from offorte_portal.adminkit.words import short_number
from offorte_portal.text.months import months_back
from offorte_portal.text.worth import Worth

Filters = dict[str, str]
# Returns the URL of a bar's rows: those with this status, of this month, in this currency.
Link = Callable[[str, date, str], str]


@dataclass(frozen=True)
class Cell:
    """A number with the URL of its rows; without one where a list can't be filtered to them.

    `others` are amounts in other currencies, and the number of items without an amount, each with its own rows.
    """

    text: str
    url: str = ""
    others: tuple["Cell", ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of a report."""

    label: str
    cells: list[Cell]


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


class Month(Protocol):
    """The amounts won and lost in the month that begins on the day `key`."""

    key: Any
    value: Worth
    lost_value: Worth


def percent(rate: float | None) -> str:
    """Write a percentage with one decimal; a dash for None."""
    return UNKNOWN if rate is None else f"{number_format(round(rate, 1), 1, use_l10n=True)}\u00a0%"


def days(name: str, first: date, last: date) -> Filters:
    """Return the parameters of a date filter for the months from `first` to `last`, given by their first days."""
    end = months_back(last, -1) - timedelta(days=1)
    return {f"{name}_from": first.isoformat(), f"{name}_to": end.isoformat()}


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
    return Slot(date_format(line.key, "M"), bars, str(line.key.year))
