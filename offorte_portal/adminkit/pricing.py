"""Price tables as a proposal's page shows them: each row, of Offorte's four types, as a line of text.

Amounts and totals are Offorte's own, and those that it has not given are a dash. Only what a row's discount leaves is
calculated, where Offorte's amounts prove it (`discounts`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from offorte_portal.adminkit import discounts
from offorte_portal.adminkit.columns import unknown
from offorte_portal.adminkit.discounts import AMOUNT, PERCENTAGE
from offorte_portal.adminkit.html import sanitise
from offorte_portal.adminkit.money import format_amount, format_money
from proposals.models import PriceRow, PriceTable

# A longer table shows so many rows at first; the others are folded.
SHOWN = 8


@dataclass(frozen=True)
class Mark:
    """A short note on a row; `kind` names a pill's colour."""

    kind: str
    text: str


@dataclass(frozen=True)
class ShownRow:
    """A row, ready to be shown. `type` is Offorte's; columns that this type does not have are empty.

    Where a discount is understood, `listed` less `off` is `amount`; otherwise these two are empty.
    """

    type: str
    content: SafeString
    amount: str = ""
    listed: str = ""
    off: str = ""
    quantity: str = ""
    price: str = ""
    vat: str = ""
    sku: str = ""
    marks: tuple[Mark, ...] = ()
    is_left_out: bool = False


@dataclass(frozen=True)
class Sum:
    """A line at the foot of a table; `kind` is "net", "vat" or "total"."""

    kind: str
    label: str
    amount: str


@dataclass(frozen=True)
class ShownTable:
    """A price table, ready to be shown.

    `note` says whether its prices include VAT, empty when that is unknown; `sum_note` that its rows don't add up to
    Offorte's total.
    """

    key: str
    note: str
    lines: tuple[ShownRow, ...]
    sums: tuple[Sum, ...]
    has_vat: bool
    sum_note: str = ""

    @property
    def first_lines(self) -> tuple[ShownRow, ...]:
        return self.lines[:SHOWN]

    @property
    def folded_lines(self) -> tuple[ShownRow, ...]:
        return self.lines[SHOWN:]


def show_tables(tables: Iterable[PriceTable], display: str = "") -> list[ShownTable]:
    """Return the tables with their rows, which should be prefetched; `display` is an amount as Offorte wrote it."""
    return [_show_table(table, display) for table in tables]


class Totals(NamedTuple):
    """What several tables come to, without VAT and with it."""

    net: Decimal
    total: Decimal


def add_tables(tables: Iterable[PriceTable]) -> Totals | None:
    """Return the sums of all tables together; None where Offorte leaves one out or hides VAT, or without tables."""
    sums = Totals(Decimal(0), Decimal(0))
    shown = list(tables)
    for table in shown:
        if table.is_vat_hidden or table.subtotal is None or table.total is None:
            return None
        sums = Totals(sums.net + table.subtotal, sums.total + table.total)
    return sums if shown else None


def _show_table(table: PriceTable, display: str) -> ShownTable:
    fitting = discounts.find_untyped(table)
    return ShownTable(
        key=table.key,
        note=_note(table),
        lines=tuple(_line(row, fitting) for row in table.rows.all()),
        sums=tuple(_sums(table, display)),
        has_vat=not table.is_vat_hidden,
        sum_note=_sum_note(table, fitting, display),
    )


def _sum_note(table: PriceTable, fitting: list[str], display: str) -> str:
    """Say what the rows add up to, unless that is the table's own sum or unknown."""
    added, own = discounts.add_rows(table, *fitting[:1]), discounts.find_sum(table)
    if added is None or own is None or added == own or not table.rows.all():
        return ""
    values = {"sum": format_money(added, display)}
    if discounts.is_rounding(table, own - added):
        return _("The rows add up to %(sum)s. Offorte’s total differs because of rounding.") % values
    return _("The rows add up to %(sum)s. Offorte’s total differs: recurring rows may not count.") % values


def _note(table: PriceTable) -> str:
    if table.is_vat_hidden:
        return _("VAT not shown to the prospect")
    if table.rows_include_vat is None:
        return ""
    return _("prices incl. VAT") if table.rows_include_vat else _("prices excl. VAT")


