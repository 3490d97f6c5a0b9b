"""The page that waits for what the worker does with a file, and where it leads when that is done."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from offorte_portal.files.imports import work
from offorte_portal.models import Upload


@dataclass(frozen=True)
class Steps:
    """The names of an import's addresses: its first step, what waits, the columns and the rows."""

    file: str
    progress: str
    columns: str
    rows: str


IMPORT = Steps("upload_new", "upload_progress", "upload_columns", "upload_review")
MANY = Steps("compose_many", "compose_many_progress", "compose_many_columns", "compose_many_rows")


def steps_of(upload: Upload) -> Steps:
    """The addresses for an upload of this kind."""
    return MANY if upload.kind == Upload.Kind.PROPOSALS else IMPORT


def first_step(upload: Upload) -> str:
    """Where another file can be chosen."""
    steps = steps_of(upload)
    return reverse(steps.file) if steps is MANY else reverse(steps.file, args=[upload.kind])


def next_step(upload: Upload) -> str:
    """Where an upload stands: with the worker, refused, or ready for its columns or a look at its rows."""
    steps = steps_of(upload)
    if upload.work:
        return reverse(steps.progress, args=[upload.pk])
    if upload.refusal:
        return f"{first_step(upload)}?refused={upload.pk}"
    return reverse(steps.rows if upload.examined_at else steps.columns, args=[upload.pk])


def start_reading(upload: Upload) -> HttpResponse:
    """Have the worker read a file that was just kept, and go to where that is seen."""
    work.enqueue(upload)
    upload.refresh_from_db()
    return redirect(next_step(upload))


def start_examining(upload: Upload) -> HttpResponse:
    """Have the worker look at the rows, by the columns and options that were just chosen; go to where that is seen."""
    work.ask_to_examine(upload)
    upload.refresh_from_db()
    return redirect(next_step(upload))


def show_progress(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Say how far the worker is, whole or as the part that renews itself; lead on when it is done."""
    is_part = "HX-Request" in request.headers
    if not upload.work:
        step = next_step(upload)
        return HttpResponseClientRedirect(step) if is_part else redirect(step)
    total = upload.rows.count() if upload.work == Upload.Work.EXAMINE else 0
    context = {
        "upload": upload,
        "is_reading": upload.work == Upload.Work.READ,
        "is_waiting": not upload.lease,
        "total": total,
        "share": upload.done * 100 // total if total else None,
        "url": reverse(steps_of(upload).progress, args=[upload.pk]),
        "first_step": first_step(upload),
        "title": upload.filename,
    }
    if is_part:
        return render(request, "uploads/_progress.html", context)
    return render(request, "uploads/progress.html", admin.site.each_context(request) | context)


def refused(request: HttpRequest, kind: str) -> Upload | None:
    """The person's file that was refused a moment ago, where the address names one."""
    asked = request.GET.get("refused", "")
    if not asked.isdecimal():
        return None
    mine = Upload.objects.filter(by_id=request.user.pk, kind=kind).exclude(refusal="")
    return mine.filter(pk=int(asked[:18])).first()
