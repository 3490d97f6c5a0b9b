"""The list of companies."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.admin.options import offer_companies
from contacts.admin.record import company_context, company_losses
from contacts.forms import CompanyForm
from contacts.models import Company, Person
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.additions import field_column
from offorte_portal.adminkit.admin import MirrorAdmin
from offorte_portal.adminkit.filters import ChoicesFilter, ColumnTextFilter, RemovedFilter, YesNoFilter
from offorte_portal.adminkit.record_hooks import Loss
from offorte_portal.text.countries import country_code
from proposals.models import Proposal


class CityFilter(ColumnTextFilter):
    title = _("City")
    name = column = "city"


class ProvinceFilter(ColumnTextFilter):
    title = _("Province")
    name = "province"
    column = "state"


class CountryFilter(ColumnTextFilter):
    title = _("Country")
    name = column = "country"

    def fits(self, value: str, text: str) -> bool:
        """Return whether both name the same country: by its code or in any language that is known."""
        code = country_code(text)
        return super().fits(value, text) or (code is not None and country_code(value) == code)


def proposals_of_company() -> QuerySet[Any]:
    """Return the present proposals of the outer query's company, for a subquery."""
    return Proposal.objects.filter(company=OuterRef("pk"), removed_at__isnull=True)


class ProposalsFilter(YesNoFilter):
    title = _("Has proposals")
    name = "proposals"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        has_any = Exists(proposals_of_company())
        return queryset.filter(has_any if values == ["yes"] else ~has_any)


class OpenProposalsFilter(ChoicesFilter):
    title = _("Has open proposals")
    name = "open"
    options = (("yes", _("Yes")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(Exists(proposals_of_company().filter(status=Proposal.Status.OPEN)))


def count_rows(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of rows of a subquery per company; 0 where there are none."""
    return Coalesce(Subquery(rows.order_by().values("company").annotate(n=Count("pk")).values("n")), 0)


@admin.register(Company)
class CompanyAdmin(MirrorAdmin[Company]):
    """Companies of all accounts."""

    list_display = ("title", "email_text", "phone_text", "people_count", "proposal_count")
    list_only = ("name", "city", "email", "phone")
    more_columns = (
        field_column("street", _("Street")),
        field_column("zipcode", _("Zip code")),
        field_column("city", _("City")),
        field_column("state", _("Province")),
        field_column("country", _("Country")),
        field_column("internet", _("Website")),
        field_column("vat_number", _("VAT number")),
        field_column("coc_number", _("Chamber of commerce number")),
        field_column("remote_id", _("Offorte ID"), name="offorte_id"),
    )
    list_filter = (
        CityFilter,
        ProvinceFilter,
        CountryFilter,
        ProposalsFilter,
        OpenProposalsFilter,
        RemovedFilter,
    )
    search_fields = ("search_text",)
    search_help_text = _("Name, city, e-mail, phone, VAT number, person")
    ordering = ("name_key",)
    card_columns = ("proposal_count",)
    record_form = CompanyForm
    new_title = _("New company")
    import_kind = "companies"

    def record_context(self, request: HttpRequest, obj: Company) -> dict[str, Any]:
        return company_context(request, obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.options_view)
        return [path("options/", view, name="contacts_company_options"), *super().get_urls()]

    def options_view(self, request: HttpRequest) -> HttpResponse:
        """Return the companies of an account that a search finds, as radio buttons; the chosen company stays first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return offer_companies(request)

    def deletion_losses(self, request: HttpRequest, obj: Company) -> list[Loss]:
        return company_losses(request, obj)

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count people and proposals only for the rows of one page."""
        people = Person.objects.filter(company=OuterRef("pk"), removed_at__isnull=True)
        return (
            super()
            .get_page_queryset(request)
            .annotate(people_number=count_rows(people), proposal_number=count_rows(proposals_of_company()))
        )

    @admin.display(description=_("Company"), ordering="name_key")
    def title(self, company: Company) -> SafeString:
        """Return the name, with city and account on a second line."""
        return columns.two_lines(company, [company.city, columns.account_label(company)])

    @admin.display(description=_("E-mail"))
    def email_text(self, company: Company) -> SafeString | str:
        return columns.text(company.email)

    @admin.display(description=_("Phone"))
    def phone_text(self, company: Company) -> SafeString | str:
        return columns.text(company.phone)

    @admin.display(description=_("People"))
    def people_count(self, company: Any) -> SafeString:
        return columns.number(company.people_number)

    @admin.display(description=_("Proposals"))
    def proposal_count(self, company: Any) -> SafeString:
        return columns.number(company.proposal_number)
