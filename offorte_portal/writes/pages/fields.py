"""The fields of an operation for its page, before and as asked for, and its timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import describe_field_error

ICONS = {
    Operation.Verb.CREATE: "plus",
    Operation.Verb.CHANGE: "pencil",
    Operation.Verb.DELETE: "trash-2",
    Operation.Verb.SEND: "send",
}


@dataclass(frozen=True)
class FieldChange:
    """One field of a write: its value before, the requested one, and what Offorte held instead on a conflict."""

    label: str
    before: str
    asked: str
    found: str
    errors: list[str]


@dataclass(frozen=True)
class Step:
    """An event in the timeline of an operation."""

    at: datetime
    what: str
    icon: str


def lines(operation: Operation) -> list[FieldChange]:
    """Return the fields of the operation in the order in which they were asked for, with names in place of ids."""
    draft, before, held = operation.draft, operation.before, operation.conflicts
    names = list(dict.fromkeys([*draft, *before, *held, *operation.field_errors]))
    known = names_of(operation, [draft, before, held])

    def text(values: Mapping[str, Any], name: str) -> str:
        return operation_words.write_value(values.get(name, operation_words.UNKNOWN), name, known)

    return [
        FieldChange(
            label=operation_words.field_label(operation.target, name),
            before=text(before, name),
            asked=text(draft, name),
            found=text(held, name),
            errors=[describe_field_error(str(error)) for error in operation.field_errors.get(name, [])],
        )
        for name in names
    ]


def names_of(operation: Operation, values: list[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """Return the names of the rows that ids in these values stand for, by target and id."""
    known = operation_words.find_names((operation.connection_id, each) for each in values)
    return {(target, remote_id): name for (_account, target, remote_id), name in known.items()}


def timeline(operation: Operation) -> list[Step]:
    """Return the operation's events: those that happened, then the next try."""
    steps = [Step(operation.created_at, _("requested"), "circle-dot")]
    if operation.sent_at:
        times = operation.attempts
        sent = _("sent to Offorte") if times <= 1 else _("sent to Offorte, attempt %(count)d") % {"count": times}
        steps.append(Step(operation.sent_at, sent, "send"))
    if operation.finished_at:
        icon = "circle-check" if operation.state == Operation.State.DONE else "circle-x"
        steps.append(Step(operation.finished_at, str(operation.get_state_display()), icon))
    if operation.retry_at and operation.is_pending:
        steps.append(Step(operation.retry_at, _("next attempt"), "clock"))
    return steps
