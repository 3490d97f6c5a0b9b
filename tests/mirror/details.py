"""Details as the reference prints them, and bringing them into the mirror."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.items import Applied
from proposals.mirror import DETAILS, PROPOSALS
from tests.support import warnings

PRINTED = "15 jun 2018 (06:49)"
COMMENT = {"id": 11, "date": PRINTED, "comment": "Why?", "type": "client", "firstname": "Anna", "lastname": "Bos"}
COMMENT |= {"email": "anna@example.com", "company_name": "Bakker"}
VIEWED = {"date": PRINTED, "person": "Anna Bos", "action": "viewed", "type": "client"}
MAIL = {
    "id": 4,
    "date_sended": PRINTED,
    "proposal_version_nr": 2,
    "message": "Hi",
    "sended_by": "Piet",
    "receivers": [{"fullname": "Anna Bos", "email": "anna@example.com"}],
}
ANNA = {"id": 3, "fullname": "Anna Bos", "email": "anna@example.com", "pass": "https://x.example/y"}
PRICE = {
    "type": "price",
    "content": "A",
    "count": 3,
    "price": 100,
    "subtotal": 300,
    "vat_percentage": 21,
    "userinput_optional": True,
    "userinput_optional_checked": True,
    "userinput_count": False,
}
TABLE = {
    "id": "one",
    "subtotal": 295,
    "total": 356.95,
    "settings": {"vat_default_percentage": 21, "vat_hidden": False, "rows_include_vat": False},
    "vat": [{"percentage": 21, "total": 61.95, "group_name": "Hoog"}],
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITEM = {"id": 1, "name": "Offer", "status": "open"}


def answer(**changes: Any) -> dict[str, Any]:
    """Details as the reference prints them."""
    rows = [PRICE, {"type": "discount", "content": "-", "discount": 5}]
    whole = {
        **ITEM,
        "type": "magazine",
        "remarks": None,
        "price_total": None,
        "date_modified": PRINTED,
        "company": {"name": "Bakker"},
        "comments": [COMMENT],
        "logs": {"summary": {"views": 2, "pdf": 0}, "history": [VIEWED]},
        "pages_total": 9,
        "emails": [MAIL],
        "receivers": [ANNA],
        "content": {"pricetables": [{**TABLE, "rows": rows}, {**TABLE, "id": "two", "rows": [*rows, *rows]}]},
    }
    return deepcopy(whole | changes)


def apply(account: int, raw: dict[str, Any], *, minutes: int = 0, remote_id: int = 1) -> list[str]:
    at = NOW + timedelta(minutes=minutes)
    applied = apply_object(account, PROPOSALS, remote_id, {**raw, "id": remote_id}, as_of=at, details_for="f")
    return told(applied)


def told(applied: Applied) -> list[str]:
    """The warnings as rows keep them."""
    return warnings.read(warning.reason for warning in applied.warnings)


def element_of(raw: dict[str, Any], key: str) -> dict[str, Any]:
    """The first object in the details for which the dotted key is documented."""
    found: list[Any] = [raw]
    for name in key.split(".")[:-1]:
        found = [node[name] for node in found]
        found = [one for node in found for one in (node if isinstance(node, list) else [node])]
    return next(node for node in found if DETAILS[key].concerns(node))
