"""A write's page: what was asked, what was there before, what Offorte said, and what can still be done about it."""

import json
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal import writes
from offorte_portal.adminkit import operation_words
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.messages import translate_message
from offorte_portal.adminkit.records import Fact, fact, record_link
from offorte_portal.adminkit.visibility import may_control
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.models import Operation
from offorte_portal.writes.rights import find_row

RETRIABLE = (Operation.State.FAILED, Operation.State.REJECTED, Operation.State.CANCELLED)


def operation_context(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    """Everything for `admin/offorte_portal/operation/change_form.html`. No request to Offorte."""
    may = may_control(operation, cast(User, request.user))
    cannot_undo = translate_message(writes.can_undo(operation))
    return {
        "operation": operation,
        "title": operation_words.title(operation),
        "name": operation.label,
        "freshness": read_freshness(request),
        "pill": operation_words.PILLS[Operation.State(operation.state)],
        "reason": operation_words.describe_reason(operation),
        "lines": operation_words.lines(operation),
        "errors": [text for texts in operation.field_errors.values() for text in texts],
        "steps": operation_words.timeline(operation),
        "facts": operation_facts(request, operation),
        "answer": write_json(operation.answer),
        "may_cancel": may and operation.state == Operation.State.WAITING,
        "may_retry": may and operation.state in RETRIABLE,
        "may_decide": may and operation.state == Operation.State.UNKNOWN,
        "may_undo": may and not cannot_undo,
        "cannot_undo": cannot_undo if operation.state == Operation.State.DONE else "",
    }


def operation_facts(request: HttpRequest, operation: Operation) -> list[Fact]:
    """Who, when, where, and what it belongs to."""
    user = cast(User, request.user)
    row = find_row(operation) if operation.remote_id and operation_words.target_model(operation.target) else None
    facts = [
        fact(_("About"), record_link(user, row) if row else operation.label or _("not known")),
        fact(_("Account"), record_link(user, operation.connection)),
        fact(_("Asked by"), job_words.starter(operation)),
        fact(_("Asked"), operation.created_at),
    ]
    if operation.remote_id:
        facts.append(fact(_("Offorte ID"), operation.remote_id))
    if operation.job:
        facts.append(fact(_("Job"), _link("job", operation.job.pk, job_words.title(operation.job))))
    if operation.undoes:
        facts.append(
            fact(_("Undoes"), _link("operation", operation.undoes.pk, operation_words.title(operation.undoes)))
        )
    facts += [fact(_("Undone by"), _link("operation", each.pk, f"#{each.pk}")) for each in operation.undoings.all()]
    if operation.after:
        facts.append(fact(_("Goes after"), _link("operation", operation.after.pk, str(operation.after))))
    if operation.attempts:
        facts.append(fact(_("Attempts"), operation.attempts))
    return facts


def write_json(value: Any) -> str:
    """Offorte's answer as it came, for those who want to know exactly."""
    return "" if value in (None, {}, "") else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)


def _link(model: str, pk: int, text: str) -> object:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:offorte_portal_{model}_change", args=[pk]), text)
