"""The form for an existing proposal, with the fields that Offorte accepts (reference, "Update proposal")."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company, Person
from offorte_portal.adminkit.fields import AmountField, CompanyField, LineField, PeopleField, RowField
from offorte_portal.adminkit.form_checks import chosen_company, clean_company, warn_of_amount
from offorte_portal.adminkit.forms import FormWarning, Json, RecordForm, Section
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import REASSIGN
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import Loss
from offorte_portal.tracking.why_fields import WhyFields
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, DesignTemplate, Proposal, TextTemplate

# The most people that a page can sensibly show.
MOST_PEOPLE = 200
WHY = ("reason", "words", "competitor")
LOST = Proposal.Status.LOST


class ProposalForm(WhyFields, RecordForm):
    """A form to change a proposal; its content is written in Offorte itself. If it is lost, the form asks why."""

    target = "proposals"
    model = Proposal
    sections = (
        Section(gettext_lazy("Proposal"), ("name", "status", "account_user_id", "price_total")),
        Section(
            gettext_lazy("Why it was lost"),
            WHY,
            gettext_lazy("Saved in the portal for you and your team. Offorte can’t store it."),
        ),
        Section(gettext_lazy("Company and recipients"), ("company_id", "company_contacts")),
        Section(gettext_lazy("Templates"), ("design_template_id", "text_template_id")),
    )
    wide = ("name", "words")
    own = WHY
    columns = {
        "account_user_id": "owner_remote_id",
        "company_id": "company_remote_id",
        "design_template_id": "design_template_remote_id",
        "text_template_id": "text_template_remote_id",
    }

    name = LineField(gettext_lazy("Name"), required=True)
    status = RowField(gettext_lazy("Status"))
    account_user_id = RowField(
        gettext_lazy("Owner"), help_text=gettext_lazy("The proposal is sent on behalf of its owner.")
    )
    price_total = AmountField(
        gettext_lazy("Pipeline value"), help_text=gettext_lazy("The value shown in Offorte’s lists.")
    )
    company_id = CompanyField(gettext_lazy("Company"), has_receivers=True)
    company_contacts = PeopleField(
        gettext_lazy("Recipients"),
        help_text=gettext_lazy(
            "Offorte doesn’t show who is selected now. The people you tick here replace them. If you tick no one, "
            "nothing changes."
        ),
    )
    design_template_id = RowField(gettext_lazy("Design template"))
    text_template_id = RowField(gettext_lazy("Text template"))

    def prepare(self) -> None:
        """Offer the choices of the account, and remove the owner from users who may not change it."""
        status: Any = self.fields["status"]
        is_known = self.opened.get("status") in Proposal.Status.values
        status.choices = [*([] if is_known else [("", _("Unknown (don’t change)"))]), *Proposal.Status.choices]
        status.coerce = str
        self._prepare_why()
        if self.user.has_perm(REASSIGN):
            self.offer("account_user_id", self._rows(AccountUser, "firstname", "lastname"))
        else:
            del self.fields["account_user_id"]
        self.offer("design_template_id", self._rows(DesignTemplate, "name"))
        self.offer("text_template_id", self._rows(TextTemplate, "name"))
        self.fields["company_contacts"].choices = [  # type: ignore[attr-defined]
            (str(person.remote_id), f"{person} ({person.email})") for person in self.people
        ]

    def _prepare_why(self) -> None:
        """Ask why it is lost, unless it is lost already: then its page says why."""
        if self.opened.get("status") == LOST:
            for name in WHY:
                del self.fields[name]
            return
        self.offer_reasons([self.connection.pk])
        if "reason" in self.fields:
            reason: Any = self.fields["reason"]
            choices = reason.choices
            reason.required, reason.widget = False, forms.Select()
            reason.choices = [("", _("Choose…")), *choices]

    @property
    def is_asked(self) -> bool:
        """Whether the person chose that it is lost."""
        return "words" in self.fields and self["status"].data == LOST

    def clean(self) -> Json:
        """Ask for a reason if it is lost."""
        cleaned = super().clean()
        if self.is_asked and "reason" in self.fields and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose a reason."))
        return cleaned

    def keep(self, operation: Operation) -> None:
        """Keep why it is lost, once."""
        is_loss = self.is_asked and operation.draft.get("status") == LOST
        if is_loss and isinstance(self.row, Proposal) and not Loss.objects.filter(operation=operation).exists():
            losses.record([(self.row, operation)], self.why, self.user)

    def _rows(self, model: type[Mirrored], *order: str) -> list[Mirrored]:
        present = model._default_manager.filter(connection=self.connection, removed_at__isnull=True)
        return list(present.order_by(*order))

    @cached_property
    def people(self) -> list[Person]:
        """The people who can receive it: those of the chosen company with an e-mail address."""
        chosen = self.data.get("company_id", "") if self.is_bound else self.opened.get("company_id")
        return receivers_of(self.connection.pk, chosen)

    @property
    def company_options(self) -> list[Company]:
        """The chosen company, which is the only option until a person searches for another."""
        return chosen_company(self, "company_id")

    def clean_company_id(self) -> int | None:
        """Return the company's id. Raises ValidationError unless it is unchanged or present in this account."""
        remote_id: int | None = self.cleaned_data["company_id"]
        return remote_id if remote_id == self.opened.get("company_id") else clean_company(self, remote_id)

    def find_warnings(self, changes: Json) -> list[FormWarning]:
        """Return warnings about a negative value, and about a new company without receivers."""
        warnings = warn_of_amount("price_total", changes)
        if "company_id" in changes and not changes.get("company_contacts"):
            text = _("If you change the company, the proposal no longer has recipients.")
            warnings.append(FormWarning("", text))
        return warnings

    def show_value(self, name: str, value: Any) -> str:
        """Return a value in words; a company by its name."""
        if name == "company_id" and value:
            found = Company.objects.filter(connection=self.connection, remote_id=value).first()
            return str(found or f"#{value}")
        return super().show_value(name, value)


def receivers_of(connection_id: int, company: Any) -> list[Person]:
    """Return the people with an e-mail address of a company, given by Offorte's id; at most 200."""
    text = str(company or "")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        return []
    people = Person.objects.present().filter(connection=connection_id, company_remote_id=int(text))
    return list(people.exclude(email="").order_by("name_key")[:MOST_PEOPLE])
