"""Hello, users, automation sets, templates and VAT groups: lists that can only be read."""

from flask import Blueprint, Response

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.routes.answers import answer, check_query, current, page_of

settings = Blueprint("settings", __name__, url_prefix="/<account>")


def all_of(store: dict[int, Record], *leave_out: str) -> Response:
    """A page of a list whose items are shown as they are kept, less some keys."""
    return page_of(list(store.values()), lambda item: {key: item[key] for key in item if key not in leave_out})


@settings.get("/hello/")
def hello() -> Response:
    """Says that the token is good; the reference doesn't give the answer's shape."""
    check_query()
    return answer({"message": "hello", "account_name": current().name})


@settings.get("/automations/sets/")
def list_automation_sets() -> Response:
    """Automation sets: id and name."""
    return all_of(current().automation_sets)


@settings.get("/account/users/")
def list_users() -> Response:
    """Active users."""
    return all_of(current().users)


@settings.get("/favorites/proposals/")
def list_proposal_templates() -> Response:
    """Proposal templates."""
    return all_of(current().proposal_templates, "tables")


@settings.get("/settings/design-templates/")
def list_design_templates() -> Response:
    """Design templates: id and name."""
    return all_of(current().design_templates)


@settings.get("/settings/email-templates/")
def list_email_templates() -> Response:
    """E-mail templates: id and name."""
    return all_of(current().email_templates)


@settings.get("/settings/text-templates/")
def list_text_templates() -> Response:
    """Text templates: id and name."""
    return all_of(current().text_templates)


@settings.get("/settings/vat-groups/")
def list_vat_groups() -> Response:
    """VAT groups with percentage and label."""
    return all_of(current().vat_groups)
