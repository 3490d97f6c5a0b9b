"""Checks whether an object at Offorte is what a create asked for, and not what a colleague made under the same name.

1. Every requested value has to be there, as requested. What a list leaves out, such as the price of a product, leaves
   it open.
2. A company or a person that holds more than was requested, an address or people of its own, was made by somebody else.
3. A proposal has to have been created around the request, and to hold the requested price rows and no others
   (reference: Proposals, Create proposal and Get proposal details).
"""

from collections import Counter
from datetime import datetime
from typing import Any

from offorte_portal.api.payloads import PriceRowPayload, ProposalPayload
from offorte_portal.mirror.children import find
from offorte_portal.mirror.history import Code, read_history
from offorte_portal.writes import keeping
from offorte_portal.writes.conflicts import is_same
from offorte_portal.writes.evidence import log_entries
from offorte_portal.writes.findings import LATEST, TOLERANCE, may_come_from
from offorte_portal.writes.mail_fit import is_same_message
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import target_of

Json = dict[str, Any]

# Fields that Offorte may fill in by itself.
FILLED_IN = frozenset({"remote_id", "company_remote_id", "firstname", "lastname", "fullname", "salutation", "country"})
# Missing from a proposal's details in the reference, although Offorte sends them today.
UNTOLD = frozenset({"account_user_id", "design_template_id", "text_template_id"})


def is_exact(operation: Operation, facts: Json) -> bool:
    """Return whether the facts hold everything that was asked for, and nothing more."""
    target = target_of(operation)
    read = target.resource.payload.read
    held, asked = read(facts).values, read(keeping.written(operation, {})).values
    names = {target.columns.get(name, name): name for name in operation.draft if name not in target.unmirrored}
    for column, name in names.items():
        is_untold = column not in held and (name in UNTOLD or not asked.get(column))
        # A parameter that the mirror has no column for can't be compared.
        if column in asked and not is_untold and not is_same(held.get(column), asked[column]):
            return False
    if operation.target == "proposals":
        return is_created_around(operation, facts) and holds_rows(operation, facts)
    if operation.target in {"companies", "people"}:
        more = {name for name, value in held.items() if value not in (None, "")} - names.keys() - FILLED_IN
        return not more and not facts.get("people")
    return True


def is_created_around(operation: Operation, facts: Json) -> bool:
    """Return whether a proposal was created around the request, by its date or its history."""
    created_at: datetime | None = ProposalPayload.read(facts).values.get("remote_created_at")
    if created_at is None:
        history = read_history(log_entries(find(facts, ("logs", "history")) or []))
        created_at = next((entry.at for entry in history if entry.code == Code.CREATED), None)
    return created_at is not None and may_come_from(operation, created_at, TOLERANCE, LATEST)


def holds_rows(operation: Operation, facts: Json) -> bool:
    """Return whether a proposal holds the requested price rows, and others only if a template may have added them."""
    tables = find(facts, ("content", "pricetables"))
    if tables is None:
        return False
    content = operation.draft.get("content") or {}
    asked = [row for table in content.get("pricetables", []) for row in table["rows"]]
    held_rows = [row for table in keeping.listed(tables) for row in keeping.listed(table.get("rows"))]
    requested, held = Counter(map(_amounts, asked)), Counter(map(_amounts, held_rows))
    if requested - held or (held - requested and not operation.draft.get("proposal_template_id")):
        return False
    texts = [str(row.get("content") or "") for row in held_rows]
    return all(any(is_same_message(str(row["content"]), text) for text in texts) for row in asked if row["content"])


def _amounts(row: Json) -> tuple[object, ...]:
    values = PriceRowPayload.read(row).values
    if values.get("type") != "price":
        return (values.get("type"),)
    return ("price", values.get("count"), values.get("price"))
