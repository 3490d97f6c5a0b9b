"""Forms for the options of bulk actions on proposals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from offorte_portal.adminkit.fields import AmountField
from offorte_portal.jobs.action_forms import FORMS, ActionForm
from offorte_portal.tracking import losses
from offorte_portal.tracking.why_fields import WhyFields
from proposals.models import AccountUser, DesignTemplate, TextTemplate

# The most proposals for which people can be chosen one by one; for more of them, it is everyone.
FEW_PROPOSALS = 50
MOST_PEOPLE = 200


class LostForm(WhyFields, ActionForm):
    """Why the proposals were lost: the same for all of them."""

    def prepare(self) -> None:
        """Offer the managers' list of reasons."""
        self.fields["reason"].label = _("Why were they lost?")
        self.offer_reasons(self.chosen.connections)

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return losses.to_options(self.why)


class OwnerForm(ActionForm):
    owner = forms.ModelChoiceField(AccountUser.objects.none(), label=_("New owner"), empty_label=_("Choose…"))

    def prepare(self) -> None:
        """Offer the Offorte users of the selection's accounts."""
        self.fields["owner"].queryset = self.present(AccountUser).order_by(  # type: ignore[attr-defined]
            "firstname", "lastname", "email"
        )
        self.label_accounts("owner")


class TemplateForm(ActionForm):
    """A choice of a text or design template, depending on the action."""

    template = forms.ModelChoiceField(DesignTemplate.objects.none(), label=_("Template"), empty_label=_("Choose…"))

    def prepare(self) -> None:
        """Offer the templates of the selection's accounts."""
        model = TextTemplate if self.action.name == "proposals.set_text" else DesignTemplate
        self.fields["template"].queryset = self.present(model).order_by("name")  # type: ignore[attr-defined]
        self.label_accounts("template")


class ContactsForm(ActionForm):
    who = forms.ChoiceField(
        label=_("Who receives them?"),
        choices=[("everyone", _("Everyone at the proposal’s company")), ("chosen", _("These people:"))],
        initial="everyone",
        widget=forms.RadioSelect,
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("People"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each proposal gets only the people at its own company."),
    )

    def prepare(self) -> None:
        """Offer the people at the companies of the selected proposals, unless too many are selected."""
        if len(self.chosen.keys) > FEW_PROPOSALS:
            del self.fields["people"]
            self.fields["who"].choices = self.fields["who"].choices[:1]  # type: ignore[attr-defined]
            return
        people = self.present(Person).filter(company__proposals__in=self.chosen.keys).distinct()
        self.fields["people"].queryset = people.order_by("name_key")  # type: ignore[attr-defined]

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        people = cleaned.get("people", ()) if cleaned.get("who") == "chosen" else ()
        return {"who": cleaned["who"], "people": [person.pk for person in people]}


class RenameForm(ActionForm):
    pattern = forms.CharField(
        label=_("New name"),
        max_length=200,
        initial="{name}",
        help_text=_(
            "Use {name} for the current name, {number} for the proposal number, {company} for the company and {date} "
            "for today’s date."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ValueForm(ActionForm):
    value = AmountField(
        _("Value in the pipeline"),
        required=True,
        help_text=_("Offorte uses this value in its pipeline. Prices in the proposals don’t change."),
    )


FORMS.update(
    {
        "proposals.mark_lost": LostForm,
        "proposals.set_owner": OwnerForm,
        "proposals.set_design": TemplateForm,
        "proposals.set_text": TemplateForm,
        "proposals.set_contacts": ContactsForm,
        "proposals.rename": RenameForm,
        "proposals.set_value": ValueForm,
    }
)
