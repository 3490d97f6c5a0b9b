"""The webhooks that the accounts have at Offorte, the portal's own and others."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns, records, saving
from offorte_portal.adminkit.admin import MirrorAdmin
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.records import fact, field_facts
from offorte_portal.adminkit.recordviews import miss, refuse
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.webhooks.forms import WebhookForm, is_own
from offorte_portal.webhooks.models import Webhook
from offorte_portal.writes.models import Operation


@admin.register(Webhook)
class WebhookAdmin(MirrorAdmin[Webhook]):
    """Webhooks as Offorte has them."""

    list_display = ("title", "state", "failed")
    list_only = ("payload_url", "events", "is_active", "failed_at")
    search_fields = ("payload_url",)
    card_columns = ("state",)
    record_form = WebhookForm

    def get_urls(self) -> list[URLPattern]:
        """Add the view that switches a webhook on or off."""
        view = self.admin_site.admin_view(self.switch_view)
        name = "webhooks_webhook_switch"
        return [path("<path:object_id>/switch/", view, name=name), *super().get_urls()]

    def record_context(self, request: HttpRequest, obj: Webhook) -> dict[str, Any]:
        """Return the webhook's facts, and the form state of the switch."""
        state = None if obj.is_active is None else self.state(obj)
        events = records.join_lines(str(event) for event in obj.events)
        return {
            **records.shared_context(request, obj),
            "facts": [
                *field_facts(obj, "payload_url"),
                fact(_("State"), state),
                fact(_("Events"), events),
                *field_facts(obj, "payload_content_type", "remote_created_at", "remote_modified_at"),
                fact(_("Failed"), portal.ago(obj.failed_at) if obj.failed_at else _("Never, according to Offorte")),
            ],
            "is_ours": is_own(obj),
            "switch_state": FormState(switch_of(obj), {}).write(),
        }

    @asks_elsewhere(gettext_lazy("Saving…"), is_kept=True)
    def switch_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switch a webhook on or off; POST only."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if obj is None:
            return miss(self, request, object_id)
        if elsewhere := refuse(self, request, obj):
            return elsewhere
        state = FormState.read(request.POST.get("form_state", ""), switch_of(obj)) or FormState("", {})
        is_on = request.POST.get("active") == "true"
        if saving.find_sent(state.key, {"active": is_on}):
            state = state.renewed()
        try:
            operation = saving.save(
                request,
                connection=obj.connection,
                key=state.key,
                verb=Operation.Verb.CHANGE,
                target=WebhookForm.target,
                remote_id=obj.remote_id,
                draft={"active": is_on},
                before={} if obj.is_active is None else {"active": obj.is_active},
                label=WebhookForm.name_of(obj),
            )
            saving.tell(request, operation)
        except saving.BusyError as error:
            messages.error(request, str(error))
        return redirect("admin:webhooks_webhook_change", obj.pk)

    def deletion_notes(self, request: HttpRequest, obj: Webhook) -> list[str]:
        """Return what stops when the webhook is deleted."""
        if is_own(obj):
            return [
                _(
                    "This is the portal’s own webhook. Without it, changes only arrive with the next sync. "
                    "The portal creates it again when it checks its webhooks."
                )
            ]
        return [_("Offorte will stop sending events to its address.")]

    def form_notices(self, request: HttpRequest, obj: Webhook | None) -> list[str]:
        """Return why the address of the portal's own webhook can't be changed."""
        if obj and is_own(obj):
            return [_("This is the portal’s own webhook. The portal manages its address itself.")]
        return []

    @admin.display(description=gettext_lazy("Webhook"))
    def title(self, webhook: Webhook) -> SafeString:
        """Return where it posts to; below that its events and, if several are shown, the account."""
        events = ", ".join(str(event) for event in webhook.events)
        return columns.two_lines(webhook, [events, columns.account_label(webhook)])

    @admin.display(description=gettext_lazy("State"))
    def state(self, webhook: Webhook) -> SafeString:
        """Return whether Offorte still posts to it, as a pill."""
        if webhook.is_active is None:
            return columns.unknown()
        return columns.pill("good", _("Active")) if webhook.is_active else columns.pill("bad", _("Deactivated"))

    @admin.display(description=gettext_lazy("Failed"))
    def failed(self, webhook: Webhook) -> SafeString:
        """Return how long ago a delivery last failed."""
        return portal.ago(webhook.failed_at) if webhook.failed_at else columns.nothing()


def switch_of(webhook: Webhook) -> str:
    """Return what the form of the switch is about."""
    return f"switch webhooks:{webhook.pk}"
