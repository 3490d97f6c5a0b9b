"""The forecast: sellers submit it for each month; managers see everyone's, adjust it and compare it with what came."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.adminkit.scope import read_version
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.models import Forecast
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.reports import forecast_tables as tables
from offorte_portal.desk.pages.reports.files import send_file
from offorte_portal.desk.pages.reports.forecast_forms import AdjustForm, EntryForm, read_entries
from offorte_portal.desk.pages.reports.frame import list_tabs
from offorte_portal.desk.reports import forecasts
from offorte_portal.desk.reports.forecasts import ADJUST, SUBMIT, Book, Line
from offorte_portal.text.months import Period, months_back, read_month, write_month

VIEW = "proposals.view_proposal"
PAST_MONTHS, MOST_BACK = 12, 36


@dataclass(frozen=True)
class Viewer:
    """What a person may do with forecasts; `sees_all` if they may see and adjust everyone's."""

    may_submit: bool
    sees_all: bool

    @classmethod
    def of(cls, request: StaffRequest) -> "Viewer":
        """Return what the person may do. Raises PermissionDenied if that is nothing."""
        viewer = cls(request.user.has_perm(SUBMIT), request.user.has_perm(ADJUST))
        if not (viewer.may_submit or viewer.sees_all):
            raise PermissionDenied
        return viewer


def this_month() -> date:
    return timezone.localdate(ports.now()).replace(day=1)


def is_known(request: StaffRequest) -> bool:
    """Return whether the proposals of any account have been read."""
    reading = read_first_reading(request)
    return reading is None or not reading.is_all


def read_asked_month(request: StaffRequest) -> date:
    """Return the month in the address, as near as it can be shown."""
    now = this_month()
    asked = read_month(request.GET.get("month", "")) or now
    return max(months_back(now, MOST_BACK), min(asked, months_back(now, -forecasts.MONTHS_AHEAD)))


@staff_view(VIEW)
def report_forecast(request: StaffRequest) -> HttpResponseBase:
    """Show the person's own forecast and, to managers, everyone's for a month; or send a table as a file."""
    return _show(request, Viewer.of(request))


@staff_view((VIEW, SUBMIT), methods=["POST"])
def submit_forecast(request: StaffRequest) -> HttpResponseBase:
    """Store the person's own forecast, or show the page again with what is wrong."""
    months = forecasts.open_months(this_month())
    version = read_version(request)
    book = Book(Period(months[0], months[-1]), version, request.user)
    entries = _make_forms(book, request.POST)
    if not all(form.is_valid() for form in entries):
        return _show(request, Viewer.of(request), entries)
    count = forecasts.submit(request.user, read_entries(entries), version, is_known=is_known(request))
    if count:
        messages.success(request, ngettext("Forecast saved.", "%(count)d forecasts saved.", count) % {"count": count})
    else:
        messages.info(request, _("Nothing changed: your forecast stays as it was."))
    return redirect("report_forecast")


def _show(request: StaffRequest, viewer: Viewer, entries: list[EntryForm] | None = None) -> HttpResponseBase:
    month, now = read_asked_month(request), this_month()
    first = min(month, months_back(now, PAST_MONTHS))
    period = Period(first, months_back(now, -forecasts.MONTHS_AHEAD))
    only = None if viewer.sees_all else request.user
    book = Book(period, read_version(request), only, is_known=is_known(request))
    shown = tables.tabulate_month(book, month) if viewer.sees_all else None
    past, charts = tables.tabulate_past(book, [months_back(now, back) for back in range(PAST_MONTHS, -1, -1)])
    if file := send_file(request, [table for table in (shown, past) if table]):
        return file
    is_seller = viewer.may_submit and request.user.pk in book.sellers.people
    context = {
        **frame_forecast(request, month),
        "forms": (entries or _make_forms(book, None, request.user.pk)) if is_seller else [],
        "is_unlinked": viewer.may_submit and not is_seller and not viewer.sees_all,
        "sees_all": viewer.sees_all,
        "month": month,
        "months": _list_months(month),
        "due_on": forecasts.due_on(month),
        "table": shown,
        "past": past,
        "charts": charts,
        "reading": read_first_reading(request),
    }
    return render(request, "desk/reports/forecast.html", context)


def frame_forecast(request: StaffRequest, month: date) -> dict[str, Any]:
    """Return the context that the template `desk/reports/base.html` needs."""
    return {
        **admin.site.each_context(request),
        "title": _("Forecast"),
        "tabs": list_tabs(request.user, "report_forecast"),
        "period": date_format(month, "F Y"),
        "printed_for": _("All accounts together"),
        "printed_at": ports.now(),
    }


def _make_forms(book: Book, data: Any, seller: int | None = None) -> list[EntryForm]:
    """Return a form for each month that can be forecast, in each currency that the person sells in."""
    months = forecasts.open_months(book.today)
    lines = [line for month in months for line in book.lines(month) if seller is None or line.seller == seller]
    return [EntryForm(line, data) for line in lines]


def _list_months(month: date) -> list[tuple[str, str, bool]]:
    """Return the months around the one that is shown, with their parameter."""
    last = months_back(this_month(), -forecasts.MONTHS_AHEAD)
    shown = Period.until(max(min(months_back(month, -2), last), month), 6).months
    return [(date_format(each, "SHORT_YEAR_MONTH_FORMAT"), write_month(each), each == month) for each in shown]


@staff_view(VIEW, methods=["GET", "POST"])
def forecast_line(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how a seller's forecast for a month came about; managers adjust it by POST.

    Raises PermissionDenied where it is somebody else's and the person is no manager.
    """
    viewer = Viewer.of(request)
    if pk != request.user.pk and not viewer.sees_all:
        raise PermissionDenied
    if request.method == "POST" and not viewer.sees_all:
        raise PermissionDenied
    month = read_asked_month(request)
    book = Book(Period(month, month), read_version(request), is_known=is_known(request))
    line = _find_line(book, month, pk, request.GET.get("currency", ""))
    may_adjust = viewer.sees_all and month >= this_month()
    adjusted = line.adjustment
    initial = {"amount": adjusted.amount, "note": adjusted.note} if adjusted else None
    form = AdjustForm(request.POST if may_adjust and request.method == "POST" else None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        if forecasts.adjust(line, amount=data["amount"], note=data["note"], by=request.user):
            messages.success(request, _("Forecast adjusted."))
        return redirect(tables.line_url(line))
    context = {
        **frame_forecast(request, month),
        "line": line,
        "amounts": list(zip(tables.headings(), tables.amount_cells(book, line), strict=True)),
        "history": [(row, isinstance(row, Forecast)) for row in reversed(book.history(line))],
        "form": form if may_adjust else None,
        "month": month,
        "month_value": write_month(month),
    }
    return render(request, "desk/reports/forecast_line.html", context)


def _find_line(book: Book, month: date, seller: int, currency: str) -> Line:
    """Return a seller's line, in their first currency if they have none in this one. Raises Http404."""
    lines = [line for line in book.lines(month) if line.seller == seller]
    if not lines:
        raise Http404
    return next((line for line in lines if line.currency == currency), lines[0])
