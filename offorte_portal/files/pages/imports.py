"""The pages of an import: choose a file, choose its columns, review the rows, and start the job.

An upload can be seen by the person who made it, and by people who may see other people's jobs. Until the job runs, rows
are compared with the mirror only.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.progress import is_part, lead_on, show_progress
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.files.imports import importing, mapping, quota, storing, ticking
from offorte_portal.files.imports.column_review import review_columns
from offorte_portal.files.imports.mapping import example_rows
from offorte_portal.files.imports.steps import (
    describe_progress,
    find_refused,
    next_step,
    start_examining,
    start_reading,
)
from offorte_portal.files.imports.upload_forms import ColumnsForm, FileForm
from offorte_portal.files.models import Upload
from offorte_portal.files.pages.forms import HIDDEN, OptionsForm
from offorte_portal.files.pages.import_page import LISTS, TITLES, count_included, tabs, troubled

JOB_PAGE = "admin:jobs_job_change"
RECENT = 5


def require_kind(request: StaffRequest, kind: str) -> User:
    """Return the person if they may import this kind. Raises PermissionDenied, and Http404 for an unknown kind."""
    user = request.user
    if kind not in TITLES:
        raise Http404
    if not importing.may_import(user, kind):
        raise PermissionDenied
    return user


def find_upload(request: StaffRequest, pk: int) -> Upload:
    """Return an upload that the person may see. Raises Http404, and PermissionDenied if they can't import its kind."""
    upload = get_object_or_404(Upload.objects.select_related("connection", "job"), pk=pk)
    if not storing.may_see(upload, require_kind(request, upload.kind)):
        raise Http404
    return upload


def show(request: HttpRequest, template: str, kind: str, **context: Any) -> HttpResponse:
    """Render a page of an import."""
    frame = {**admin.site.each_context(request), "title": TITLES[Upload.Kind(kind)], "kind": kind}
    return render(request, template, {**frame, "list_url_name": LISTS[Upload.Kind(kind)], **context})


@staff_view(methods=["GET", "POST"])
def new_upload(request: StaffRequest, kind: str) -> HttpResponse:
    """Ask for the file and its account (step 1)."""
    user = require_kind(request, kind)
    is_sent = request.method == "POST"
    chosen = accounts.selected(request)
    form = FileForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, kind=kind, by=user, chosen=chosen
    )
    if is_sent and form.is_valid() and form.upload:
        return redirect(start_reading(form.upload))
    recent = Upload.objects.filter(by=user, kind=kind, refusal__isnull=True).select_related("connection", "job")[
        :RECENT
    ]
    context = {
        "form": form,
        "recent": recent,
        "fields": mapping.FIELDS[kind],
        "refused": find_refused(user, kind, request.GET.get("refused", "")),
    }
    return show(request, "files/import_file.html", kind, **context)


@staff_view()
def upload_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the worker's progress with a file, and lead on to the next step when it is done."""
    upload = find_upload(request, pk)
    if not upload.work:
        return lead_on(request, next_step(upload))
    return show_progress(
        request, "files/import_progress.html", "files/_import_progress.html", describe_progress(upload)
    )


@staff_view(methods=["GET", "POST"])
def upload_columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask which field each column holds (step 2)."""
    upload = find_upload(request, pk)
    if upload.job or upload.work or upload.refusal:
        return redirect(next_step(upload))
    form = ColumnsForm(request.POST if request.method == "POST" else None, upload=upload)
    if request.method == "POST" and form.is_valid():
        upload.mapping = form.columns
        mapping.remember(request.user, upload.kind, upload.header, form.columns)
        return redirect(start_examining(upload))
    context = {"upload": upload, "form": form, "count": upload.rows.count(), "fields": mapping.FIELDS[upload.kind]}
    return show(request, "files/import_columns.html", upload.kind, **context)


@staff_view(methods=["GET", "POST"])
def upload_review(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the outcomes (GET), examine the rows again (POST), or start the job (POST with `confirm`): step 3."""
    upload = find_upload(request, pk)
    user = request.user
    if upload.work or upload.refusal or upload.examined_at is None:
        return redirect(next_step(upload))
    if request.method == "POST":
        ticking.keep_ticks(upload, request.POST)
        return confirm(request, upload, user) if "confirm" in request.POST else rematch(request, upload, user)
    outcomes = tabs(upload, request.GET.get("show", ""))
    active = next(tab.value for tab in outcomes if tab.is_active)
    pages = Paginator(upload.rows.filter(outcome=active).order_by("number"), ticking.PER_PAGE)
    context = {
        "upload": upload,
        "tabs": outcomes,
        "active": active,
        "rows": pages.get_page(request.GET.get("page", "1")),
        "counts": {tab.value: tab.count for tab in outcomes},
        "included": count_included(upload),
        "columns": review_columns(upload),
        "troubled": troubled(upload).count(),
        "form": options_form(upload, user),
        "seen": upload.examined_at.isoformat(),
    }
    return show(request, "files/import_review.html", upload.kind, **context)


