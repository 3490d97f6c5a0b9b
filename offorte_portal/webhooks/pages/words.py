"""Texts about webhook events: the object of an event, its body, and the health of the webhooks."""

from datetime import timedelta
from typing import Any

import orjson
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from offorte_portal import ports
from offorte_portal.adminkit.words import format_duration
from offorte_portal.sync.names import resource_name
from offorte_portal.webhooks import intake
from offorte_portal.webhooks.health import Health
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.reading import NotUnderstoodError, parse

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
# How long the pages show that events were not stored.
MISSED_SHOWN = timedelta(days=7)
# How many characters of a body are shown.
MOST_SHOWN = 50_000


def describe_object(event: WebhookEvent) -> str:
    """Return the object that an event is about; "" if it is not known."""
    return f"{resource_name(event.resource).capitalize()} #{event.remote_id}" if event.remote_id is not None else ""


def show_body(event: WebhookEvent) -> str:
    """Return the body as text: indented JSON, else as received; cut if it is very long."""
    body = bytes(event.body)
    try:
        text = orjson.dumps(parse(body), option=orjson.OPT_INDENT_2).decode()
    except NotUnderstoodError:
        text = body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def lost_body() -> str:
    """Return the text why an event can't be processed again."""
    return _(
        "What Offorte sent is kept for 7 days. After that, an event can’t be processed "
        "again; a sync reads the changes instead."
    )


def describe_missed(endpoint: WebhookEndpoint | None) -> str:
    """Return the text about events that were not stored, for a week; "" if there is nothing to say."""
    if endpoint is None or endpoint.missed_at is None or endpoint.missed_at < ports.now() - MISSED_SHOWN:
        return ""
    values = {
        "events": number_format(intake.MOST_EVENTS, force_grouping=True),
        "megabytes": intake.MOST_BYTES // 1024**2,
        "count": endpoint.missed_events,
        "time": date_format(timezone.localtime(endpoint.missed_at), "SHORT_DATETIME_FORMAT"),
    }
    text = ngettext(
        "More than %(events)s events or %(megabytes)d MB came within an hour. %(count)d event was not kept, on "
        "%(time)s. If Offorte didn’t post that much, somebody else knows the address: choose New secret.",
        "More than %(events)s events or %(megabytes)d MB came within an hour. %(count)d events were not kept, the "
        "first on %(time)s. If Offorte didn’t post that much, somebody else knows the address: choose New secret.",
        endpoint.missed_events,
    )
    if endpoint.made_up_at:
        rest = _("A sync has started to catch up. It doesn’t include product prices.")
    else:
        rest = _("A sync catches up after that hour. It doesn’t include product prices.")
    return f"{text % values} {rest}"


def describe_health(health: Health) -> list[str]:
    """Return texts about the account's events that go beyond the state of its webhook."""
    words: list[Any] = []
    if health.lag > 60:
        duration = format_duration(timedelta(seconds=round(health.lag)))
        words.append(_("the oldest has been waiting for %(duration)s: is the worker running?") % {"duration": duration})
    if health.waiting:
        words.append(_("%(count)d waiting") % {"count": health.waiting})
    if health.unconfirmed:
        words.append(_("%(count)d to be confirmed") % {"count": health.unconfirmed})
    if health.failed:
        words.append(pgettext("webhook events", "%(count)d failed") % {"count": health.failed})
    return words
