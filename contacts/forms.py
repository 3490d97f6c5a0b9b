"""Forms for companies and people, with the fields that Offorte accepts (reference, "Contacts")."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.duplicates import find_duplicates
from contacts.models import Company, Person
from offorte_portal.adminkit.fields import CompanyField, EmailField, LineField, PhoneField
from offorte_portal.adminkit.form_checks import chosen_company, clean_company
from offorte_portal.adminkit.forms import FormWarning, Json, RecordForm, Section
from offorte_portal.adminkit.records import record_url
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.text.vat_numbers import check_vat_number


def web_field(label: Any) -> LineField:
    """Return a field for a web address, with or without the scheme."""
    return LineField(label, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}))


class ContactForm(RecordForm):
    """The fields that companies and people share."""

    street = LineField(gettext_lazy("Street and number"))
    zipcode = LineField(gettext_lazy("Zip code"))
    city = LineField(gettext_lazy("City"))
    state = LineField(pgettext_lazy("part of a country", "Province or state"))
    country = LineField(gettext_lazy("Country"))
    phone = PhoneField(gettext_lazy("Phone"))
    email = EmailField(gettext_lazy("E-mail"))
    internet = web_field(gettext_lazy("Website"))
    linkedin = web_field(gettext_lazy("LinkedIn"))
    facebook = web_field(gettext_lazy("Facebook"))
    twitter = web_field(gettext_lazy("Twitter"))


ADDRESS = Section(gettext_lazy("Address"), ("street", "zipcode", "city", "state", "country"))
WEB = Section(gettext_lazy("On the web"), ("internet", "linkedin", "facebook", "twitter"))


class CompanyForm(ContactForm):
    """A form to create or change a company."""

    target = "companies"
    model = Company
    sections = (
        Section(gettext_lazy("Company"), ("name", "vat_number", "coc_number")),
        Section(pgettext_lazy("how to reach somebody", "Contact"), ("email", "phone", "fax")),
        ADDRESS,
        WEB,
    )
    wide = ("name", "street")

    name = LineField(gettext_lazy("Name"), required=True)
    fax = PhoneField(gettext_lazy("Fax"))
    coc_number = LineField(gettext_lazy("Chamber of commerce number"))
    vat_number = LineField(gettext_lazy("VAT number"))

    field_order = ("name", "vat_number", "coc_number", "email", "phone", "fax")

    def find_warnings(self, changes: Json) -> list[FormWarning]:
        """Return warnings about an invalid VAT number and, for a new company, about possible duplicates."""
        text = put_into_words(check_vat_number(str(changes.get("vat_number") or "")))
        warnings = [FormWarning("vat_number", text)] if text else []
        found = [] if self.row else find_duplicates(self.connection, changes)
        if found:
            links = tuple(
                (f"{duplicate.company}: {duplicate.reason}", record_url(self.user, duplicate.company))
                for duplicate in found
            )
            warnings.append(FormWarning("", _("This company may already exist:"), links))
        return warnings


class PersonForm(ContactForm):
    """A form to create or change a person in a company."""

    target = "people"
    model = Person
    sections = (
        Section(
            gettext_lazy("Person"),
            ("company_id", "fullname", "salutation", "firstname", "lastname"),
        ),
        Section(pgettext_lazy("how to reach somebody", "Contact"), ("email", "phone", "mobile")),
        ADDRESS,
        WEB,
    )
    wide = ("company_id", "street")
    columns = {"company_id": "company_remote_id"}
    parent_field = "company_id"
    parent_model = Company
    parent_query = "company"

    company_id = CompanyField(gettext_lazy("Company"), required=True)
    fullname = LineField(gettext_lazy("Full name"), required=True)
    email = EmailField(gettext_lazy("E-mail"), required=True)
    firstname = LineField(gettext_lazy("First name"))
    lastname = LineField(gettext_lazy("Last name"))
    salutation = LineField(gettext_lazy("Salutation"))
    mobile = PhoneField(gettext_lazy("Mobile"))

    def prepare(self) -> None:
        """Remove the company of an existing person: Offorte can't move a person to another company."""
        if self.row:
            del self.fields["company_id"]

    def clean_company_id(self) -> int | None:
        """Return the company's id. Raises ValidationError unless it is a present company of this account."""
        return clean_company(self, self.cleaned_data["company_id"])

    @property
    def company_options(self) -> list[Company]:
        """The chosen company, which is the only option until a person searches for another."""
        return chosen_company(self, "company_id")

    def parent(self) -> int | None:
        """Return the id of the person's company, which is part of Offorte's URL for existing people too."""
        return self.row.company_remote_id if isinstance(self.row, Person) else super().parent()

    def label(self) -> str:
        return str(self.row) if self.row else str(self.cleaned_data.get("fullname", ""))
