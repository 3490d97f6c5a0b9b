"""The option forms of creating and sending proposals by the hundred."""

from typing import Any

from django import forms
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from offorte_portal.adminkit.fields import TextField
from offorte_portal.adminkit.html import sanitise
from offorte_portal.compose.last_message import LastMessage, find_last_message
from offorte_portal.compose.many.recipe import NAME_CHARACTERS, OWNER
from offorte_portal.compose.sources import copy_tables
from offorte_portal.jobs.action_forms import FORMS, ActionForm
from offorte_portal.mirror import search
from offorte_portal.staff.access import REASSIGN, find_owner
from offorte_portal.text.languages import spoken
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    Proposal,
    ProposalTemplate,
    TextTemplate,
)

# The number of proposals that a search offers to copy rows from.
MOST_SOURCES = 20
# The number of selected proposals whose languages are looked at.
MOST_ASKED = 500
OFFORTES = gettext_lazy("Offorte’s default")
MESSAGE = gettext_lazy(
    "Dear {company_people_firstname},\n\nHere is our proposal “{proposal_name}”. Do call me if you have any questions."
    "\n\nKind regards,\n%(sender)s"
)


def row_field(label: Any, model: Any, **options: Any) -> Any:
    """Return a field to choose one row of the model, or none."""
    return forms.ModelChoiceField(model.objects.none(), label=label, required=False, empty_label=OFFORTES, **options)


