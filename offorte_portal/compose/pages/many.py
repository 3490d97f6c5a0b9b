"""Proposals from a file, in three steps: the file, its columns, and the outcome of each row."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.progress import is_part, lead_on, show_progress
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.compose import drafts
from offorte_portal.compose.many import starting
from offorte_portal.compose.pages.many_form import KIND, TermsForm, left_out_rows
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.files.imports import ticking
from offorte_portal.files.imports.importing import count_outcomes
from offorte_portal.files.imports.mapping import example_rows, remember
from offorte_portal.files.imports.proposal_fields import PROPOSALS
from offorte_portal.files.imports.steps import (
    describe_progress,
    find_refused,
    next_step,
    start_examining,
    start_reading,
)
from offorte_portal.files.imports.storing import may_see
from offorte_portal.files.imports.upload_forms import ColumnsForm, FileForm
from offorte_portal.files.models import Upload, UploadRow

JOB_PAGE = "admin:jobs_job_change"
RECENT = 5
Outcome = UploadRow.Outcome


@staff_view(drafts.PERMISSION, methods=["GET", "HEAD", "POST"])
def choose_file(request: StaffRequest) -> HttpResponse:
    """Ask for a file (GET), or read it (POST)."""
    user, is_sent = request.user, request.method == "POST"
    form = FileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        kind=KIND,
        by=user,
        chosen=accounts.selected(request),
    )
    if is_sent and form.is_valid() and form.upload:
        return redirect(start_reading(form.upload))
    recent = Upload.objects.filter(by=user, kind=KIND, refusal__isnull=True).select_related("connection", "job")[
        :RECENT
    ]
    context = {
        "title": _("Proposals from a file"),
        "form": form,
        "recent": recent,
        "fields": PROPOSALS,
        "refused": find_refused(user, KIND, request.GET.get("refused", "")),
    }
    return render(request, "compose/many_file.html", admin.site.each_context(request) | context)


@staff_view(drafts.PERMISSION)
def example_file(request: StaffRequest) -> HttpResponseBase:
    return stream_csv("example-proposals", *example_rows(KIND))


def _find(request: StaffRequest, pk: int) -> Upload:
    upload = get_object_or_404(Upload.objects.select_related("connection", "job"), pk=pk, kind=KIND)
    if not may_see(upload, request.user):
        raise PermissionDenied
    return upload


@staff_view(drafts.PERMISSION)
def file_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how far the worker is with a file."""
    upload = _find(request, pk)
    if not upload.work:
        return lead_on(request, next_step(upload))
    return show_progress(
        request, "files/import_progress.html", "files/_import_progress.html", describe_progress(upload)
    )


@staff_view(drafts.PERMISSION, methods=["GET", "HEAD", "POST"])
def choose_columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask which column is what, and the choices for all rows (GET), or examine the rows (POST)."""
    upload, user = _find(request, pk), request.user
    if upload.job_id:
        return redirect(JOB_PAGE, upload.job_id)
    if upload.work or upload.refusal:
        return redirect(next_step(upload))
    data = request.POST if request.method == "POST" else None
    columns, terms = ColumnsForm(data, upload=upload), TermsForm(data, upload=upload, by=user)
    if request.method == "POST" and all([columns.is_valid(), terms.is_valid()]):
        upload.mapping, upload.options = columns.columns, terms.options
        remember(user, KIND, upload.header, columns.columns)
        return redirect(start_examining(upload))
    context = {
        "title": upload.filename,
        "upload": upload,
        "columns": columns,
        "form": terms,
        "count": upload.rows.count(),
    }
    return render(request, "compose/many_columns.html", admin.site.each_context(request) | context)


@staff_view(drafts.PERMISSION, methods=["GET", "HEAD", "POST"])
def confirm_rows(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the outcome of each row (GET); examine the rows again if ticks changed, or create the proposals (POST)."""
    upload = _find(request, pk)
    if upload.job_id:
        return redirect(JOB_PAGE, upload.job_id)
    if upload.work or upload.refusal or upload.examined_at is None:
        return redirect(next_step(upload))
    if request.method == "POST":
        return _include_hidden(upload, request.POST["hidden"]) if "hidden" in request.POST else _start(request, upload)
    counts = count_outcomes(upload)
    made, value = starting.worth(upload)
    tabs = [(Outcome.PROBLEM, _("Problems")), (Outcome.SAME, _("Already exists")), (Outcome.NEW, _("New"))]
    tabs.append((Outcome.LEFT_OUT, str(Outcome.LEFT_OUT.label)))
    tabs = [(tab, label) for tab, label in tabs if counts[tab]]
    # Without one asked for that rows have, the first that needs a person.
    outcome = request.GET.get("outcome", "")
    if outcome not in Outcome.values or not counts[outcome]:
        outcome = tabs[0][0].value if tabs else Outcome.NEW.value
    rows = upload.rows.filter(outcome=outcome).order_by("number")
    context = {
        "title": upload.filename,
        "upload": upload,
        "tabs": [(tab.value, label, counts[tab]) for tab, label in tabs],
        "outcome": outcome,
        "rows": Paginator(rows, ticking.PER_PAGE).get_page(request.GET.get("page")),
        "is_changed": ticking.has_changed(upload),
        "has_hidden": ticking.has_hidden(upload),
        "includes_hidden": ticking.includes_hidden(upload),
        "made": made,
        "value": value,
        "left_out": counts[Outcome.PROBLEM] + counts[Outcome.SAME] + counts[Outcome.LEFT_OUT],
        "problems": counts[Outcome.PROBLEM],
        "seen": upload.examined_at.isoformat(),
    }
    return render(request, "compose/many_rows.html", admin.site.each_context(request) | context)


