"""Operations that have not ended: marks on rows and records until Offorte has confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, F, OuterRef, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offorte_portal.adminkit.records import record_url
from offorte_portal.mirror.models import Mirrored
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation

# Most operations that a list reads.
MOST = 500
_READ = ("verb", "state", "label", "remote_id", "connection_id", "reason", "created_at", "requested_by_name")


@dataclass(frozen=True)
class Mark:
    """An operation that has not ended, as a page shows it."""

    text: str
    reason: str
    by: str
    since: datetime
    is_unknown: bool
    url: str


def mark_waiting(target: str) -> dict[str, Exists]:
    """Return what `of_row` asks of a row that was read with it, so that most rows cost it no query."""
    of_same = {"connection": OuterRef("connection"), "remote_id": OuterRef("remote_id")}
    return {"is_waiting": Exists(Operation.objects.filter(target=target, state__in=Operation.PENDING, **of_same))}


def of_row(target: str, row: Mirrored) -> list[Operation]:
    """Return the operations of a row that have not ended, in the order in which they are sent."""
    if not getattr(row, "is_waiting", True):
        return []
    found = Operation.objects.filter(connection_id=row.connection_id, target=target, remote_id=row.remote_id)
    return list(found.filter(state__in=Operation.PENDING).order_by("pk"))


def of_list(target: str, rows: Iterable[Any], accounts: Iterable[int]) -> list[Operation]:
    """Return the operations of these rows, and the creations without a row yet, with one query."""
    numbers = {row.remote_id for row in rows}
    found = Operation.objects.filter(state__in=Operation.PENDING, target=target, connection_id__in=list(accounts))
    found = found.filter(Q(remote_id__in=numbers) | Q(verb=Operation.Verb.CREATE))
    # Operations with a row come first: thousands of creations must not push them out.
    ordered = found.order_by(F("remote_id").asc(nulls_last=True), "pk")
    return list(ordered.only(*_READ)[:MOST])


def mark_rows(operations: list[Operation], rows: Iterable[Any]) -> None:
    """Set on each row the pill for its operations."""
    by_row: dict[tuple[int, int | None], list[Operation]] = {}
    for operation in operations:
        by_row.setdefault((operation.connection_id, operation.remote_id), []).append(operation)
    for row in rows:
        row.pending_pill = pill(by_row.get((row.connection_id, row.remote_id), []))


def pill(operations: list[Operation]) -> SafeString:
    """Return one pill for the operations of a row; "" when there are none."""
    if not operations:
        return SafeString("")
    if any(operation.state == Operation.State.UNKNOWN for operation in operations):
        return format_html('<span class="pill pill-bad">{}</span>', pgettext("a write", "outcome unknown"))
    if any(operation.verb == Operation.Verb.DELETE for operation in operations):
        return format_html('<span class="pill pill-warn">{}</span>', _("waiting to be deleted"))
    return format_html('<span class="pill pill-warn">{}</span>', pgettext("a write", "waiting"))


def show(user: User | AnonymousUser, operations: list[Operation]) -> list[Mark]:
    """Return the lines of the banner on a record's page."""
    texts = {
        Operation.Verb.CHANGE: _("A change hasn’t reached Offorte yet."),
        Operation.Verb.DELETE: _("This hasn’t been deleted in Offorte yet."),
        Operation.Verb.SEND: _("This hasn’t been sent yet."),
    }
    marks = []
    for operation in operations:
        is_unknown = operation.state == Operation.State.UNKNOWN
        text = texts.get(Operation.Verb(operation.verb), _("A request hasn’t reached Offorte yet."))
        mark = Mark(
            text=_("We don’t know whether a change reached Offorte.") if is_unknown else text,
            reason=put_into_words(operation.reason),
            by=operation.requested_by_name,
            since=operation.created_at,
            is_unknown=is_unknown,
            url=record_url(user, operation),
        )
        marks.append(mark)
    return marks


def overlay(held: dict[str, Any], operations: list[Operation]) -> dict[str, Any]:
    """Return the values as they will be once the waiting changes are done."""
    values = dict(held)
    for operation in operations:
        if operation.verb == Operation.Verb.CHANGE:
            values |= {name: value for name, value in operation.draft.items() if name in values}
    return values
