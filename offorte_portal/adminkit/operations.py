"""Operations as text, for the pages of all rooms: their titles, states, fields and values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Trim
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from offorte_portal.adminkit.money import format_money
from offorte_portal.mirror.models import Mirrored
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, Proposal

PILLS = {
    Operation.State.WAITING: "warn",
    Operation.State.SENDING: "info",
    Operation.State.DONE: "good",
    Operation.State.REJECTED: "bad",
    Operation.State.FAILED: "bad",
    Operation.State.UNKNOWN: "bad",
    Operation.State.SKIPPED: "edit",
    Operation.State.CANCELLED: "edit",
    Operation.State.UNDONE: "edit",
}
# Labels of Offorte's parameters whose names differ from our columns.
LABELS = {
    "account_user_id": gettext_lazy("Owner"),
    "company_contacts": gettext_lazy("Recipients"),
    "company_id": gettext_lazy("Company"),
    "design_template_id": gettext_lazy("Design template"),
    "text_template_id": gettext_lazy("Text template"),
    "automations_set_id": gettext_lazy("Automation set"),
    "proposal_template_id": gettext_lazy("Proposal template"),
    "directory_id": gettext_lazy("Directory"),
    "vat_id": gettext_lazy("VAT group"),
    "optional": gettext_lazy("Optional"),
    "active": pgettext_lazy("a webhook that is switched on", "Active"),
    "payload_content_type": gettext_lazy("Content type"),
    "send_message": gettext_lazy("Message"),
    "send_message_id": gettext_lazy("E-mail template"),
    "send_method": gettext_lazy("Sent by"),
    "password_reset": gettext_lazy("New password"),
    "content": gettext_lazy("Content"),
}
# The targets whose ids these parameters hold.
RELATED = {
    "account_user_id": "users",
    "company_contacts": "people",
    "company_id": "companies",
    "design_template_id": "design_templates",
    "text_template_id": "text_templates",
    "automations_set_id": "automation_sets",
    "proposal_template_id": "proposal_templates",
    "send_message_id": "email_templates",
    "directory_id": "directories",
    "vat_id": "vat_groups",
}
# Parameters with a fixed set of values.
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "status": dict(Proposal.Status.choices),
    "send_method": {"offorte": "Offorte", "self": gettext_lazy("the sender (shares the links, no e-mail goes out)")},
}
AMOUNTS = frozenset({"price", "price_total"})
UNKNOWN = object()


def target_model(name: str) -> type[Mirrored] | None:
    """Return the mirrored model of a target; None for an unknown one."""
    return RESOURCES[name].model if name in RESOURCES else None


def target_name(name: str) -> str:
    """Return the name of one of a target's records, such as "company"."""
    model = target_model(name)
    return str(model._meta.verbose_name) if model else name


def title(operation: Operation) -> str:
    """Return what the operation does, such as "Change company"."""
    return f"{operation.get_verb_display()} {target_name(operation.target)}"


def describe_reason(operation: Operation) -> str:
    """Return the reason for the operation's state, in the reader's language."""
    return put_into_words(operation.reason)


def field_label(target: str, name: str) -> str:
    """Return the label of a parameter; its name where it has none."""
    if name in LABELS:
        return str(LABELS[name])
    model = target_model(target)
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name)) if model else name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def any_label(name: str) -> str:
    """Return the label of a parameter of whatever target has it."""
    labels = (field_label(target, name) for target in RESOURCES)
    return next((label for label in labels if label != name), name)


def find_names(values: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[tuple[int, str, int], str]:
    """Return the names of the rows that ids in parameters stand for, by account, target and id. One query."""
    ids: dict[str, set[tuple[int, int]]] = {}
    for account, parameters in values:
        for name in RELATED.keys() & parameters.keys():
            found = parameters[name] if isinstance(parameters[name], list) else [parameters[name]]
            ids.setdefault(RELATED[name], set()).update((account, each) for each in found if isinstance(each, int))
    found = [
        _read_names(target, model, pairs) for target, pairs in ids.items() if pairs and (model := target_model(target))
    ]
    if not found:
        return {}
    rows = found[0].union(*found[1:], all=True) if found[1:] else found[0]
    return {(account, target, remote_id): name for target, account, remote_id, name in rows if name}


def _read_names(target: str, model: type[Mirrored], pairs: set[tuple[int, int]]) -> QuerySet[Any, Any]:
    """Return (target, account, id, name) of rows of one model, the name as text."""
    column = next(name for name in ("fullname", "name", "email") if hasattr(model, name))
    name: Any = F(column)
    if model is AccountUser:
        full = Trim(Concat("firstname", Value(" "), "lastname", output_field=TextField()))
        name = Case(When(firstname="", lastname="", then=F("email")), default=full, output_field=TextField())
    rows = model._default_manager.filter(
        connection__in={account for account, _remote_id in pairs},
        remote_id__in={remote_id for _account, remote_id in pairs},
    )
    return rows.order_by().values_list(
        Value(target, output_field=TextField()), "connection_id", "remote_id", Cast(name, TextField())
    )


def write_value(value: Any, name: str, known: Mapping[tuple[str, int], str]) -> str:
    """Return a parameter's value as people read it; "" for `UNKNOWN`. `known` has names by target and id."""
    if value is UNKNOWN:
        return ""
    if isinstance(value, list):
        return ", ".join(write_value(each, name, known) for each in value) or _("no one")
    if isinstance(value, dict):
        return _("the result of change %(number)s") % {"number": value.get("operation", "")}
    if isinstance(value, int) and not isinstance(value, bool) and name in RELATED:
        return known.get((RELATED[name], value), f"#{value}")
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name in AMOUNTS and value is not None:
        return write_amount(value)
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value) or _("empty")


def write_amount(value: Any) -> str:
    """Write an amount of money that is stored as text; what can't be read stays as it is."""
    try:
        return format_money(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


@dataclass(frozen=True)
class FieldChange:
    """One field of a write in words: its value before and the requested one; "" for an unknown one."""

    label: str
    before: str
    after: str


def list_changes(operation: Operation, known: Mapping[tuple[int, str, int], str]) -> list[FieldChange]:
    """Return the fields of an operation, in the order in which they were asked for; `known` is from `find_names`."""
    names = {key[1:]: name for key, name in known.items() if key[0] == operation.connection_id}
    return [
        FieldChange(
            field_label(operation.target, name),
            write_value(operation.before.get(name, UNKNOWN), name, names),
            write_value(operation.draft.get(name, UNKNOWN), name, names),
        )
        for name in dict.fromkeys([*operation.draft, *operation.before])
    ]


def write_values(operation: Operation, values: dict[str, object]) -> str:
    """Write fields and values for one cell; ids stay ids, because names would cost a query per row."""
    labelled = ((field_label(operation.target, name), value) for name, value in values.items())
    return "; ".join(f"{label}: {write_value(value, '', {})}" for label, value in labelled)
