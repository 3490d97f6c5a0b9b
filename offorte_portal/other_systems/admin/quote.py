"""Quotes of other systems: a list of their own, and a page that shows what the portal makes of one and the original."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.bulk_bar import BulkBar
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.other_systems.actions import RECREATE as RECREATE_JOB
from offorte_portal.other_systems.admin.lists import ImportedListAdmin
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.pages import quote_filters
from offorte_portal.other_systems.pages.quote_page import RECREATE, money, quote_context
from offorte_portal.writes.models import Operation

# What the bar of the list offers; a button's label ends in an ellipsis there.
BAR = BulkBar((RECREATE_JOB,))


@admin.register(ImportedQuote)
class ImportedQuoteAdmin(ImportedListAdmin[ImportedQuote]):
    """To look at; nothing of it is ever written to the other system."""

    list_display = ["title_cell", "status_pill", "amount", "customer", "quoted", "system", "made"]
    list_display_links = ["title_cell"]
    list_filter = quote_filters.QUOTE_FILTERS
    list_select_related = ["source", "company", "created_with"]
    search_fields = ("search_text",)
    search_column = "search_text"
    search_help_text = gettext_lazy("Number, title, customer, e-mail")
    card_columns = ("status_pill", "amount")
    ordering = ("-quoted_on",)
    change_list_template = "other_systems/quotes.html"
    change_form_template = "other_systems/quote.html"

    @admin.display(description=gettext_lazy("Quote"), ordering="title_key")
    def title_cell(self, quote: ImportedQuote) -> SafeString:
        """The title; below it number and customer."""
        return columns.two_lines(quote, [quote.number, quote.company_name])

    @admin.display(description=gettext_lazy("Status"))
    def status_pill(self, quote: ImportedQuote) -> SafeString:
        """The status in its colour."""
        if not quote.status:
            return columns.unknown()
        return columns.pill(quote.status, quote.get_status_display())

    @admin.display(description=gettext_lazy("Total"), ordering="total")
    def amount(self, quote: ImportedQuote) -> SafeString:
        """Without VAT, in the quote's currency."""
        return money(quote.total, quote.currency)

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, quote: ImportedQuote) -> SafeString:
        """Whether it is known who that is in Offorte."""
        if quote.company is None:
            return columns.nothing()
        kinds = {"open": "edit", "proposed": "warn", "confirmed": "good", "new": "info"}
        return columns.pill(kinds[quote.company.state], quote.company.get_state_display())

    @admin.display(description=gettext_lazy("Date"), ordering="quoted_on")
    def quoted(self, quote: ImportedQuote) -> Any:
        """The day of the quote."""
        return quote.quoted_on or columns.nothing()

    @admin.display(description=gettext_lazy("System"))
    def system(self, quote: ImportedQuote) -> str:
        """Where it is from."""
        return str(quote.source)

    @admin.display(description=gettext_lazy("In Offorte"))
    def made(self, quote: ImportedQuote) -> SafeString:
        """Whether it was made anew."""
        operation = quote.created_with
        if operation is None:
            return columns.nothing()
        kind = "good" if operation.state == Operation.State.DONE else "info" if operation.is_pending else "bad"
        label = _("Made") if operation.state == Operation.State.DONE else operation.get_state_display()
        return columns.pill(kind, label)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with its bar; what was ticked goes on to the page that makes it anew."""
        if request.method == "POST" and "bulk" in request.POST:
            return self.begin(request)
        return super().changelist_view(request, extra_context)

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Take the ticked quotes, or with the flag all that the list finds, to where one says how."""
        if not request.user.has_perms(RECREATE) or request.POST["bulk"] != RECREATE_JOB.name:
            raise PermissionDenied
        ticked = request.POST.getlist("_selected_action")
        if not ticked:
            messages.warning(request, _("Select something first."))
            return redirect(request.get_full_path())
        across = request.POST.get("select_across") == "1"
        query = request.GET.urlencode() if across else urlencode({"pk": ticked}, doseq=True)
        return redirect(f"{reverse('quotes_recreate')}?{query}")

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """With the bar for who may make quotes anew."""
        may = request.user.has_perms(RECREATE) and bool(changelist.result_list)
        return super().list_context(request, changelist) | {"bulk": BAR if may else None}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the answers, which lists don't show."""
        return super().get_queryset(request).exclude(status="").defer("raw", "search_text")

    def record_context(self, request: HttpRequest, obj: ImportedQuote) -> dict[str, Any]:
        """What the portal makes of it, and the original."""
        return quote_context(request, obj)
