"""Applies one stored event to the mirror, by the rules of merging, at once and without a request."""

from typing import Any

import orjson
from django.db import transaction

from offorte_portal import ports
from offorte_portal.changes.recording import Source, recording
from offorte_portal.mirror.engine import apply_object
from offorte_portal.webhooks import catalogue, storing
from offorte_portal.webhooks.confirming import tells_of_list_item
from offorte_portal.webhooks.effects import Kind
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.reading import NotUnderstoodError, ParsedEvent, parse, read
from offorte_portal.webhooks.reasons import EventReason
from proposals.mirror import PROPOSALS

State = WebhookEvent.State


def apply(event: WebhookEvent) -> None:
    """Apply an event, record the result, and announce it in the change feed, in one transaction."""
    try:
        content = parse(bytes(event.body))
        if isinstance(content, list) and content:
            _split(event, content)
            return
        parsed = read(content, event.received_at)
    except NotUnderstoodError as error:
        _settle(event, State.IGNORED, result=error.reason, name=error.name)
        return
    with recording(event.connection_id, Source.EVENT) as record:
        record.add_fact(
            parsed.effect.resource.name,
            remote_id=parsed.remote_id,
            event=parsed.name,
            at=parsed.happened_at,
            status=parsed.data.get("status"),
        )
        columns = _bring(event.connection_id, parsed)
        _settle(
            event,
            State.APPLIED if parsed.effect.resource.has_get else State.DONE,
            name=parsed.name,
            happened_at=parsed.happened_at,
            resource=parsed.effect.resource.name,
            remote_id=parsed.remote_id,
            **columns,
        )


def _split(event: WebhookEvent, contents: list[object]) -> None:
    """Store each event of a batch as a row of its own."""
    with transaction.atomic():
        for content in contents:
            if isinstance(content, list):
                raise NotUnderstoodError(EventReason.NOT_AN_EVENT())
            storing.take(event.connection_id, orjson.dumps(content))
        _settle(event, State.DONE, result=EventReason.SPLIT())


def _bring(connection_id: int, parsed: ParsedEvent) -> dict[str, Any]:
    """Apply an event to the mirror; return the columns of its row that follow from that."""
    resource = parsed.effect.resource
    if not resource.has_get:
        return {"result": catalogue.apply(connection_id, parsed) or EventReason.APPLIED()}
    row = resource.model._default_manager.filter(connection_id=connection_id, remote_id=parsed.remote_id).first()
    parent = parsed.parent_remote_id
    if parent is None and row is not None and resource.name == "people":
        parent = getattr(row, resource.bucket)
    columns: dict[str, Any] = {"parent_remote_id": parent}
    if parsed.effect.kind == Kind.DELETED:
        # The payload is not applied: it would restore the deleted object.
        return columns | {"result": EventReason.TO_BE_CONFIRMED()}
    if resource is PROPOSALS:
        columns["needs_list_item"] = row is None or (parsed.is_whole and tells_of_list_item(row.payload, parsed.data))
    if not parsed.is_whole:
        return columns | {"result": EventReason.PART()}
    is_older = row is not None and row.as_of > parsed.as_of
    if not is_older:
        apply_object(connection_id, resource, parsed.remote_id, parsed.data, as_of=parsed.as_of)
    return columns | {"result": EventReason.OLDER() if is_older else EventReason.APPLIED()}


def _settle(event: WebhookEvent, state: State, **columns: Any) -> None:
    now = ports.now()
    done = {} if state == State.APPLIED else {"finished_at": now}
    columns = {"state": state, "applied_at": now, "error": None, "retry_at": None, **done, **columns}
    WebhookEvent.objects.filter(pk=event.pk).update(**columns)
