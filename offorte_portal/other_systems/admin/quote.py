"""Quotes of other systems: their list, and the page of one with its mapped values and the original answer."""

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
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import kept_selection
from offorte_portal.other_systems.actions import COPY
from offorte_portal.other_systems.admin.lists import ImportedListAdmin
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.pages import quote_filters
from offorte_portal.other_systems.pages.quote_page import MAY_COPY, money, quote_context
from offorte_portal.writes.models import Operation

# The list's bar with bulk actions; a button's label ends in an ellipsis there.
BAR = BulkBar((COPY,))


@admin.register(ImportedQuote)
class ImportedQuoteAdmin(ImportedListAdmin[ImportedQuote]):
    """A read-only admin; nothing is ever written to the other system."""

    list_display = ["title_cell", "status_pill", "amount", "customer", "quoted", "system", "made"]
    list_display_links = ["title_cell"]
    list_filter = quote_filters.QUOTE_FILTERS
    list_select_related = ["source", "company", "created_with"]
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Number, title, customer or e-mail")
    card_columns = ("status_pill", "amount")
    ordering = ("-quoted_on",)
    change_list_template = "other_systems/quotes.html"
    change_form_template = "other_systems/quote.html"

    @admin.display(description=gettext_lazy("Quote"), ordering="title_key")
    def title_cell(self, quote: ImportedQuote) -> SafeString:
        """Return the title, with number and customer below it."""
        return columns.two_lines(quote, [quote.number, quote.company_name])

    @admin.display(description=gettext_lazy("Status"))
    def status_pill(self, quote: ImportedQuote) -> SafeString:
        if not quote.status:
            return columns.unknown()
        return columns.pill(quote.status, quote.get_status_display())

    @admin.display(description=gettext_lazy("Total"), ordering="total")
    def amount(self, quote: ImportedQuote) -> SafeString:
        """Return the total without VAT in the quote's currency."""
        return money(quote.total, quote.currency)

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, quote: ImportedQuote) -> SafeString:
        """Return the state of the match of the quote's customer."""
        if quote.company is None:
            return columns.nothing()
        kinds = {"open": "edit", "proposed": "warn", "confirmed": "good", "new": "info"}
        return columns.pill(kinds[quote.company.state], quote.company.get_state_display())

    @admin.display(description=gettext_lazy("Date"), ordering="quoted_on")
    def quoted(self, quote: ImportedQuote) -> Any:
        """Return the date of the quote."""
        return quote.quoted_on or columns.nothing()

    @admin.display(description=gettext_lazy("System"))
    def system(self, quote: ImportedQuote) -> str:
        return str(quote.source)

    @admin.display(description=gettext_lazy("In Offorte"))
    def made(self, quote: ImportedQuote) -> SafeString:
        """Return how far copying the quote to Offorte has got."""
        operation = quote.created_with
        if operation is None:
            return columns.nothing()
        kind = "good" if operation.state == Operation.State.DONE else "info" if operation.is_pending else "bad"
        label = _("Copied") if operation.state == Operation.State.DONE else operation.get_state_display()
        return columns.pill(kind, label)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list with its bar. The bar's POST goes on to the page that copies quotes.

        It takes the ticked quotes or, with `select_across`, all of the list. Raises PermissionDenied.
        """
        if request.method != "POST" or "bulk" not in request.POST:
            return super().changelist_view(request, extra_context)
        if not request.user.has_perms(MAY_COPY) or request.POST["bulk"] != COPY.name:
            raise PermissionDenied
        ticked = request.POST.getlist("_selected_action")
        if not ticked:
            messages.warning(request, _("Select something first."))
            return redirect(request.get_full_path())
        across = request.POST.get("select_across") == "1"
        query = request.GET.urlencode() if across else urlencode({"pk": ticked}, doseq=True)
        return redirect(f"{reverse('quotes_copy')}?{query}")

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Add the bar for people who may copy quotes."""
        may = request.user.has_perms(MAY_COPY)
        kept = len(kept_selection.find(request)) if may else 0
        return super().list_context(request, changelist) | {
            "bulk": BAR if may and changelist.result_list else None,
            "kept": kept,
            "can_continue": kept and Connection.objects.filter(state=Connection.State.CONNECTED).exists(),
        }

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the quotes that have been read, without their answers, which lists don't show."""
        return super().get_queryset(request).exclude(status="").defer("raw", "search_text")

    def record_context(self, request: HttpRequest, obj: ImportedQuote) -> dict[str, Any]:
        return quote_context(request, obj)
