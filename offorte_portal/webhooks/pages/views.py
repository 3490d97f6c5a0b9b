"""The POST views of webhooks for administrators: process events again, check the webhook now, rotate its secret."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal.adminkit.accounts import selected
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff import security_log
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.webhooks import address, registration, replaying
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.pages import words as event_words

EVENTS = "admin:webhooks_webhookevent_changelist"
EVENT = "admin:webhooks_webhookevent_change"
MAY_REPLAY = "webhooks.replay_webhookevent"
MAY_AUTHORISE = "connections.authorise_connection"
CHECKING = gettext_lazy("Checking the webhook…")
# How many failed events are put back at once.
MOST = 1_000


@staff_view(MAY_REPLAY, methods=["POST"])
def replay_event(request: StaffRequest, pk: int) -> HttpResponse:
    """Process an event again."""
    event = get_object_or_404(WebhookEvent.objects.defer("body"), pk=pk)
    if replaying.replay([event]):
        messages.success(request, _("This event is being processed again."))
    else:
        messages.error(request, event_words.lost_body())
    return redirect(EVENT, pk)


@staff_view(MAY_REPLAY, methods=["POST"])
def replay_failures(request: StaffRequest) -> HttpResponse:
    """Process failed events again: of the chosen account, or of all."""
    failed = WebhookEvent.objects.filter(state=WebhookEvent.State.FAILED).only("connection_id")
    if account := selected(request):
        failed = failed.filter(connection=account)
    chosen = list(failed.order_by("id")[:MOST])
    count = replaying.replay(chosen)
    if count < len(chosen):
        messages.warning(request, event_words.lost_body())
    text = ngettext("%(count)d event is being processed again.", "%(count)d events are being processed again.", count)
    messages.success(request, text % {"count": count})
    return redirect(EVENTS)


@asks_elsewhere(CHECKING)
@staff_view(MAY_AUTHORISE, methods=["POST"])
def check_webhook(request: StaffRequest, pk: int) -> HttpResponse:
    """Check the account's webhook at Offorte now."""
    return _look_after(request, get_object_or_404(Connection, pk=pk))


@asks_elsewhere(CHECKING)
@staff_view(MAY_AUTHORISE, methods=["POST"])
def rotate_webhook(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the account's webhook a new secret and tell Offorte; the previous one stays valid for two days."""
    connection = get_object_or_404(Connection, pk=pk)
    address.rotate(address.ensure(connection))
    security_log.record(security_log.Kind.WEBHOOK_ROTATED, request=request, connection=connection)
    return _look_after(request, connection)


def _look_after(request: HttpRequest, connection: Connection) -> HttpResponse:
    endpoint = registration.check(connection, lane=Lane.PERSON, is_told=False)
    if endpoint.state == WebhookEndpoint.State.ACTIVE and registration.is_current(endpoint):
        messages.success(request, _("The webhook of %s is registered and active.") % connection)
    elif endpoint.state == WebhookEndpoint.State.BROKEN:
        messages.error(request, put_into_words(endpoint.reason))
    else:
        messages.warning(request, _("We couldn’t check with Offorte just now. The portal tries again automatically."))
    return redirect(EVENTS)


event_urls = [
    path("<int:pk>/replay/", replay_event, name="event_replay"),
    path("replay-failures/", replay_failures, name="event_replay_failures"),
    path("accounts/<int:pk>/check/", check_webhook, name="webhook_check"),
    path("accounts/<int:pk>/rotate/", rotate_webhook, name="webhook_rotate"),
]
