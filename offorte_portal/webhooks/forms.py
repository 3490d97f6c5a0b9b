"""The form of a webhook, with the fields that Offorte takes (reference, "Webhooks")."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.fields import LineField
from offorte_portal.adminkit.forms import FormWarning, Json, RecordForm, Section
from offorte_portal.api.concealing import is_concealed
from offorte_portal.webhooks import address
from offorte_portal.webhooks.effects import EFFECTS
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint
from offorte_portal.webhooks.registration import MOST_WEBHOOKS
from offorte_portal.writes.reasons import WriteReason

ALL = "all"


class WebhookForm(RecordForm):
    """A webhook to create or change. The address of the portal's own can't be changed, because it holds a secret."""

    target = "webhooks"
    model = Webhook
    sections = (
        Section(
            gettext_lazy("Webhook"),
            ("payload_url", "active"),
            gettext_lazy("An account has at most ten webhooks. After ten failed deliveries Offorte switches one off."),
        ),
        Section(gettext_lazy("Events"), ("events",)),
    )
    wide = ("payload_url", "active")
    columns = {"active": "is_active"}

    payload_url = LineField(
        gettext_lazy("Payload URL"),
        required=True,
        help_text=gettext_lazy("The full address that Offorte sends events to. It starts with https://."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    active = forms.BooleanField(label=gettext_lazy("Active"), required=False, initial=True)
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events to send"),
        choices=[(ALL, gettext_lazy("All events")), *((name, name) for name in EFFECTS)],
        initial=[ALL],
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        """Remove the address field for the portal's own webhook; keep events that are not known here."""
        if isinstance(self.row, Webhook) and is_own(self.row):
            del self.fields["payload_url"]
        known = {ALL, *EFFECTS}
        others = [str(name) for name in self.opened.get("events") or () if name not in known]
        field: Any = self.fields["events"]
        field.choices = [*field.choices, *((name, name) for name in others)]

    @classmethod
    def name_of(cls, row: Any) -> str:
        """Return the host of its address, whose path may hold a secret."""
        return host_of(row.payload_url)

    def label(self) -> str:
        """Return the host that it posts to."""
        return self.name_of(self.row) if self.row else host_of(str(self.cleaned_data.get("payload_url", "")))

    def clean_payload_url(self) -> str:
        """Refuse an address that is not https, or that is concealed."""
        url: str = self.cleaned_data["payload_url"]
        if not url.startswith("https://") or not host_of(url):
            raise forms.ValidationError(_("Enter a full address that starts with https://."))
        if is_concealed(url):
            raise forms.ValidationError(WriteReason.INCOMPLETE.label)
        return url

    def draft(self, changes: Json) -> Json:
        """Add the content type to a new webhook: JSON, the only one there is."""
        return changes if self.row else {"active": False, **changes, "payload_content_type": "json"}

    def find_warnings(self, changes: Json) -> list[FormWarning]:
        """Warn of more webhooks than Offorte allows, as far as the portal knows."""
        count = Webhook.objects.present().filter(connection=self.connection).count()
        if self.row or count < MOST_WEBHOOKS:
            return []
        text = _("This account has %(count)d webhooks already, and Offorte allows %(most)d. Delete one first.")
        return [FormWarning("", text % {"count": count, "most": MOST_WEBHOOKS})]


def is_own(webhook: Webhook) -> bool:
    endpoint = WebhookEndpoint.objects.filter(pk=webhook.connection_id).first()
    return address.is_ours(endpoint, webhook.remote_id, webhook.payload_url)


def host_of(url: str) -> str:
    """Return the host of an address; "" if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
