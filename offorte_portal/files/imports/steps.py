"""The steps of an import: which page comes next, and how far the worker is."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from offorte_portal.files.imports import work
from offorte_portal.files.models import Upload


@dataclass(frozen=True)
class Steps:
    """The URL names of an import's pages: the file, the progress, the columns and the rows."""

    file: str
    progress: str
    columns: str
    rows: str


IMPORT = Steps("upload_new", "upload_progress", "upload_columns", "upload_review")
MANY = Steps("compose_many", "compose_many_progress", "compose_many_columns", "compose_many_rows")


def steps_of(upload: Upload) -> Steps:
    """Return the URL names of the pages for an upload of this kind."""
    return MANY if upload.kind == Upload.Kind.PROPOSALS else IMPORT


def first_step(upload: Upload) -> str:
    """Return the URL of the page where another file can be chosen."""
    steps = steps_of(upload)
    return reverse(steps.file) if steps is MANY else reverse(steps.file, args=[upload.kind])


def next_step(upload: Upload) -> str:
    """Return the URL of the page for an upload as it is: the progress, the refusal, the columns or the rows."""
    steps = steps_of(upload)
    if upload.work:
        return reverse(steps.progress, args=[upload.pk])
    if upload.refusal:
        return f"{first_step(upload)}?refused={upload.pk}"
    return reverse(steps.rows if upload.examined_at else steps.columns, args=[upload.pk])


def start_reading(upload: Upload) -> str:
    """Have the worker read a file that was just stored; return the URL of the next page."""
    work.enqueue(upload)
    upload.refresh_from_db()
    return next_step(upload)


def start_examining(upload: Upload) -> str:
    """Have the worker examine the rows, by the columns and options just chosen; return the URL of the next page."""
    work.ask_to_examine(upload)
    upload.refresh_from_db()
    return next_step(upload)


def describe_progress(upload: Upload) -> dict[str, Any]:
    """Return the context of `files/import_progress.html`."""
    total = upload.rows.count() if upload.work == Upload.Work.EXAMINE else 0
    return {
        "upload": upload,
        "is_reading": upload.work == Upload.Work.READ,
        "is_waiting": not upload.lease,
        "total": total,
        "share": upload.done * 100 // total if total else None,
        "url": reverse(steps_of(upload).progress, args=[upload.pk]),
        "first_step": first_step(upload),
        "title": upload.filename,
    }


def find_refused(user: User, kind: str, asked: str) -> Upload | None:
    """Return the person's refused file with the key `asked`; None where there is none."""
    if not asked.isdecimal():
        return None
    mine = Upload.objects.filter(by_id=user.pk, kind=kind).exclude(refusal__isnull=True)
    return mine.filter(pk=int(asked[:18])).first()
