"""The price tables of a proposal, from the rows of a file."""

from decimal import Decimal
from typing import Any

from offorte_portal.compose.document import MOST_ROWS, Row, Table, load_tables
from offorte_portal.compose.many.entries import OF_ROWS, Entry, FileRow
from offorte_portal.compose.many.terms import Terms
from offorte_portal.compose.reasons import ManyReason
from offorte_portal.compose.sources import write_number
from offorte_portal.compose.validation import DECIMALS, find_table_faults

HUNDRED = Decimal(100)


def price(entry: Entry, terms: Terms) -> None:
    """Set the entry's tables; a missing or invalid value is a problem of its row."""
    lines: dict[str, list[FileRow]] = {}
    for line in entry.lines:
        if any(name in line.values for name in OF_ROWS):
            lines.setdefault(str(line.values.get("table") or terms.table), []).append(line)
    tables = [Table(key, rows=[_row(line, terms) for line in of_table]) for key, of_table in lines.items()]
    for fault in find_table_faults(tables):
        table, _dot, place = fault.place.partition(".")
        of_table = list(lines.values())[int(table)]
        number = place.partition(".")[0]
        line = of_table[int(number)] if number.isdecimal() else of_table[0]
        line.problems.append(fault.reason)
    # The rows of a table that the recipe has, too, are added to it.
    entry.tables = load_tables(terms.recipe.tables)
    places = {table.id: table for table in entry.tables}
    for added in tables:
        if added.id in places:
            places[added.id].rows += added.rows
        else:
            entry.tables.append(added)
    if sum(len(table.rows) for table in entry.tables) > MOST_ROWS:
        entry.fail(ManyReason.TOO_MANY_ROWS(most=MOST_ROWS))


def _row(line: FileRow, terms: Terms) -> Row:
    values = line.values
    if "discount" in values and "price" not in values and "quantity" not in values:
        return Row("discount", str(values.get("content", "")), discount=values["discount"])
    return Row(
        "price",
        text=str(values.get("content", "")),
        count=values.get("quantity", "1"),
        price=_reduced(line),
        vat=values.get("vat", terms.vat),
    )


def _reduced(line: FileRow) -> Any:
    """Return the price less its discount, as Offorte accepts no discount on a single row."""
    price, discount = line.values.get("price", ""), line.values.get("discount")
    if not price or discount is None:
        return price
    off = Decimal(discount)
    if not 0 <= off <= HUNDRED:
        line.problems.append(ManyReason.DISCOUNT_RANGE())
        return price
    reduced = round(Decimal(price) * (HUNDRED - off) / HUNDRED, DECIMALS)
    line.hints.append(ManyReason.DISCOUNT_TAKEN(price=write_number(reduced)))
    return write_number(reduced)
