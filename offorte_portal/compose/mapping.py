"""From a draft to Offorte's request (reference, "Create proposal"), and from Offorte's errors back to the draft."""

import re
from collections.abc import Iterable
from typing import Any

from offorte_portal.compose.content import to_html
from offorte_portal.compose.document import Row, Table, load_tables
from offorte_portal.compose.models import Draft
from offorte_portal.compose.placeholders import fill, name_values
from offorte_portal.compose.validation import CHOSEN, Fault
from offorte_portal.runs.reasons import RunReason

Json = dict[str, Any]

_PLACE = re.compile(
    r"content\.pricetables\.(\d+)(?:\.(?:id|rows|rows\.(\d+)(?:\.(?:price\.|discount\.|subtotal\.|title\.)?(\w+))?))?"
)
# The names that rows of a draft have for the reference's fields.
_FIELDS = {
    "content": "text",
    "vat_percentage": "vat",
    "userinput_optional": "optional",
    "userinput_optional_checked": "checked",
    "userinput_count": "user_count",
}
WHOLE = ""


def to_request(draft: Draft) -> Json:
    """Return a valid draft as the body of a request; choices that nobody made are left to Offorte."""
    asked: Json = {"name": fill(draft.name, name_values(draft)).strip(), "company_id": draft.company_remote_id}
    if draft.contacts:
        asked["company_contacts"] = list(draft.contacts)
    asked |= {parameter: value for parameter, column, _ in CHOSEN if (value := getattr(draft, column)) is not None}
    if tables := filled_tables(draft):
        asked["content"] = to_content(table for _, table in tables)
    return asked


def to_content(tables: Iterable[Table]) -> Json:
    """Return tables that have rows as the reference's `content`."""
    return {"pricetables": [{"id": table.id.strip(), "rows": [to_row(row) for row in table.rows]} for table in tables]}


def filled_tables(draft: Draft) -> list[tuple[int, Table]]:
    """Return the tables that have rows, with their positions in the draft."""
    return [(place, table) for place, table in enumerate(load_tables(draft.tables)) if table.rows]


def to_row(row: Row) -> Json:
    """Return a row with exactly the fields that the reference requires for its type; amounts stay text until sent."""
    fields: Json = {"type": row.type, "content": row.html or to_html(row.text)}
    if row.type == "discount":
        return fields | {"discount": row.discount}
    if row.type != "price":
        return fields
    return fields | {
        "count": row.count,
        "price": row.price,
        "vat_percentage": row.vat,
        "userinput_optional": row.optional,
        "userinput_optional_checked": row.optional and row.checked,
        "userinput_count": row.user_count,
    }


def to_faults(draft: Draft, field_errors: dict[str, list[str]]) -> list[Fault]:
    """Return Offorte's errors at the places in the draft that they are about; others are about the whole."""
    places = [place for place, _ in filled_tables(draft)]
    faults = []
    for name, texts in field_errors.items():
        place = _place(name, places)
        faults += [Fault(place, RunReason.SAID(text=text if place else f"{name}: {text}")) for text in texts]
    return faults


def _place(name: str, places: list[int]) -> str:
    found = _PLACE.fullmatch(name)
    if found is None:
        known = {"name", "company_id", "company_contacts", *(parameter for parameter, _, _ in CHOSEN)}
        parameter = name.split(".", maxsplit=1)[0]
        return parameter if parameter in known else WHOLE
    number = int(found[1])
    if number >= len(places):
        return WHOLE
    table = str(places[number])
    if found[2] is None:
        return f"{table}.id"
    name = found[3] or "content"
    return f"{table}.{found[2]}.{_FIELDS.get(name, name)}"