class CreateForm(ActionForm):
    pattern = forms.CharField(
        label=gettext_lazy("Name of each proposal"),
        max_length=NAME_CHARACTERS,
        initial=gettext_lazy("Proposal for {company}"),
        help_text=gettext_lazy(
            "You can use {company}, {city}, {template}, {owner} and {date}. They are filled in for each proposal."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    proposal_template_id = row_field(gettext_lazy("Proposal template"), ProposalTemplate)
    words = forms.CharField(
        label=gettext_lazy("Copy price rows from a proposal"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Enter its name or number. Leave empty to use only the rows of the template."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    source = forms.TypedChoiceField(
        label=gettext_lazy("Which one?"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    account_user_id = row_field(gettext_lazy("Owner"), AccountUser)
    design_template_id = row_field(gettext_lazy("Design template"), DesignTemplate)
    text_template_id = row_field(gettext_lazy("Text template"), TextTemplate)
    automations_set_id = row_field(gettext_lazy("Automation set"), AutomationSet)
    who = forms.ChoiceField(
        label=gettext_lazy("Who will receive them?"),
        choices=[
            ("everyone", gettext_lazy("Everyone at the company who has an e-mail address")),
            ("only", gettext_lazy("The only contact with an e-mail address, if there is just one")),
            ("nobody", gettext_lazy("No one yet, choose later")),
        ],
        initial="everyone",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Nothing is sent yet. The proposals are created with the status “In edit”."),
    )
    again = forms.BooleanField(
        label=gettext_lazy(
            "Also create a proposal if the company already has one with this name that is in edit or open"
        ),
        required=False,
    )

    def prepare(self) -> None:
        """Offer the rows of the selection's accounts, and the owner to those who may choose one."""
        for name, model in CHOICES.items():
            order = "firstname" if model is AccountUser else "name"
            self.fields[name].queryset = self.present(model).order_by(order)  # type: ignore[attr-defined]
        self.label_accounts(*CHOICES)
        if self.by is None or not self.by.has_perm(REASSIGN):
            del self.fields[OWNER]
        elif len(self.chosen.connections) == 1:
            (connection_id,) = self.chosen.connections
            remote_id = find_owner(connection_id, self.by) or 0
            own = AccountUser.objects.present().filter(connection=connection_id, remote_id=remote_id).first()
            self.fields[OWNER].initial = own.pk if own else None
        words = str(self.data.get("words", "")).strip()
        found = search.apply(self.present(Proposal), words).order_by("-remote_id") if words else Proposal.objects.none()
        self.found: list[Proposal] = list(found.defer("payload", "search_text")[:MOST_SOURCES])
        field = self.fields["source"]
        field.choices = [(row.pk, self._describe(row)) for row in self.found]  # type: ignore[attr-defined]
        if len(self.found) < 2:
            field.widget = forms.HiddenInput()

    def _describe(self, proposal: Proposal) -> str:
        several = len(self.chosen.connections) > 1
        facts = [str(proposal), proposal.number, proposal.company_name, str(proposal.connection) if several else ""]
        return " · ".join(filter(None, facts))

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the chosen rows by key, and the price tables of the proposal to copy."""
        options = super().collect(cleaned)
        source = self._find_source(cleaned)
        if source is None:
            return options | {"source": None}
        tables, notes = copy_tables(source, sanitise)
        return options | {"source": source.pk, "tables": tables, "notes": notes}

    def _find_source(self, cleaned: dict[str, Any]) -> Proposal | None:
        if not cleaned.get("words"):
            return None
        named = [proposal for proposal in self.found if proposal.pk == cleaned.get("source")] or self.found
        if len(named) == 1 and named[0].details_as_of is not None:
            return named[0]
        if len(named) == 1:
            text = _("The portal hasn’t loaded the rows of “%s” yet. Open that proposal once, then come back.")
            self.add_error("words", text % named[0])
        elif named:
            self.add_error("source", _("Choose one of these."))
        else:
            self.add_error("words", _("No proposal found. Check the name or number."))
        return None


class SendForm(ActionForm):
    who = forms.ChoiceField(
        label=gettext_lazy("Who receives them?"),
        choices=[
            ("chosen", gettext_lazy("The recipients chosen for each proposal")),
            ("everyone", gettext_lazy("Everyone at the company who has an e-mail address")),
        ],
        initial="chosen",
        widget=forms.RadioSelect,
    )
    send_method = forms.ChoiceField(
        label=gettext_lazy("How?"),
        choices=[
            ("offorte", gettext_lazy("Offorte sends them by e-mail")),
            ("self", gettext_lazy("We share the links ourselves; no e-mail is sent")),
        ],
        initial="offorte",
        widget=forms.RadioSelect,
    )
    words = forms.ChoiceField(
        label=gettext_lazy("Which message?"),
        choices=[
            ("message", gettext_lazy("My own message")),
            ("template", pgettext_lazy("words to send", "An e-mail template")),
        ],
        initial="message",
        widget=forms.RadioSelect,
    )
    send_message = TextField(
        gettext_lazy("Message"),
        help_text=gettext_lazy(
            "You can use {company_people_firstname}, {company_people_fullname}, {company_name} and "
            "{proposal_name}. They are filled in for each recipient."
        ),
    )
    send_message_id = forms.ModelChoiceField(
        EmailTemplate.objects.none(),
        label=gettext_lazy("E-mail template"),
        required=False,
        empty_label=gettext_lazy("Choose…"),
    )

    def prepare(self) -> None:
        """Offer the templates of the selection's accounts, and suggest a message."""
        self.fields["send_message_id"].queryset = self.present(EmailTemplate).order_by(  # type: ignore[attr-defined]
            "name"
        )
        self.label_accounts("send_message_id")
        name = str(self.by) if self.by else ""
        field, last = self.fields["send_message"], self.find_last()
        field.initial = last.text if last else self.suggest_message(name)
        if last and (source := last.label(self.data.get("send_message"))):
            field.help_text = f"{source} {field.help_text}"

    @cached_property
    def language(self) -> str:
        """The language of the proposals, or the person's own if they have several."""
        rows = Proposal.objects.filter(pk__in=self.chosen.keys[:MOST_ASKED])
        stored = rows.order_by().values_list("language", flat=True).distinct()
        languages = {spoken(text) for text in stored} - {""}
        return languages.pop() if len(languages) == 1 else translation.get_language() or ""

    def find_last(self) -> LastMessage | None:
        """Return the person's last message in the language of the proposals."""
        return find_last_message(self.by, self.language) if self.by else None

    def suggest_message(self, sender: str) -> str:
        """Return a message to begin with, in the language of the proposals."""
        with translation.override(self.language):
            return str(MESSAGE) % {"sender": sender}


CHOICES: dict[str, Any] = {
    "proposal_template_id": ProposalTemplate,
    OWNER: AccountUser,
    "design_template_id": DesignTemplate,
    "text_template_id": TextTemplate,
    "automations_set_id": AutomationSet,
}
FORMS.update({"companies.create_proposals": CreateForm, "proposals.send": SendForm})
