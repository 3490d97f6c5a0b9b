"""Undoes a change: writes the values from before, as long as Offorte still holds the values that were written."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.api.errors import Rejected
from offorte_portal.writes.asking import check_draft, request
from offorte_portal.writes.claims import State
from offorte_portal.writes.models import Batch, Operation
from offorte_portal.writes.sealing import is_complete
from offorte_portal.writes.targets import Verb, target_of

UNDOABLE_FOR = timedelta(days=30)


def can_undo(operation: Operation) -> str:
    """Return the text why the operation can't be undone; "" if it can."""
    if operation.verb != Verb.CHANGE:
        return _("Only changes can be undone.")
    if operation.state == State.UNDONE:
        return _("This has already been undone.")
    if operation.state != State.DONE:
        return _("This wasn’t done, so there’s nothing to undo.")
    if operation.finished_at is None or operation.finished_at < ports.now() - UNDOABLE_FOR:
        return _("This was done more than 30 days ago.")
    if not operation.draft:
        return _("This was changed in the portal only. You can undo it with its bulk job.")
    if any(operation.before.get(name) is None for name in operation.draft):
        return _("The previous value is unknown.")
    if not is_complete(operation.target, operation.before):
        return _("The previous value contains a secret that the portal doesn’t store.")
    if operation.undoings.filter(state__in=[*Operation.PENDING, State.DONE]).exists():
        return _("This is already being undone.")
    try:
        check_draft(target_of(operation), Verb.CHANGE, before_of(operation))
    except Rejected:
        return _("Offorte doesn’t accept the previous value.")
    return ""


def undo(operation: Operation, by: User | None, job: Batch | None = None) -> Operation:
    """Ask for the values from before and return that operation; two calls at the same time return the same one.

    Raises ValueError, with the text of `can_undo`, if it can't be undone.
    """
    attempt = operation.undoings.exclude(state__in=[*Operation.PENDING, State.DONE]).count()
    key = uuid.uuid5(operation.key, f"undo {attempt}")
    if (same := Operation.objects.filter(key=key).first()) is not None:
        return same
    if reason := can_undo(operation):
        raise ValueError(reason)
    return request(
        connection=operation.connection,
        verb=Verb.CHANGE,
        target=operation.target,
        draft=before_of(operation),
        by=by,
        remote_id=operation.remote_id,
        parent_remote_id=operation.parent_remote_id,
        label=operation.label,
        before=operation.draft,
        expected=operation.draft,
        job=job,
        undoes=operation,
        key=key,
    )


def before_of(operation: Operation) -> dict[str, Any]:
    """Return the draft that undoes the operation."""
    return {name: operation.before.get(name) for name in operation.draft}