def options_form(upload: Upload, user: User, data: Any = None) -> OptionsForm:
    """Return the form with the options of an upload."""
    ways, has_hidden = importing.ways(user, upload.kind), ticking.has_hidden(upload)
    may_create_companies = importing.may_import(user, Upload.Kind.COMPANIES)
    return OptionsForm(data, upload=upload, ways=ways, has_hidden=has_hidden, may_create_companies=may_create_companies)


@staff_view(methods=["POST"])
def upload_ticks(request: StaffRequest, pk: int) -> HttpResponse:
    """Store a tick as soon as it is set or removed, and show how many rows are now imported."""
    upload = find_upload(request, pk)
    if upload.work or upload.refusal or upload.examined_at is None:
        return redirect(next_step(upload))
    ticking.keep_ticks(upload, request.POST)
    if not is_part(request):
        return redirect("upload_review", upload.pk)
    context = {"upload": upload, "included": count_included(upload), "seen": upload.examined_at.isoformat()}
    return render(request, "files/_import_bar.html", context)


def rematch(request: HttpRequest, upload: Upload, user: User) -> HttpResponse:
    """Examine the rows again, with the options that were chosen."""
    form = options_form(upload, user, request.POST)
    if upload.job is None and form.is_valid():
        chosen = form.chosen(upload.options)
        if chosen.get(HIDDEN, False) != upload.options.get(HIDDEN, False):
            ticking.include_hidden(upload, is_included=chosen[HIDDEN])
        upload.options = {**upload.options, **chosen}
        return redirect(start_examining(upload))
    return redirect("upload_review", upload.pk)


def confirm(request: HttpRequest, upload: Upload, user: User) -> HttpResponse:
    """Start the job, unless the rows were examined again since the page was shown, or rows were added to them."""
    if upload.job is None and request.POST.get("seen") != upload.examined_at.isoformat():  # type: ignore[union-attr]
        messages.warning(
            request, _("The file was checked again since you opened this page. Review the rows, then import.")
        )
        return redirect("upload_review", upload.pk)
    if upload.job is None and ticking.has_unchecked(upload):
        messages.info(request, _("You added rows. Review the result, then import."))
        return redirect(start_examining(upload))
    if upload.job is None and not count_included(upload):
        messages.warning(request, _("There’s nothing to import."))
        return redirect("upload_review", upload.pk)
    return redirect(JOB_PAGE, importing.start(upload, by=user).pk)


@staff_view(methods=["POST"])
def upload_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete one of the person's own files, so that there is room for another. Raises Http404."""
    upload = get_object_or_404(Upload.objects.select_related("job"), pk=pk, by=request.user)
    if quota.delete(upload):
        messages.success(request, _("“%s” was deleted.") % upload.filename)
    else:
        messages.error(
            request, _("“%s” is being imported. You can delete it when the import has finished.") % upload.filename
        )
    if upload.kind == Upload.Kind.PROPOSALS:
        return redirect("compose_many")
    return redirect("upload_new", upload.kind)


@staff_view()
def upload_problems(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """Stream a file with the rows that were not imported and the reasons, to be corrected."""
    upload = find_upload(request, pk)
    added = [_("Row in the file"), _("Reason")]
    # A file that was corrected before has old reasons, which are left out.
    kept = [index for index, name in enumerate(upload.header) if name not in added]
    header = [*(upload.header[index] for index in kept), *added]
    rows = (
        [*(row.cells[index] for index in kept), str(row.number), importing.reason_of(row)] for row in troubled(upload)
    )
    return stream_csv("problems", header, rows)


@staff_view()
def upload_example(request: StaffRequest, kind: str) -> StreamingHttpResponse:
    """Stream an example of a file of this kind. Raises Http404 or PermissionDenied."""
    require_kind(request, kind)
    return stream_csv(f"example-{kind}", *example_rows(kind))


upload_urls = [
    path("new/<slug:kind>/", new_upload, name="upload_new"),
    path("example/<slug:kind>/", upload_example, name="upload_example"),
    path("<int:pk>/progress/", upload_progress, name="upload_progress"),
    path("<int:pk>/columns/", upload_columns, name="upload_columns"),
    path("<int:pk>/ticks/", upload_ticks, name="upload_ticks"),
    path("<int:pk>/delete/", upload_delete, name="upload_delete"),
    path("<int:pk>/problems/", upload_problems, name="upload_problems"),
    path("<int:pk>/", upload_review, name="upload_review"),
]
