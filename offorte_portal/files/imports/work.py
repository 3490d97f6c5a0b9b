"""The worker's part of an import: reading the file, and examining its rows.

Both may take long, and a file may be crafted to take long, so no page does either. The upload says what is to be done
(`work`), a task does it under a lease, and the page shows the progress. A task that dies leaves the upload as it was,
and the sweep queues it again; after three failed attempts it is refused.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import translation

from offorte_portal import ports
from offorte_portal.files.imports import examining, storing
from offorte_portal.files.imports.table import TableError
from offorte_portal.files.models import Upload, UploadedFile
from offorte_portal.files.reasons import ImportReason
from offorte_portal.ports import queueing
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease, LeaseLostError

logger = logging.getLogger(__name__)

# Renewed with every batch of rows; longer than it takes to read a file.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3

Work = Upload.Work
# Examines an upload's rows, and reports how many of them are done.
Examine = Callable[[Upload, Callable[[int], None]], None]
# By kind of upload. `examining.examine` is used for kinds that are not here.
EXAMINERS: dict[str, Examine] = {}


def enqueue(upload: Upload) -> None:
    """Have the worker do what the upload needs, once the current transaction is committed."""
    queueing.queue(advance, upload.pk, name=f"Upload {upload.pk}")


def ask_to_examine(upload: Upload) -> None:
    """Have the worker examine the rows, by the upload's columns and options as they are now."""
    upload.work, upload.examined_at, upload.attempts, upload.done = Work.EXAMINE, None, 0, 0
    upload.language = translation.get_language() or ""
    # Void the work that another process may still be doing.
    upload.lease, upload.lease_until = "", None
    fields = ["work", "examined_at", "attempts", "done", "language", "lease", "lease_until", "mapping", "options"]
    upload.save(update_fields=fields)
    enqueue(upload)


def advance(upload_id: int) -> None:
    """Do what an upload needs, unless another process is doing it."""
    held = claim(upload_id)
    if held is None:
        return
    upload = Upload.objects.select_related("connection", "by").get(pk=upload_id)
    with translation.override(upload.language or None):
        if upload.attempts > MOST_ATTEMPTS:
            finish(upload, held, refusal=ImportReason.UNREADABLE())
            return
        try:
            if upload.work == Work.READ:
                storing.read(upload)
                finish(upload, held)
            else:
                examine = EXAMINERS.get(upload.kind, examining.examine)
                examine(upload, lambda done: held.save(done=done))
                finish(upload, held, examined_at=ports.now())
        except TableError as error:
            finish(upload, held, refusal=error.reason)
        except LeaseLostError:
            logger.info("Upload %s was taken over by another process", upload_id)


def claim(upload_id: int) -> Lease | None:
    """Lease an upload and count the attempt; return None where nothing is to be done or another process holds it."""
    return lease.acquire(
        Upload.objects.filter(pk=upload_id),
        among=_to_be_done().filter(pk=upload_id),
        length=LEASE,
        attempts=F("attempts") + 1,
        done=0,
    )


def finish(upload: Upload, held: Lease, **fields: object) -> None:
    """Record that the work is done, or the file refused. Raises LeaseLostError."""
    if not held.release(work=Work.NONE, **fields):
        raise LeaseLostError
    if fields.get("refusal"):
        UploadedFile.objects.filter(upload=upload).delete()


def resume_stranded() -> None:
    """Queue the uploads that no process works on."""
    for upload in _to_be_done().filter(lease.is_free(LEASE)):
        enqueue(upload)


def _to_be_done() -> QuerySet[Upload]:
    return Upload.objects.filter(job=None).exclude(work=Work.NONE)
