"""The page of an operation: its fields before and after, Offorte's answer, and what can still be done about it."""

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.records import Fact, fact, record_link
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.words import starter
from offorte_portal.jobs.registry import title
from offorte_portal.writes import control, undoing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.pages import fields
from offorte_portal.writes.reasons import describe_field_error
from offorte_portal.writes.rights import find_row, may_control


def operation_context(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    """Return the context of `admin/writes/operation/change_form.html`, without a request to Offorte."""
    may = may_control(operation, staff_user(request))
    cannot_undo = undoing.can_undo(operation)
    answer = operation.answer
    return {
        "operation": operation,
        "title": operation_words.title(operation),
        "name": operation.label,
        "freshness": read_freshness(request),
        "pill": operation_words.PILLS[Operation.State(operation.state)],
        "reason": operation_words.describe_reason(operation),
        "lines": fields.lines(operation),
        "errors": [describe_field_error(text) for texts in operation.field_errors.values() for text in texts],
        "steps": fields.timeline(operation),
        "facts": operation_facts(request, operation),
        "answer": json.dumps(answer, indent=2, ensure_ascii=False, sort_keys=True) if answer else "",
        "may_cancel": may and operation.state == Operation.State.WAITING,
        "may_retry": may and operation.state in control.RETRIABLE,
        "may_decide": may and operation.state == Operation.State.UNKNOWN,
        "may_undo": may and not cannot_undo,
        "cannot_undo": cannot_undo if operation.state == Operation.State.DONE else "",
    }


def operation_facts(request: HttpRequest, operation: Operation) -> list[Fact]:
    """Return the person, times, ids and related records of an operation."""
    user = staff_user(request)
    row = find_row(operation) if operation.remote_id and operation_words.target_model(operation.target) else None
    facts = [
        fact(_("About"), record_link(user, row) if row else operation.label or _("not known")),
        fact(_("Account"), record_link(user, operation.connection)),
        fact(_("Requested by"), starter(operation)),
        fact(_("Requested"), operation.created_at),
    ]
    if operation.remote_id:
        facts.append(fact(_("Offorte ID"), operation.remote_id))
    if operation.job:
        facts.append(fact(_("Bulk job"), _link("jobs.job", operation.job.pk, title(operation.job.job))))
    if operation.undoes:
        facts.append(
            fact(_("Undoes"), _link("writes.operation", operation.undoes.pk, operation_words.title(operation.undoes)))
        )
    links = [_link("writes.operation", each.pk, f"#{each.pk}") for each in operation.undoings.all()]
    facts += [fact(_("Undone by"), link) for link in links]
    if operation.after:
        facts.append(fact(_("Follows"), _link("writes.operation", operation.after.pk, str(operation.after))))
    if operation.attempts:
        facts.append(fact(_("Attempts"), operation.attempts))
    return facts


def _link(model: str, pk: int, text: str) -> object:
    name = f"admin:{model.replace('.', '_')}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), text)
