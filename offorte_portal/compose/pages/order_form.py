"""The form of a send: to whom, how, with which text."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.models import Person
from offorte_portal.adminkit.fields import PeopleField, RowField, TextField
from offorte_portal.compose.sending import Order
from proposals.models import EmailTemplate, Proposal

DEFAULT_MESSAGE = gettext_lazy(
    "Dear {company_people_firstname},\n\nHere is our proposal “%(name)s”. Do call me if you have any questions.\n\n"
    "Kind regards,\n%(sender)s"
)


class OrderForm(forms.Form):
    """What to send; `again` has to be ticked if somebody may have received it already."""

    contacts = PeopleField(gettext_lazy("Who receives the proposal?"), required=True)
    send_method = forms.ChoiceField(
        label=gettext_lazy("How?"),
        choices=[
            ("offorte", gettext_lazy("Offorte sends it by e-mail")),
            ("self", gettext_lazy("I share the links myself; no e-mail is sent")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.ChoiceField(
        label=gettext_lazy("Which message?"),
        choices=[
            ("message", gettext_lazy("My own message")),
            ("template", pgettext_lazy("words to send", "An e-mail template")),
        ],
        widget=forms.RadioSelect,
    )
    send_message = TextField(gettext_lazy("Message"))
    send_message_id = RowField(gettext_lazy("E-mail template"))
    password_reset = forms.BooleanField(
        label=gettext_lazy("Give everyone a new password"),
        required=False,
        help_text=gettext_lazy("Links that were sent earlier will stop working."),
    )
    again = forms.BooleanField(label=gettext_lazy("Yes, send it again"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        proposal: Proposal,
        people: list[Person],
        is_again: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.people = [person for person in people if person.email]
        self.silent = [person for person in people if not person.email]
        self.is_again = is_again
        super().__init__(data, initial=initial, label_suffix="")
        choices: Any = [(str(person.remote_id), f"{person} ({person.email})") for person in self.people]
        self.fields["contacts"].choices = choices  # type: ignore[attr-defined]
        templates = EmailTemplate.objects.present().filter(connection=proposal.connection_id).order_by("name")
        offered = [(str(template.remote_id), str(template)) for template in templates]
        self.fields["send_message_id"].choices = [("", _("Choose…")), *offered]  # type: ignore[attr-defined]
        self.fields["contacts"].error_messages["required"] = _("Choose at least one person.")
        if not is_again:
            del self.fields["again"]

    def clean(self) -> dict[str, Any]:
        """Require a message or a template, and the tick if it was sent before."""
        cleaned = self.cleaned_data
        if cleaned.get("words") == "message" and not (cleaned.get("send_message") or "").strip():
            self.add_error("send_message", _("Write a message, or choose a template."))
        if cleaned.get("words") == "template" and cleaned.get("send_message_id") is None:
            self.add_error("send_message_id", _("Choose a template."))
        if self.is_again and not cleaned.get("again"):
            self.add_error("again", _("This proposal was sent before. Tick this box to send it again."))
        return cleaned

    def order(self) -> Order:
        cleaned = self.cleaned_data
        is_template = cleaned["words"] == "template"
        return Order(
            contacts=cleaned["contacts"],
            send_method=cleaned["send_method"],
            send_message="" if is_template else cleaned["send_message"],
            send_message_id=cleaned["send_message_id"] if is_template else None,
            password_reset=cleaned["password_reset"],
        )
