"""Proposals from a file, in three steps: the file, which column is what, and what becomes of each row."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from offorte_portal.adminkit import accounts
from offorte_portal.compose import drafts
from offorte_portal.compose.many import starting
from offorte_portal.compose.pages.many_form import KIND, TermsForm, left_out_rows
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.files.imports.importing import count_outcomes
from offorte_portal.files.imports.mapping import remember
from offorte_portal.files.imports.proposal_fields import PROPOSALS
from offorte_portal.files.imports.steps import next_step, refused, show_progress, start_examining, start_reading
from offorte_portal.files.imports.storing import may_see
from offorte_portal.files.imports.upload_forms import ColumnsForm, FileForm
from offorte_portal.files.pages.import_page import PER_PAGE, example_rows
from offorte_portal.models import Upload, UploadRow

MAY_CREATE = permission_required(drafts.PERMISSION, raise_exception=True)
JOB_PAGE = "admin:offorte_portal_job_change"
RECENT = 5
Outcome = UploadRow.Outcome


@require_http_methods(["GET", "HEAD", "POST"])
@admin.site.admin_view
@MAY_CREATE
def choose_file(request: HttpRequest) -> HttpResponse:
    """Ask for a file (GET), or read it (POST)."""
    user, is_sent = cast(User, request.user), request.method == "POST"
    form = FileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        kind=KIND,
        by=user,
        chosen=accounts.selected(request),
    )
    if is_sent and form.is_valid() and form.upload:
        return start_reading(form.upload)
    recent = Upload.objects.filter(by=user, kind=KIND, refusal="").select_related("connection", "job")[:RECENT]
    context = {
        "title": _("Proposals from a file"),
        "form": form,
        "recent": recent,
        "fields": PROPOSALS,
        "refused": refused(request, KIND),
    }
    return render(request, "compose/many_file.html", admin.site.each_context(request) | context)


@require_GET
@admin.site.admin_view
@MAY_CREATE
def example_file(request: HttpRequest) -> HttpResponseBase:
    """A file to fill in."""
    return stream_csv("example-proposals", *example_rows(KIND))


def _find(request: HttpRequest, pk: int) -> Upload:
    upload = get_object_or_404(Upload.objects.select_related("connection", "job"), pk=pk, kind=KIND)
    if not may_see(upload, cast(User, request.user)):
        raise PermissionDenied
    return upload


@require_GET
@admin.site.admin_view
@MAY_CREATE
def file_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the worker is with a file."""
    return show_progress(request, _find(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@admin.site.admin_view
@MAY_CREATE
def choose_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which column is what and what holds for all rows (GET), or find out what becomes of them (POST)."""
    upload, user = _find(request, pk), cast(User, request.user)
    if upload.job_id:
        return redirect(JOB_PAGE, upload.job_id)
    if upload.work or upload.refusal:
        return redirect(next_step(upload))
    data = request.POST if request.method == "POST" else None
    columns, terms = ColumnsForm(data, upload=upload), TermsForm(data, upload=upload, by=user)
    if request.method == "POST" and all([columns.is_valid(), terms.is_valid()]):
        upload.mapping, upload.options = columns.columns, terms.options
        remember(user, KIND, upload.header, columns.columns)
        return start_examining(upload)
    context = {
        "title": upload.filename,
        "upload": upload,
        "columns": columns,
        "form": terms,
        "count": upload.rows.count(),
    }
    return render(request, "compose/many_columns.html", admin.site.each_context(request) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin.site.admin_view
@MAY_CREATE
def confirm_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what becomes of each row (GET), or make the proposals (POST)."""
    upload = _find(request, pk)
    if upload.job_id:
        return redirect(JOB_PAGE, upload.job_id)
    if upload.work or upload.refusal or upload.examined_at is None:
        return redirect(next_step(upload))
    if request.method == "POST":
        return _start(request, upload)
    counts = count_outcomes(upload)
    made, value = starting.worth(upload)
    outcome = _outcome(request, counts)
    rows = upload.rows.filter(outcome=outcome).order_by("number")
    context = {
        "title": upload.filename,
        "upload": upload,
        "tabs": [(one.value, label, counts[one]) for one, label in _tabs() if counts[one]],
        "outcome": outcome,
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "made": made,
        "value": value,
        "left_out": counts[Outcome.PROBLEM] + counts[Outcome.SAME],
        "problems": counts[Outcome.PROBLEM],
        "seen": upload.examined_at.isoformat(),
    }
    return render(request, "compose/many_rows.html", admin.site.each_context(request) | context)


def _tabs() -> list[tuple[UploadRow.Outcome, str]]:
    return [(Outcome.PROBLEM, _("Problems")), (Outcome.SAME, _("There already")), (Outcome.NEW, _("New"))]


def _outcome(request: HttpRequest, counts: Any) -> str:
    """What the page shows: what was asked for, else what needs a person first."""
    asked = request.GET.get("outcome", "")
    first = next((one.value for one, _label in _tabs() if counts[one]), Outcome.NEW.value)
    return asked if asked in Outcome.values and counts[asked] else first


def _start(request: HttpRequest, upload: Upload) -> HttpResponse:
    if upload.examined_at is None or request.POST.get("seen") != upload.examined_at.isoformat():
        messages.warning(request, _("This is not what you saw: the rows were looked at anew since. Look once more."))
        return redirect("compose_many_rows", upload.pk)
    try:
        job = starting.start(upload, by=cast(User, request.user))
    except starting.NothingToMakeError:
        messages.warning(request, _("There is nothing to make: no row of the file can be taken as it is."))
        return redirect("compose_many_rows", upload.pk)
    return redirect(JOB_PAGE, job.pk)


@require_GET
@admin.site.admin_view
@MAY_CREATE
def left_out_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that are left out, each with its reason, to be corrected and uploaded again."""
    return stream_csv("left-out", *left_out_rows(_find(request, pk)))


compose_many_urls = [
    path("", choose_file, name="compose_many"),
    path("example.csv", example_file, name="compose_many_example"),
    path("<int:pk>/progress/", file_progress, name="compose_many_progress"),
    path("<int:pk>/", choose_columns, name="compose_many_columns"),
    path("<int:pk>/rows/", confirm_rows, name="compose_many_rows"),
    path("<int:pk>/left-out.csv", left_out_file, name="compose_many_left_out"),
]
