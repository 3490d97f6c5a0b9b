"""Webhooks: list, create, details, update, delete."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response

from offorte_portal.simulator import validation
from offorte_portal.simulator.changes.webhooks import TooManyWebhooksError
from offorte_portal.simulator.records import EVENTS
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.routes.answers import (
    answer,
    created,
    current,
    find,
    no_content,
    page_of,
    read_json,
)

webhooks = Blueprint("webhooks", __name__, url_prefix="/<account>")

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def payload_url(value: Any) -> str:
    """A full https URL; plain http is taken for loopback only, where there are no certificates."""
    text = validation.string(value)
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise ValueError("must be a full https url")
    return text


def events(value: Any) -> list[str]:
    """Known events, at least one."""
    names: list[str] = validation.array_of(validation.one_of("all", *EVENTS))(value)
    if not names:
        raise ValueError("must name at least one event")
    return names


WEBHOOK: dict[str, validation.Reader] = {
    "payload_url": payload_url,
    "payload_content_type": validation.one_of("json"),
    "active": validation.boolean,
    "events": events,
}


@webhooks.get("/webhooks/")
def list_webhooks() -> Response:
    """All webhooks."""
    return page_of(current().visible("webhook"), current().render_webhook)


@webhooks.post("/webhooks/")
def create_webhook() -> Response:
    """Register a URL, for all events unless some are named; ten at most."""
    fields = validation.read_fields(read_json(), WEBHOOK, required=["payload_url"])
    try:
        webhook = current().create_webhook(**fields)
    except TooManyWebhooksError:
        raise RefusedError(400, "An account can have 10 webhooks at most.") from None
    return created("webhook", webhook["id"])


@webhooks.get("/webhooks/<int:id>/")
def get_webhook(id: int) -> Response:
    """A webhook."""
    find("webhook", id)
    return answer(current().render_webhook(id))


@webhooks.patch("/webhooks/<int:id>/")
def update_webhook(id: int) -> Response:
    """Change the given fields; answers the webhook."""
    find("webhook", id)
    current().update_webhook(id, **validation.read_fields(read_json(), WEBHOOK))
    return answer(current().render_webhook(id))


@webhooks.delete("/webhooks/<int:id>/")
def delete_webhook(id: int) -> Response:
    """Delete a webhook."""
    find("webhook", id)
    current().delete_webhook(id)
    return no_content()
