"""The events that Offorte posted: their list with the state of the webhooks, and a page for each event."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.filters import ColumnFilter, DatesFilter, MirrorFilter
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.record_hooks import Tab
from offorte_portal.adminkit.records import fact, field_facts, record_link, record_url
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.webhooks.effects import EFFECTS
from offorte_portal.webhooks.health import Health, read_health
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.pages import words as event_words

REPLAY = "webhooks.replay_webhookevent"
AUTHORISE = "connections.authorise_connection"


class StateFilter(ColumnFilter):
    title = gettext_lazy("State")
    name = column = "state"
    options = WebhookEvent.State.choices


class EventFilter(ColumnFilter):
    title = gettext_lazy("Event")
    name = "event"
    column = "name"
    options = [(name, name) for name in EFFECTS]


class ReceivedFilter(DatesFilter):
    title = gettext_lazy("Received")
    name = "received"
    column = "received_at"


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin[WebhookEvent]):
    """A read-only admin; processing an event again is a POST view of its own (`webhooks/pages/views.py`)."""

    record_related = ("connection",)
    list_display = ("title", "state_pill", "outcome", "happened", "received")
    list_filter: ClassVar[tuple[type[MirrorFilter], ...]] = (StateFilter, EventFilter, ReceivedFilter)
    list_unread = ("body", "error")
    card_columns = ("state_pill", "received")
    change_list_template = "admin/webhooks/webhookevent/change_list.html"

    @admin.display(description=gettext_lazy("Event"), ordering="id")
    def title(self, event: WebhookEvent) -> SafeString:
        """Return Offorte's name for it; below it the object and, if several are shown, the account."""
        return columns.two_lines(event, [event_words.describe_object(event), columns.account_label(event)])

    @admin.display(description=gettext_lazy("State"))
    def state_pill(self, event: WebhookEvent) -> SafeString:
        return columns.pill(event_words.PILLS[WebhookEvent.State(event.state)], event.get_state_display())

    @admin.display(description=gettext_lazy("Result"))
    def outcome(self, event: WebhookEvent) -> SafeString | str:
        """Return the result, cut short."""
        return Truncator(put_into_words(event.result)).chars(60) if event.result else columns.nothing()

    @admin.display(description=gettext_lazy("Happened"))
    def happened(self, event: WebhookEvent) -> SafeString:
        """Return how long ago it happened at Offorte."""
        return portal.ago(event.happened_at) if event.happened_at else columns.nothing()

    @admin.display(description=gettext_lazy("Received"))
    def received(self, event: WebhookEvent) -> SafeString:
        """Return how long ago it was received."""
        return portal.ago(event.received_at)

    def tabs(self, request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
        """Return a tab of all events, and one of those that failed."""
        path = reverse("admin:webhooks_webhookevent_changelist")
        failed = sum(health.failed for health in read_health())
        is_failed = request.GET.get("state") == WebhookEvent.State.FAILED
        return [
            Tab(_("All"), "", path, not is_failed),
            Tab(_("Failures"), str(failed), f"{path}?state={WebhookEvent.State.FAILED}", is_failed),
        ]

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Add the health of the shown accounts' webhooks to the context of the list."""
        account = changelist.account
        healths = [health for health in read_health() if account is None or health.connection == account]
        return {
            **super().list_context(request, changelist),
            "healths": [_describe(request, health) for health in healths],
            "may_replay": request.user.has_perm(REPLAY),
            "may_authorise": request.user.has_perm(AUTHORISE),
            "has_failed": any(health.failed for health in healths),
        }

    def record_context(self, request: HttpRequest, obj: WebhookEvent) -> dict[str, Any]:
        return {
            "event": obj,
            "pill": event_words.PILLS[WebhookEvent.State(obj.state)],
            "body": event_words.show_body(obj),
            "facts": _facts(request, obj),
            "may_replay": request.user.has_perm(REPLAY) and not obj.has_lost_body,
            "lost_body": event_words.lost_body() if obj.has_lost_body else "",
        }


def _describe(request: HttpRequest, health: Health) -> dict[str, Any]:
    state = WebhookEndpoint.State(health.endpoint.state if health.endpoint else "new")
    return {
        "connection": health.connection,
        "url": record_url(request.user, health.connection),
        "pill": event_words.ENDPOINT_PILLS[state],
        "state": health.endpoint.get_state_display() if health.endpoint else _("Not registered yet"),
        "reason": put_into_words(health.endpoint.reason) if health.endpoint else "",
        "missed": event_words.describe_missed(health.endpoint),
        "heard_at": health.heard_at,
        "words": event_words.describe_health(health),
    }


def _facts(request: HttpRequest, event: WebhookEvent) -> list[Any]:
    facts = [fact(_("Account"), record_link(request.user, event.connection))]
    if event.remote_id is not None:
        resource = RESOURCES.get(event.resource)
        rows = resource.model._default_manager.filter(connection=event.connection_id) if resource else None
        row = rows.filter(remote_id=event.remote_id).first() if rows is not None else None
        about = event_words.describe_object(event)
        facts.append(fact(_("About"), record_link(request.user, row) if row else about))
    names = ("happened_at", "received_at", "applied_at", "finished_at", "retry_at")
    facts += field_facts(event, *(name for name in names if getattr(event, name)))
    if event.result:
        facts.append(fact(_("Result"), put_into_words(event.result)))
    if event.attempts:
        facts.append(fact(_("Attempts"), event.attempts))
    return facts