def _include_hidden(upload: Upload, posted: str) -> HttpResponse:
    """Include or leave out what is hidden in the file, and examine the rows again."""
    ticking.include_hidden(upload, is_included=bool(posted))
    return redirect(start_examining(upload))


@staff_view(drafts.PERMISSION, methods=["POST"])
def store_ticks(request: StaffRequest, pk: int) -> HttpResponse:
    """Store a tick as soon as it is set or removed, and show the button that goes with the ticks."""
    upload = _find(request, pk)
    if upload.job_id or upload.work or upload.refusal or upload.examined_at is None:
        return redirect(JOB_PAGE, upload.job_id) if upload.job_id else redirect(next_step(upload))
    ticking.keep_ticks(upload, request.POST)
    if not is_part(request):
        return redirect("compose_many_rows", upload.pk)
    made, _value = starting.worth(upload)
    context = {"made": made, "is_changed": ticking.has_changed(upload), "seen": upload.examined_at.isoformat()}
    return render(request, "compose/_many_bar.html", context)


def _start(request: StaffRequest, upload: Upload) -> HttpResponse:
    if upload.examined_at is None or request.POST.get("seen") != upload.examined_at.isoformat():
        messages.warning(
            request, _("The rows were checked again after you opened this page. Review them, then confirm.")
        )
        return redirect("compose_many_rows", upload.pk)
    ticking.keep_ticks(upload, request.POST)
    if ticking.has_changed(upload):
        messages.info(request, _("You changed which rows take part. Review the result, then create the proposals."))
        return redirect(start_examining(upload))
    try:
        job = starting.start(upload, by=request.user)
    except starting.NothingToMakeError:
        messages.warning(
            request,
            _(
                "There’s nothing to create, because no row in the file can be used. Correct "
                "the file or change the columns."
            ),
        )
        return redirect("compose_many_rows", upload.pk)
    return redirect(JOB_PAGE, job.pk)


@staff_view(drafts.PERMISSION)
def left_out_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the rows that are left out, each with its reason, to be corrected and uploaded again."""
    return stream_csv("left-out", *left_out_rows(_find(request, pk)))


compose_many_urls = [
    path("", choose_file, name="compose_many"),
    path("example.csv", example_file, name="compose_many_example"),
    path("<int:pk>/progress/", file_progress, name="compose_many_progress"),
    path("<int:pk>/", choose_columns, name="compose_many_columns"),
    path("<int:pk>/rows/", confirm_rows, name="compose_many_rows"),
    path("<int:pk>/ticks/", store_ticks, name="compose_many_ticks"),
    path("<int:pk>/left-out.csv", left_out_file, name="compose_many_left_out"),
]
