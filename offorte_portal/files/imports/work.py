"""What the worker does with a file: read it, and work out what would become of its rows.

Either may take long, and a file may be made to take long: so no page does it. The upload says what is to be done
(`work`), a task does it under a lease, and the page looks how far it is. A task that dies leaves the upload as it was,
to be taken up by the sweep; what fails three times is refused.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from offorte_portal.files.imports import storing
from offorte_portal.files.imports.table import TableError
from offorte_portal.models import Upload, UploadedFile
from offorte_portal.ports import queue

logger = logging.getLogger(__name__)

TASK = "offorte_portal.tasks.work_on_upload"
# Renewed with every batch of rows; longer than a file takes to be read.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3

Work = Upload.Work
# Works out what becomes of an upload's rows, and tells how many of them are done.
Examine = Callable[[Upload, Callable[[int], None]], None]


class LostError(Exception):
    """Another process works on the upload, or it was deleted."""


def enqueue(upload: Upload) -> None:
    """Let the worker do what there is to do."""
    queue(TASK, upload.pk, name=f"Upload {upload.pk}")


def ask_to_examine(upload: Upload) -> None:
    """Have the worker work out what becomes of each row, by the upload's columns and options as they are now."""
    upload.work, upload.examined_at, upload.attempts, upload.done = Work.EXAMINE, None, 0, 0
    upload.language = translation.get_language() or ""
    # What another process may still be at is void.
    upload.lease, upload.lease_until = "", None
    fields = ["work", "examined_at", "attempts", "done", "language", "lease", "lease_until", "mapping", "options"]
    upload.save(update_fields=fields)
    enqueue(upload)


def advance(upload_id: int, examine: Examine) -> None:
    """Do what there is to do with an upload, unless another process is at it."""
    lease = claim(upload_id)
    if lease is None:
        return
    upload = Upload.objects.select_related("connection", "by").get(pk=upload_id)
    with translation.override(upload.language or None):
        if upload.attempts > MOST_ATTEMPTS:
            finish(upload, lease, refusal=_("The file could not be read. Save only the table that is needed."))
            return
        try:
            if upload.work == Work.READ:
                storing.read(upload)
                finish(upload, lease)
            else:
                examine(upload, lambda done: hold(upload, lease, done))
                finish(upload, lease, examined_at=timezone.now())
        except TableError as error:
            finish(upload, lease, refusal=error.message)
        except LostError:
            logger.info("Upload %s was taken over by another process", upload_id)


def claim(upload_id: int) -> str | None:
    """Take the upload's lease; None where nothing is to be done or another process is at it."""
    now, lease = timezone.now(), str(uuid.uuid4())
    rows = Upload.objects.filter(_idle(), pk=upload_id, job=None).exclude(work=Work.NONE)
    taken = rows.update(lease=lease, lease_until=now + LEASE, attempts=F("attempts") + 1, done=0)
    return lease if taken else None


def hold(upload: Upload, lease: str, done: int) -> None:
    """Say how far it is and keep the lease. Raises LostError where that is somebody else's by now."""
    mine = Upload.objects.filter(pk=upload.pk, lease=lease)
    if not mine.update(lease_until=timezone.now() + LEASE, done=done):
        raise LostError


def finish(upload: Upload, lease: str, **fields: object) -> None:
    """Note that it is done, or refused. Raises LostError."""
    mine = Upload.objects.filter(pk=upload.pk, lease=lease)
    if not mine.update(work=Work.NONE, lease="", lease_until=None, **fields):
        raise LostError
    if fields.get("refusal"):
        UploadedFile.objects.filter(upload=upload).delete()


def resume_stranded() -> None:
    """Queue what nothing works on."""
    for upload in Upload.objects.filter(_idle(), job=None).exclude(work=Work.NONE):
        enqueue(upload)


def _idle() -> Q:
    now = timezone.now()
    return Q(lease="") | Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
