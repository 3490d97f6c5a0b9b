"""Sends what a form asks for to Offorte, and tells the person the outcome: success only where it was done."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import OperationalError, transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit.records import record_url
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.connections import patience
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes import asking, performing, undoing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.sealing import conceal

Json = dict[str, Any]
State, Verb = Operation.State, Operation.Verb

# How long the second submission of a form waits for the first one, which is still being sent.
PATIENCE_SECONDS = 8.0
GLANCE_SECONDS = 0.2
# States after which the form is shown again: nothing was done, and another try is a new operation.
BACK = (State.REJECTED, State.FAILED, State.CANCELLED, State.SKIPPED)


class BusyError(Exception):
    """The portal's own database could not be written in time; the same form may safely be sent again."""

    def __str__(self) -> str:
        return _("The portal is busy and couldn’t save this. What you typed is still here: save again in a moment.")


def find_sent(key: uuid.UUID, draft: Json) -> Operation | None:
    """Return the operation that this form asked for before with other values; None where there is none."""
    earlier = Operation.objects.filter(key=key).first()
    return earlier if earlier and earlier.draft != conceal(earlier.target, draft) else None


def is_sent(key: uuid.UUID, draft: Json) -> bool:
    """Return whether this form asked for the same before, and that was done or still may be."""
    earlier = Operation.objects.filter(key=key).exclude(state__in=BACK).first()
    return earlier is not None and earlier.draft == conceal(earlier.target, draft)


def save(
    request: HttpRequest,
    *,
    connection: Connection,
    key: uuid.UUID,
    keep: Callable[[Operation], None] = lambda operation: None,
    **wanted: Any,
) -> Operation:
    """Store an operation, send it and wait for Offorte's answer; the same `key` twice is one operation.

    `wanted` are the other arguments of `writes.asking.request`; `keep` stores what the portal keeps besides. No
    transaction may be open. Raises Rejected before anything is stored, and BusyError where the database can't be
    written.
    """
    try:
        with transaction.atomic():
            operation = asking.request(connection=connection, key=key, by=staff_user(request), **wanted)
            keep(operation)
        if operation.state == State.WAITING:
            return performing.perform(operation)
        # The same form asked for it before: wait until that has been sent.
        deadline = ports.monotonic() + PATIENCE_SECONDS
        while operation.state == State.SENDING and patience.may_wait() and ports.monotonic() < deadline:
            ports.sleep(GLANCE_SECONDS)
            operation.refresh_from_db()
    except OperationalError as error:
        raise BusyError from error
    return operation


def tell(request: HttpRequest, operation: Operation) -> None:
    """Tell the person the outcome of an operation after which the form is not shown again."""
    words = {"name": operation.label or _("This"), "reason": reason(operation)}
    if operation.state in {State.DONE, State.UNDONE}:
        texts = {
            Verb.CREATE: _("“%(name)s” was created in Offorte."),
            Verb.CHANGE: _("“%(name)s” was saved in Offorte."),
            Verb.DELETE: _("“%(name)s” was deleted in Offorte."),
        }
        text = texts[Verb(operation.verb)] % words
        url = record_url(request.user, operation)
        if operation.state == State.DONE and url and not undoing.can_undo(operation):
            text = format_html('{} <a href="{}">{}</a>', text, url, _("Undo…"))
        messages.success(request, text)
    elif operation.state == State.SENDING:
        messages.warning(request, _("“%(name)s” is being sent to Offorte.") % words)
    elif operation.state == State.UNKNOWN:
        text = _(
            "We didn’t get Offorte’s answer about “%(name)s”, so we don’t know whether it went through. The portal "
            "will check. Until then, the outcome is shown as unknown."
        )
        messages.warning(request, text % words)
    elif operation.state == State.WAITING:
        messages.warning(request, _("“%(name)s” is saved and waiting to be sent to Offorte. %(reason)s") % words)
    else:
        messages.error(request, _("Nothing changed in Offorte for “%(name)s”. %(reason)s") % words)


def undo(request: HttpRequest, operation: Operation) -> Operation | None:
    """Undo a change, if Offorte still holds what it wrote, and tell the person; None if it can't be undone."""
    if why := undoing.can_undo(operation):
        messages.error(request, _("This can’t be undone. %(reason)s") % {"reason": why})
        return None
    undone = performing.perform(undoing.undo(operation, staff_user(request)))
    words = {"reason": put_into_words(undone.reason)}
    if undone.state == State.DONE:
        messages.success(request, _("Undone. The previous values are back in Offorte."))
    elif undone.state == State.SKIPPED:
        messages.error(request, _("Not undone: this has been changed in Offorte since."))
    elif undone.is_pending:
        messages.warning(request, _("The undo is waiting to be sent. %(reason)s") % words)
    else:
        messages.error(request, _("Not undone. %(reason)s") % words)
    return undone


def reason(operation: Operation) -> str:
    """Return the reason for the operation's state, in the person's language; "" where there is none."""
    if operation.reason:
        return put_into_words(operation.reason)
    return _("Offorte did not accept this.") if operation.state == State.REJECTED else ""