def _line(row: PriceRow, fitting: list[str]) -> ShownRow:
    """Return a row; `fitting` are the ways in which discounts without a type can be read."""
    content = sanitise(row.content)
    match row.type:
        case PriceRow.Type.TITLE:
            return ShownRow(row.type, content)
        case PriceRow.Type.SUBTOTAL:
            return ShownRow(row.type, content, _amount(row.subtotal))
        case PriceRow.Type.DISCOUNT:
            # The amount is shown as negative, whatever its sign.
            taken, text = discounts.find_taken(row), _discount(row)
            marks = (Mark("edit", text),) if text and row.discount_type != AMOUNT else ()
            return ShownRow(row.type, content, unknown() if taken is None else format_amount(-abs(taken)), marks=marks)
    understood = discounts.read_row(row, *fitting[:1])
    return ShownRow(
        type=row.type or PriceRow.Type.PRICE,
        content=content,
        amount=_amount(understood.left if understood else row.subtotal),
        listed=format_amount(understood.listed) if understood else "",
        off=format_amount(-understood.off) if understood else "",
        quantity=format_number(row.count),
        price=_amount(row.price),
        vat=format_percent(row.vat_percentage),
        sku=row.sku,
        marks=tuple(_marks(row, fitting[0] if len(fitting) == 1 else "")),
        is_left_out=discounts.is_left_out(row),
    )


def _marks(row: PriceRow, untyped: str) -> Iterable[Mark]:
    if row.userinput_optional and row.userinput_optional_checked is None:
        yield Mark("info", _("optional"))
    elif row.userinput_optional:
        is_chosen = row.userinput_optional_checked
        yield Mark("good", _("optional, chosen")) if is_chosen else Mark("edit", _("optional, not chosen"))
    if row.userinput_count:
        yield Mark("info", _("quantity by prospect"))
    if text := _discount(row, untyped):
        yield Mark("warn", text)


def _discount(row: PriceRow, untyped: str = "") -> str:
    """Write a discount; "" when there is none. The reference does not say whether discounts are percentages."""
    kind = row.discount_type or untyped
    if not row.discount:
        return ""
    if kind == PERCENTAGE:
        return _("%(percent)s discount") % {"percent": format_percent(row.discount)}
    if kind == AMOUNT:
        return _("%(amount)s discount") % {"amount": format_amount(row.discount)}
    return _("discount %(number)s (percentage or amount unknown)") % {"number": format_number(row.discount)}


def _sums(table: PriceTable, display: str) -> Iterable[Sum]:
    if table.is_vat_hidden:
        total = table.subtotal if table.total is None else table.total
        yield Sum("total", _("Total"), format_money(total, display))
        return
    yield Sum("net", _("Total excl. VAT"), format_money(table.subtotal, display))
    for line in table.vat_lines:
        label = vat_label(line.get("group_name") or "", _decimal(line.get("percentage")))
        yield Sum("vat", label, _amount(_decimal(line.get("total"))))
    yield Sum("total", _("Total incl. VAT"), format_money(table.total, display))


def vat_label(name: str, percentage: Decimal | None) -> str:
    """Return the name that Offorte gives a VAT line, at any rate, with the rate where the name does not tell it."""
    percent = "" if percentage is None else format_percent(percentage)
    if not name.strip():
        return _("VAT %(percent)s") % {"percent": percent} if percent else _("VAT")
    # "Vat21" and "Btw 21%" have the rate; at 0% a name such as "Verlegd" or "Vrijgesteld" says why there is none.
    has_rate = not percentage or re.search(rf"(?<![\d.,]){re.escape(percent[:-1])}(?![\d.,]*\d)", name)
    return name if has_rate else _("%(name)s (VAT %(percent)s)") % {"name": name, "percent": percent}


def _decimal(text: str | None) -> Decimal | None:
    """Read a number of a VAT line, which the mirror stores as text."""
    return Decimal(text) if text else None


def _amount(amount: Decimal | None) -> str:
    return unknown() if amount is None else format_amount(amount)


def format_number(number: Decimal | None) -> str:
    """Write a number without an end of zeros; an unknown one is a dash."""
    return unknown() if number is None else number_format(number.normalize(), use_l10n=True, force_grouping=True)


def format_percent(number: Decimal | None) -> str:
    """Write a percentage; an unknown one is a dash."""
    return unknown() if number is None else f"{format_number(number)}%"
