"""Webhook events in words: what an event was about, its body to be looked at, and how the webhooks are doing."""

from datetime import timedelta
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offorte_portal.adminkit.sync_words import format_duration, resource_name
from offorte_portal.models import WebhookEndpoint, WebhookEvent
from offorte_portal.services.webhooks.health import Health
from offorte_portal.services.webhooks.reading import NotUnderstoodError, parse

State = WebhookEvent.State
PILLS = {
    State.RECEIVED: "info",
    State.APPLIED: "info",
    State.DONE: "good",
    State.IGNORED: "warn",
    State.FAILED: "bad",
}
ENDPOINT_PILLS = {
    WebhookEndpoint.State.NEW: "warn",
    WebhookEndpoint.State.ACTIVE: "good",
    WebhookEndpoint.State.BROKEN: "bad",
}
# So much of a body is shown.
MOST_SHOWN = 50_000


def describe_object(event: WebhookEvent) -> str:
    """The object that an event is about; "" where it does not say."""
    return f"{resource_name(event.resource).capitalize()} #{event.remote_id}" if event.remote_id is not None else ""


def show_body(event: WebhookEvent) -> str:
    """The body as text: JSON one value a line, else as it came; cut where it is very long."""
    body = bytes(event.body)
    try:
        text = orjson.dumps(parse(body), option=orjson.OPT_INDENT_2).decode()
    except NotUnderstoodError:
        text = body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def describe_health(health: Health) -> list[str]:
    """What there is to say about the events of an account beside its webhook's state."""
    words: list[Any] = []
    if health.lag > 60:
        duration = format_duration(timedelta(seconds=round(health.lag)))
        words.append(_("the oldest waits for %(duration)s: is the worker running?") % {"duration": duration})
    if health.waiting:
        words.append(_("%(count)d waiting") % {"count": health.waiting})
    if health.unconfirmed:
        words.append(_("%(count)d to be confirmed") % {"count": health.unconfirmed})
    if health.failed:
        words.append(pgettext("webhook events", "%(count)d failed") % {"count": health.failed})
    return words
