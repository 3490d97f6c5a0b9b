"""The list of people."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.admin.record import person_context
from contacts.forms import PersonForm
from contacts.models import Person
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.additions import ListColumn, field_column
from offorte_portal.adminkit.admin import MirrorAdmin
from offorte_portal.adminkit.deletion import RecordDeletion
from offorte_portal.adminkit.filters import CompanyFilter, RemovedFilter, YesNoFilter


class EmailFilter(YesNoFilter):
    title = _("Has an e-mail address")
    name = "email"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.exclude(email="") if values == ["yes"] else queryset.filter(email="")


def show_company(person: Person) -> SafeString:
    return columns.text(str(person.company) if person.company else "")


@admin.register(Person)
class PersonAdmin(MirrorAdmin[Person]):
    """People in companies."""

    list_display = ("title", "email_text", "phone_text")
    list_only = (
        "fullname",
        "firstname",
        "lastname",
        "email",
        "phone",
        "mobile",
        "company__name",
        "company__remote_id",
    )
    more_columns = (
        ListColumn(name="company_text", title=_("Company"), show=show_company),
        field_column("firstname", _("First name")),
        field_column("lastname", _("Last name")),
        field_column("mobile", _("Mobile")),
        field_column("phone", _("Landline"), name="landline"),
        field_column("street", _("Street")),
        field_column("zipcode", _("Zip code")),
        field_column("city", _("City")),
        field_column("country", _("Country")),
        field_column("internet", _("Website")),
        field_column("linkedin", _("LinkedIn")),
        field_column("remote_id", _("Offorte ID"), name="offorte_id"),
    )
    list_filter = (CompanyFilter, EmailFilter, RemovedFilter)
    search_fields = ("search_text",)
    search_help_text = _("Name, e-mail, phone, company")
    ordering = ("name_key",)
    card_columns = ("phone_text",)
    record_related = ("connection", "company")
    record_form = PersonForm
    new_title = _("New person")
    import_kind = "people"

    def make_deletion(self, request: HttpRequest, obj: Person) -> RecordDeletion:
        """Return a deletion with the person's company, which is part of Offorte's URL."""
        return RecordDeletion(self, request, obj, parent=obj.company_remote_id)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Deny changes while the company is unknown: it is part of Offorte's URL of a person."""
        is_addressed = obj is None or obj.company_remote_id is not None
        return is_addressed and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Deny deletion while the company is unknown."""
        is_addressed = obj is None or obj.company_remote_id is not None
        return is_addressed and super().has_delete_permission(request, obj)

    def record_context(self, request: HttpRequest, obj: Person) -> dict[str, Any]:
        return person_context(request, obj)

    @admin.display(description=_("Person"), ordering="name_key")
    def title(self, person: Person) -> SafeString:
        """Return the name, with company and account on a second line."""
        company = str(person.company) if person.company else ""
        return columns.two_lines(person, [company, columns.account_label(person)])

    @admin.display(description=_("E-mail"))
    def email_text(self, person: Person) -> SafeString | str:
        return columns.text(person.email)

    @admin.display(description=_("Phone"))
    def phone_text(self, person: Person) -> SafeString | str:
        """Return the mobile number, or the other number where there is none."""
        return columns.text(person.mobile or person.phone)
