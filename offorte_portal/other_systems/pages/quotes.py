"""Views of imported quotes: their documents, and people's decisions about their customers."""

from urllib.parse import quote as quoted

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.other_systems import deciding
from offorte_portal.other_systems.matching import MODELS
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch
from offorte_portal.other_systems.opening import fetch_document
from offorte_portal.other_systems.systems.errors import SourceError
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.waiting.marks import asks_elsewhere

QUOTE_PAGE = "admin:other_systems_importedquote_change"
MATCH_PAGE = "admin:other_systems_partymatch_change"
MATCHES = "admin:other_systems_partymatch_changelist"
MAY_MATCH = "other_systems.match_importedquote"
# The content types that are passed on; any other file gets a generic one. Files are saved, never displayed.
TYPES = ("application/pdf", "text/html; charset=utf-8", "image/png", "image/jpeg")


@asks_elsewhere(gettext_lazy("Downloading the document…"), methods=("GET",))
@staff_view("other_systems.view_importedquote")
def quote_document(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """Return a document of a quote, which is downloaded from the other system now."""
    quote = get_object_or_404(ImportedQuote.objects.select_related("source"), pk=pk)
    try:
        name, file = fetch_document(quote, place)
    except SourceError as error:
        messages.error(request, _("We couldn’t download the document. %s") % put_into_words(error.reason))
        return redirect(QUOTE_PAGE, pk)
    kind = file.content_type.partition(";")[0].strip().lower()
    known = next((content_type for content_type in TYPES if content_type.startswith(kind)), "") if kind else ""
    response = HttpResponse(file.content, content_type=known or "application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quoted(name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@staff_view(MAY_MATCH, methods=["POST"])
def confirm_match(request: StaffRequest, pk: int) -> HttpResponse:
    """Record that a customer or person is this one in Offorte."""
    match = get_object_or_404(PartyMatch.objects.select_related("source"), pk=pk)
    rows = MODELS[match.kind].objects.present()
    if match.source.target_id:
        rows = rows.filter(connection=match.source.target_id)
    chosen = request.POST.get("row", "")
    row = rows.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else None
    if row is None:
        messages.error(request, _("This customer is no longer in Offorte. Choose another one."))
        return redirect(MATCH_PAGE, pk)
    deciding.confirm(match, row, by=request.user)
    messages.success(request, _("%(there)s is now matched with %(here)s.") % {"there": match, "here": row})
    return _back(request, match)


@staff_view(MAY_MATCH, methods=["POST"])
def mark_match_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Record that Offorte does not have the customer or person yet."""
    match = get_object_or_404(PartyMatch, pk=pk)
    deciding.mark_new(match, by=request.user)
    messages.success(request, _("%s will be created in Offorte when you copy the first quote.") % match)
    return _back(request, match)


@staff_view(MAY_MATCH, methods=["POST"])
def reopen_match(request: StaffRequest, pk: int) -> HttpResponse:
    """Withdraw the decision about a customer or person, unless it was created in Offorte by the portal."""
    match = get_object_or_404(PartyMatch.objects.select_related("source", "company"), pk=pk)
    if match.created_with_id:
        messages.error(request, _("%s was created in Offorte from the portal, so this match can’t be undone.") % match)
    else:
        deciding.reopen(match)
    return redirect(MATCH_PAGE, pk)


@staff_view(MAY_MATCH, methods=["POST"])
def confirm_certain(request: StaffRequest) -> HttpResponse:
    """Confirm all suggested matches, of companies or of people, that the portal is nearly certain of."""
    kind = request.POST.get("kind", PartyMatch.Kind.COMPANY)
    count = deciding.confirm_certain(kind, by=request.user)
    messages.success(
        request, ngettext("%(count)d match confirmed.", "%(count)d matches confirmed.", count) % {"count": count}
    )
    return redirect(f"{reverse(MATCHES)}?{urlencode({'kind': kind})}")


def _back(request: HttpRequest, match: PartyMatch) -> HttpResponse:
    """Redirect to the quote that a person came from, else to the customer."""
    came_from = request.POST.get("quote", "")
    if came_from.isascii() and came_from.isdecimal() and len(came_from) < 19:
        return redirect(QUOTE_PAGE, int(came_from))
    return redirect(MATCH_PAGE, match.pk)


quote_urls = [
    path("<int:pk>/documents/<int:place>/", quote_document, name="quote_document"),
    path("customers/<int:pk>/confirm/", confirm_match, name="match_confirm"),
    path("customers/<int:pk>/new/", mark_match_new, name="match_new"),
    path("customers/<int:pk>/reopen/", reopen_match, name="match_reopen"),
    path("customers/certain/", confirm_certain, name="match_certain"),
]
