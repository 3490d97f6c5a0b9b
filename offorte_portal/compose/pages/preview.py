"""A draft as its recipients will read it, in their language: name, addressees, price tables and totals.

The portal draws it from what is in the form; nothing is saved or sent. Offorte's templates decide the real layout.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Company, Person
from offorte_portal import ports
from offorte_portal.adminkit.columns import unknown
from offorte_portal.adminkit.html import sanitise
from offorte_portal.adminkit.money import UNKNOWN, format_amount, write_amount
from offorte_portal.adminkit.pricing import Mark, ShownRow, ShownTable, Sum, format_number, format_percent, vat_label
from offorte_portal.compose.content import to_html
from offorte_portal.compose.document import Row, Table, load_tables, read_number
from offorte_portal.compose.models import Draft
from offorte_portal.compose.placeholders import fill, name_values
from offorte_portal.compose.totals import Totals, Vat
from proposals.languages import usual_language
from proposals.models import AccountUser


def render_preview(draft: Draft, currency: str) -> str:
    """Return the preview of an unsaved draft as HTML."""
    tables = [table for table in load_tables(draft.tables) if table.rows]
    language = usual_language(draft.connection_id, draft.company_remote_id)
    with translation.override(language):
        paper = render_to_string("compose/_paper.html", describe(draft, tables, currency))
    return render_to_string(
        "compose/_preview.html", {"paper": paper, "language": language, "missing": count_missing(tables)}
    )


def describe(draft: Draft, tables: list[Table], currency: str) -> dict[str, Any]:
    """Return what the recipients read, in the active language."""
    known = Company.objects.filter(connection=draft.connection_id, remote_id=draft.company_remote_id or 0)
    people = Person.objects.filter(connection=draft.connection_id, remote_id__in=draft.contacts)
    owner = AccountUser.objects.filter(connection=draft.connection_id, remote_id=draft.owner_remote_id or 0)
    totals = [table.totals() for table in tables]
    return {
        "name": fill(draft.name, name_values(draft)).strip(),
        "company": known.first(),
        "people": [str(person) for person in people.order_by("name_key")],
        "owner": owner.first(),
        "today": date_format(timezone.localdate(ports.now())),
        "tables": [show_table(table, each, currency) for table, each in zip(tables, totals, strict=True)],
        "total": write_total(tables, totals, currency) if len(totals) > 1 else "",
    }


def write_total(tables: list[Table], totals: list[Totals], currency: str) -> str:
    """Write the total of all tables."""
    total = sum((each.total for each in totals), Decimal(0))
    return write_amount(total, currency) if any(map(is_known, tables)) else UNKNOWN


def count_missing(tables: list[Table]) -> int:
    """Return how many rows lack an amount, so that they are in no total."""
    return sum(row.line() is None for table in tables for row in table.rows)


def show_table(table: Table, totals: Totals, currency: str) -> ShownTable:
    """Return a table of a draft, ready to be shown."""
    amounts = iter(totals.rows)
    lines = [show_row(row, next(amounts) if row.line() else None) for row in table.rows]
    notes = {Vat.WITHIN: _("prices incl. VAT"), Vat.ON_TOP: _("prices excl. VAT"), Vat.HIDDEN: ""}
    sums = tuple(_sums(totals, table.vat, currency, is_known=is_known(table)))
    return ShownTable(table.id, notes[table.vat], tuple(lines), sums, has_vat=table.vat != Vat.HIDDEN)


def show_row(row: Row, amount: Decimal | None) -> ShownRow:
    """Return a row of a draft; amounts that are missing or can't be read are a dash."""
    content = sanitise(row.html or to_html(row.text))
    shown = unknown() if amount is None else format_amount(amount)
    if row.type == "title":
        return ShownRow(row.type, content)
    if row.type == "subtotal":
        return ShownRow(row.type, content, shown)
    if row.type == "discount":
        percent = read_number(row.discount)
        marks = () if percent is None else (Mark("edit", format_percent(percent)),)
        return ShownRow(row.type, content, shown, marks=marks)
    count, price, vat = (read_number(text) for text in (row.count, row.price, row.vat))
    return ShownRow(
        row.type,
        content,
        shown,
        quantity=unknown() if count is None else format_number(count),
        price=unknown() if price is None else format_amount(price),
        vat=unknown() if vat is None else format_percent(vat),
        marks=tuple(_marks(row)),
        is_left_out=row.optional and not row.checked,
    )


def _marks(row: Row) -> Iterator[Mark]:
    if row.optional:
        yield Mark("good", _("optional, chosen")) if row.checked else Mark("edit", _("optional, not chosen"))
    if row.user_count:
        yield Mark("info", _("quantity by prospect"))


def is_known(table: Table) -> bool:
    """Return whether any price of the table is known: a total of unknown prices is unknown, and not zero."""
    prices = [row.line() for row in table.rows if row.type == "price"]
    return not prices or any(prices)


def _sums(totals: Totals, vat: Vat, currency: str, *, is_known: bool) -> Iterator[Sum]:
    total = write_amount(totals.total, currency) if is_known else UNKNOWN
    if vat == Vat.HIDDEN:
        yield Sum("total", _("Total"), total)
        return
    yield Sum("net", _("Total excl. VAT"), write_amount(totals.net, currency) if is_known else UNKNOWN)
    for rate, _base, amount in totals.vat:
        yield Sum("vat", vat_label("", rate), format_amount(amount))
    yield Sum("total", _("Total incl. VAT"), total)
