"""Bringing one stored event into the mirror: its payload by the rules of merging, at once and without a request."""

from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.proposals import PROPOSALS
from offorte_portal.models import WebhookEvent
from offorte_portal.webhooks import catalogue, inbox
from offorte_portal.webhooks.confirming import tells_of_list_item
from offorte_portal.webhooks.effects import Kind
from offorte_portal.webhooks.reading import NOT_AN_EVENT, NotUnderstoodError, Told, parse, read

APPLIED = gettext_noop("Applied.")
TO_BE_CONFIRMED = gettext_noop("Removed at Offorte, as it says; Offorte is asked.")
PART = gettext_noop("This event is about a part, so the portal asks Offorte for the whole.")
SPLIT = gettext_noop("It held several events, which were taken apart.")

State = WebhookEvent.State


def apply(event: WebhookEvent) -> Told | None:
    """Apply an event and note what came of it, in one transaction; answer what it says, None where that is nothing."""
    try:
        content = parse(bytes(event.body))
        if isinstance(content, list) and content:
            _split(event, content)
            return None
        told = read(content, event.received_at)
    except NotUnderstoodError as error:
        _settle(event, State.IGNORED, result=str(error), name=error.name)
        return None
    with transaction.atomic():
        columns = _bring(event.connection_id, told)
        _settle(
            event,
            State.APPLIED if told.effect.resource.has_get else State.DONE,
            name=told.name,
            happened_at=told.happened_at,
            resource=told.effect.resource.name,
            remote_id=told.remote_id,
            **columns,
        )
    return told


def _split(event: WebhookEvent, contents: list[object]) -> None:
    """Store each event of a batch as a row of its own."""
    with transaction.atomic():
        for content in contents:
            if isinstance(content, list):
                raise NotUnderstoodError(NOT_AN_EVENT)
            inbox.take(event.connection_id, orjson.dumps(content))
        _settle(event, State.DONE, result=SPLIT)


def _bring(connection_id: int, told: Told) -> dict[str, Any]:
    """Bring what an event says into the mirror; the columns of its row that follow from that."""
    resource = told.effect.resource
    if not resource.has_get:
        return {"result": catalogue.apply(connection_id, told) or APPLIED}
    row = resource.model._default_manager.filter(connection_id=connection_id, remote_id=told.remote_id).first()
    parent = told.parent_remote_id
    if parent is None and row is not None and resource.name == "people":
        parent = getattr(row, resource.bucket)
    columns: dict[str, Any] = {"parent_remote_id": parent}
    if told.effect.kind == Kind.DELETED:
        # The payload is not applied: it would bring back what is gone.
        return columns | {"result": TO_BE_CONFIRMED}
    if resource is PROPOSALS:
        columns["needs_list_item"] = row is None or (told.is_whole and tells_of_list_item(row.payload, told.data))
    if not told.is_whole:
        return columns | {"result": PART}
    is_older = row is not None and row.as_of > told.as_of
    if not is_older:
        apply_object(connection_id, resource, told.remote_id, told.data, as_of=told.as_of)
    return columns | {"result": catalogue.OLDER if is_older else APPLIED}


def _settle(event: WebhookEvent, state: State, **columns: Any) -> None:
    now = timezone.now()
    done = {} if state == State.APPLIED else {"finished_at": now}
    columns = {"state": state, "applied_at": now, "error": "", "retry_at": None, **done, **columns}
    WebhookEvent.objects.filter(pk=event.pk).update(**columns)
