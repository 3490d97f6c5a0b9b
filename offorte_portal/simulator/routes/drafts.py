"""The bodies that write proposals: their fields, and the rows of their price tables."""

from typing import Any

from offorte_portal.simulator import validation
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.simulator.records import STATUSES, Record
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.validation import Errors, Reader

PRICE_ROW: dict[str, Reader] = {
    "type": validation.string,
    "content": validation.string,
    "count": validation.number,
    "price": validation.number,
    "vat_percentage": validation.number,
    "userinput_optional": validation.boolean,
    "userinput_optional_checked": validation.boolean,
    "userinput_count": validation.boolean,
}
DISCOUNT_ROW: dict[str, Reader] = {
    "type": validation.string,
    "content": validation.string,
    "discount": validation.number,
}
PLAIN_ROW: dict[str, Reader] = {"type": validation.string, "content": validation.string}
ROWS = {"price": PRICE_ROW, "discount": DISCOUNT_ROW, "subtotal": PLAIN_ROW, "title": PLAIN_ROW}
"""Every field of a row type is required, and no other is known."""


def shared_fields(account: Account) -> dict[str, Reader]:
    """The fields that creating and updating a proposal have in common."""
    return {
        "account_user_id": validation.id_in(account.users),
        "company_contacts": validation.array_of(validation.integer),
        "company_id": validation.id_in(account.companies),
        "design_template_id": validation.id_in(account.design_templates),
        "text_template_id": validation.id_in(account.text_templates),
        "name": validation.filled,
    }


def read_new(account: Account, body: Any) -> Record:
    """A create body as fields of a proposal; name and company are required."""
    fields = shared_fields(account) | {
        "automations_set_id": validation.id_in(account.automation_sets),
        "proposal_template_id": validation.id_in(account.proposal_templates),
        "content": lambda value: value,
    }
    draft = validation.read_fields(body, fields, required=["name", "company_id"])
    content = draft.pop("content", {})
    draft["contacts"] = _read_contacts(account, draft.pop("company_contacts", []), draft["company_id"])
    template = account.proposal_templates.get(draft.get("proposal_template_id", 0))
    draft["type"] = template["type"] if template else "magazine"
    draft["pricetables"] = _read_content(content, template["tables"] if template else ["pricetable1"])
    return draft


def read_changes(account: Account, body: Any, proposal: Record) -> Record:
    """An update body as fields of a proposal."""
    fields = shared_fields(account) | {
        "price_total": validation.number,
        "status": validation.one_of(*STATUSES),
    }
    changes = validation.read_fields(body, fields)
    company_id: int = changes.get("company_id") or proposal["company_id"]
    if "company_contacts" in changes:
        changes["contacts"] = _read_contacts(account, changes.pop("company_contacts"), company_id)
    elif company_id != proposal["company_id"]:
        changes["contacts"] = []
    return changes


def _read_contacts(account: Account, ids: list[int], company_id: int) -> list[int]:
    """Contacts belong to the proposal's company and have an e-mail address."""
    for id in ids:
        person = account.people.get(id)
        if person is None or person["company_id"] != company_id:
            message = f"{id} is not a contact of the company"
        elif not person["email"]:
            message = f"{id} has no e-mail address"
        else:
            continue
        raise RefusedError(400, "Your request is invalid.", {"company_contacts": [message]})
    return ids


def _read_content(content: Any, table_ids: list[str]) -> list[PriceTable]:
    """The template's price tables with the rows given for them."""
    tables = {id: PriceTable(id) for id in table_ids}
    errors: Errors = {}
    given = content.get("pricetables", []) if isinstance(content, dict) and content.keys() <= {"pricetables"} else None
    if not isinstance(given, list):
        raise RefusedError(400, "Your request is invalid.", {"content": ["must be an object with pricetables"]})
    for number, table in enumerate(given):
        at = f"content.pricetables.{number}"
        if not isinstance(table, dict) or table.keys() - {"id", "rows"} or not isinstance(table.get("rows"), list):
            errors[at] = ["must be an object with id and rows"]
        elif table.get("id") not in tables:
            errors[f"{at}.id"] = [f"is not a price table of the template, which has {', '.join(table_ids)}"]
        else:
            rows = [_read_row(row, f"{at}.rows.{index}", errors) for index, row in enumerate(table["rows"])]
            tables[table["id"]].rows += [row for row in rows if row]
    if errors:
        raise RefusedError(400, "Your request is invalid.", errors)
    return list(tables.values())


def _read_row(row: Any, at: str, errors: Errors) -> PriceRow | None:
    type = row.get("type") if isinstance(row, dict) else None
    if type not in ROWS:
        errors[f"{at}.type"] = [f"must be one of {', '.join(ROWS)}"]
        return None
    before = len(errors)
    fields = validation.collect(row, ROWS[type], errors, required=ROWS[type], at=f"{at}.")
    if len(errors) > before:
        return None
    if type == "price":
        return _price_row(fields)
    if type == "discount":
        # A bare number: the reference's only example of a discount reads as a percentage.
        value = fields["discount"]
        return PriceRow("discount", fields["content"], discount_type="percentage", discount_value=value)
    return PriceRow("subtotal" if type == "subtotal" else "title", fields["content"])


def _price_row(fields: Record) -> PriceRow:
    return PriceRow(
        "price",
        fields["content"],
        fields["count"],
        fields["price"],
        fields["vat_percentage"],
        is_optional=fields["userinput_optional"],
        is_chosen=fields["userinput_optional_checked"],
        has_user_quantity=fields["userinput_count"],
    )
