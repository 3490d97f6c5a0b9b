"""The actions of connections to other systems: test, import, calibrate. Nothing is changed in the other system."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.other_systems import runs
from offorte_portal.other_systems.calibration import calibrate, choose, set_divisor
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.opening import disabled_names
from offorte_portal.other_systems.pages.amounts import UNITS
from offorte_portal.other_systems.pages.source_form import CalibrationForm
from offorte_portal.other_systems.pages.source_page import import_context
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.waiting.marks import asks_elsewhere

SOURCE_PAGE = "admin:other_systems_source_change"
MAY_IMPORT = "other_systems.import_source"
MAY_CHANGE = "other_systems.change_source"


@asks_elsewhere(gettext_lazy("Testing the connection…"))
@staff_view(MAY_IMPORT, methods=["POST"])
def test_source(request: StaffRequest, pk: int) -> HttpResponse:
    """Test the connection by reading one quote, whose shape the page then shows."""
    source = get_object_or_404(Source, pk=pk)
    if is_off(request, source):
        return redirect(SOURCE_PAGE, pk)
    if probe(source):
        messages.success(request, _("The connection to %s works. An example of its data is shown below.") % source)
    else:
        messages.error(request, _("The test failed. %s") % put_into_words(source.state_reason))
    return redirect(SOURCE_PAGE, pk)


@staff_view(MAY_IMPORT, methods=["POST"])
def start_import(request: StaffRequest, pk: int) -> HttpResponse:
    """Start an import, of everything with `everything`, unless one is active already."""
    source = get_object_or_404(Source, pk=pk)
    if is_off(request, source):
        return redirect(SOURCE_PAGE, pk)
    everything = "everything" in request.POST
    runs.request(source, trigger=QuoteImport.Trigger.PERSON, by=request.user, everything=everything)
    return redirect(SOURCE_PAGE, pk)


def is_off(request: HttpRequest, source: Source) -> bool:
    """Return whether the system is switched off; if so, add a message that says it."""
    if source.system not in disabled_names():
        return False
    messages.error(request, put_into_words(SourceReason.SWITCHED_OFF()))
    return True


@staff_view(MAY_IMPORT, methods=["POST"])
def cancel_import(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop an import; what it has read so far stays."""
    run = get_object_or_404(QuoteImport, pk=pk)
    runs.cancel(run)
    if run.is_active:
        messages.info(request, _("The import will stop in a moment."))
    return redirect(SOURCE_PAGE, run.source_id)


@staff_view("other_systems.view_source")
def import_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Return the progress of an active import as a fragment; once it has ended, have htmx reload the page."""
    run = get_object_or_404(QuoteImport.objects.select_related("source", "requested_by"), pk=pk)
    if not run.is_active:
        return HttpResponseClientRefresh()
    may = request.user.has_perm(MAY_IMPORT)
    return render(request, "other_systems/_import.html", import_context(run) | {"may_import": may})


@staff_view(MAY_CHANGE, methods=["POST"])
def calibrate_source(request: StaffRequest, pk: int) -> HttpResponse:
    """Store how amounts are read: as chosen (`divisor`), as a quote's total shows, or not at all (with `reset`)."""
    source = get_object_or_404(Source, pk=pk)
    if "reset" in request.POST:
        set_divisor(source, None)
        messages.success(request, _("The unit is reset. Totals are hidden until you choose a unit again."))
        return redirect(SOURCE_PAGE, pk)
    try:
        divisor = read_divisor(request, source)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Amounts are now read as: %(unit)s.") % {"unit": UNITS[divisor]})
    return redirect(SOURCE_PAGE, pk)


def read_divisor(request: HttpRequest, source: Source) -> int:
    """Store how amounts are read and return the divisor. Raises ValidationError where that can't be told."""
    if "divisor" in request.POST:
        chosen = request.POST["divisor"]
        divisor = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else 0
        choose(source, divisor)
        return divisor
    form = CalibrationForm(request.POST)
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    number = form.cleaned_data["quote"].strip()
    quote = source.quotes.filter(number=number).first() or source.quotes.filter(external_id=number).first()
    if quote is None or not quote.raw:
        raise ValidationError(_("There is no quote with the number %s.") % number)
    return calibrate(source, quote, form.cleaned_data["amount"])


source_urls = [
    path("<int:pk>/test/", test_source, name="source_test"),
    path("<int:pk>/import/", start_import, name="source_import"),
    path("<int:pk>/calibrate/", calibrate_source, name="source_calibrate"),
    path("imports/<int:pk>/cancel/", cancel_import, name="import_cancel"),
    path("imports/<int:pk>/progress/", import_progress, name="import_progress"),
]
