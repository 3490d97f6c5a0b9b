"""The price tables of a draft: JSON in forms and in the database, rows in Python.

An amount is text: "12.5" if it could be read, "~abc" if what was typed could not, empty if it is unknown. A table's
`vat` says how its template shows VAT. Offorte decides that, so it changes only what the portal adds up.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from offorte_portal.compose.totals import PricedRow, Totals, Vat, add_up

Json = dict[str, Any]

MOST_TABLES, MOST_ROWS = 20, 500
TEXT_CHARACTERS, HTML_CHARACTERS, AMOUNT_CHARACTERS, ID_CHARACTERS, SOURCE_CHARACTERS = 10_000, 40_000, 60, 255, 120
TYPES = ("price", "discount", "subtotal", "title")
UNREAD = "~"
_AMOUNT = re.compile(r"-?\d{1,20}(?:\.\d{1,10})?", re.ASCII)


class BrokenDocumentError(Exception):
    """The browser sent something that is not a draft."""


class TooLongError(BrokenDocumentError):
    """The draft has more tables or rows than allowed."""


@dataclass(slots=True)
class Row:
    """A row of any type, which decides which fields are used. `html` is set as long as the text is unchanged.

    `price_from` names the proposal that a remembered price is from ("2026-00181"), as long as the price is unchanged.
    """

    type: str = "price"
    text: str = ""
    html: str = ""
    count: str = "1"
    price: str = ""
    vat: str = ""
    discount: str = ""
    optional: bool = False
    checked: bool = False
    user_count: bool = False
    price_from: str = ""

    def line(self) -> PricedRow | None:
        """Return the row as it is added up; None if an amount is missing or can't be read."""
        if self.type == "discount":
            off = read_number(self.discount)
            return None if off is None else PricedRow("discount", discount=off)
        if self.type != "price":
            return PricedRow(self.type)
        count, price, vat = (read_number(text) for text in (self.count, self.price, self.vat))
        if count is None or price is None or vat is None:
            return None
        return PricedRow("price", count, price, vat, counts=self.checked or not self.optional)


@dataclass(slots=True)
class Table:
    """Rows for the price table of the template with this unique id."""

    id: str = ""
    vat: Vat = Vat.ON_TOP
    rows: list[Row] = field(default_factory=list)

    def totals(self) -> Totals:
        """Return the totals of the rows that can be added up."""
        return add_up((line for row in self.rows if (line := row.line())), self.vat)


def read_number(text: str) -> Decimal | None:
    """Return an amount of a draft; None if the text is not one."""
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def read_tables(text: str) -> list[Table]:
    """Return the tables of a form. Raises BrokenDocumentError."""
    try:
        tables = load_tables(json.loads(text)["tables"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenDocumentError from error
    if len(tables) > MOST_TABLES or sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise TooLongError
    return tables


def load_tables(stored: Iterable[Json]) -> list[Table]:
    """Return the stored tables. Raises ValueError, TypeError or KeyError if they are none."""
    return [
        Table(
            _text(table["id"], ID_CHARACTERS), Vat(table.get("vat", Vat.ON_TOP)), [_row(row) for row in table["rows"]]
        )
        for table in stored
    ]


def dump_tables(tables: Iterable[Table]) -> list[Json]:
    """Return tables as JSON, each row with the fields of its type."""
    return [{"id": table.id, "vat": table.vat.value, "rows": [dump_row(row) for row in table.rows]} for table in tables]


_AMOUNTS = {"price": ("count", "price", "vat"), "discount": ("discount",)}
_FLAGS = ("optional", "checked", "user_count")


def dump_row(row: Row) -> Json:
    """Return a row as JSON, with the fields of its type."""
    kept: Json = {"type": row.type, "text": row.text}
    if row.html:
        kept["html"] = row.html
    if row.type == "price" and row.price_from:
        kept["price_from"] = row.price_from
    names = (*_AMOUNTS.get(row.type, ()), *(_FLAGS if row.type == "price" else ()))
    return kept | {name: getattr(row, name) for name in names}


def _row(stored: Json) -> Row:
    if stored["type"] not in TYPES:
        raise ValueError(stored["type"])
    row = Row(stored["type"], _text(stored.get("text", ""), TEXT_CHARACTERS))
    row.html = _text(stored.get("html", ""), HTML_CHARACTERS)
    for name in _AMOUNTS.get(row.type, ()):
        setattr(row, name, _text(stored.get(name, ""), AMOUNT_CHARACTERS))
    if row.type == "price":
        for name in _FLAGS:
            setattr(row, name, stored.get(name) is True)
        row.price_from = _text(stored.get("price_from", ""), SOURCE_CHARACTERS)
    return row


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("no text")
    # PostgreSQL keeps no NUL in its texts.
    return value.replace("\x00", "")
