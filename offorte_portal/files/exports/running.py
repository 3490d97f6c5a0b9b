"""Makes the files of long exports, one export at a time so that other tasks get their turn.

A file is made in one go, because neither format can be continued halfway. A process that dies leaves chunks that nobody
can download; the next attempt starts over.
"""

import logging
import tempfile
from datetime import timedelta
from typing import IO

from django.db import DatabaseError
from django.db.models import Exists, F, QuerySet
from django.utils import translation

from offorte_portal import ports
from offorte_portal.changes.recording import recording
from offorte_portal.files.exports import parts, sheets
from offorte_portal.files.exports.writing import open_writer
from offorte_portal.files.models import Export
from offorte_portal.files.reasons import ExportReason
from offorte_portal.ports import queueing
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease, LeaseLostError
from offorte_portal.runs.reasons import RunReason

logger = logging.getLogger(__name__)

ROWS_A_BATCH = 1_000
# The lease can't be renewed while a workbook is saved, which takes long for 500,000 rows.
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 4
# A long export takes minutes, unlike other tasks of the worker.
LONGEST_SECONDS = 60 * 60
# The kind of the change feed's lines about finished exports.
EXPORT_DONE = "export_done"


def advance(export_id: int) -> None:
    """Make the file of an export, unless another one is being made; then queue the next one."""
    held = claim(export_id)
    if held is None:
        return
    export = Export.objects.select_related("requested_by").get(pk=export_id)
    try:
        _make(export, held)
    except LeaseLostError:
        logger.info("Export %s was cancelled or taken over", export_id)
    except (DatabaseError, OSError):
        logger.exception("Export %s could not be written", export_id)
        # The next sweep tries again, unless this was the last attempt.
        if export.attempts < MOST_ATTEMPTS:
            held.release(state=Export.State.WAITING, reason=ExportReason.NOT_WRITTEN())
        else:
            _finish(held, state=Export.State.FAILED, reason=ExportReason.NOT_WRITTEN())
    except Exception as error:
        _finish(held, state=Export.State.FAILED, reason=RunReason.UNEXPECTED(error=type(error).__name__))
        raise
    finally:
        resume_stranded()


def enqueue(export_id: int) -> None:
    """Have the worker make the file, once the current transaction is committed."""
    queueing.queue(advance, export_id, name=f"Export {export_id}", timeout=LONGEST_SECONDS)


def claim(export_id: int) -> Lease | None:
    """Lease an export and count the attempt; return None where it has ended or any file is being made."""
    return lease.acquire(
        Export.objects.filter(pk=export_id, state=Export.State.WRITING),
        among=Export.objects.filter(~Exists(_being_made()), pk=export_id, state__in=Export.ACTIVE),
        length=LEASE,
        state=Export.State.WRITING,
        attempts=F("attempts") + 1,
        written=0,
        missing=0,
    )


def _being_made() -> QuerySet[Export]:
    return Export.objects.filter(~lease.is_free(LEASE), state=Export.State.WRITING)


def _make(export: Export, held: Lease) -> None:
    """Write the rows that still exist, store the file, and record it in the change feed. Raises LeaseLostError."""
    if export.attempts > MOST_ATTEMPTS:
        _finish(held, state=Export.State.FAILED, reason=ExportReason.STOPPED())
        return
    sheet, by = sheets.find(export.sheet), export.requested_by
    if sheet is None or by is None or not by.is_active or not by.has_perm(sheet.view_permission):
        _finish(held, state=Export.State.FAILED, reason=ExportReason.NOT_ALLOWED())
        return
    export.parts.all().delete()
    columns = sheet.seen_by(by).choose(export.columns)
    written = done = 0
    with tempfile.TemporaryFile() as file, translation.override(export.language):
        with open_writer(export.format, file, columns, str(sheet.model._meta.verbose_name_plural)) as writer:
            for keys in parts.read_keys(export, ROWS_A_BATCH):
                written += writer.write(sheet.read(keys, columns))
                done += len(keys)
                held.save(written=done)
        size = _keep(export, held, file)
    with recording(None) as record:
        missing = export.size - written
        if not _finish(held, state=Export.State.DONE, written=written, missing=missing, bytes=size):
            raise LeaseLostError
        export.key_runs.all().delete()
        record.add_fact(EXPORT_DONE, export_id=export.pk)


def _keep(export: Export, held: Lease, file: IO[bytes]) -> int:
    size = 0
    for length in parts.keep_file(export, file):
        size += length
        held.save()
    return size


def _finish(held: Lease, **fields: object) -> bool:
    return held.release(finished_at=ports.now(), **fields)


def resume_stranded() -> None:
    """Queue the oldest export that no process works on, unless a file is being made."""
    if _being_made().exists():
        return
    waiting = Export.objects.filter(lease.is_free(LEASE), state__in=Export.ACTIVE)
    oldest = waiting.order_by("pk").values_list("pk", flat=True).first()
    if oldest is not None:
        enqueue(oldest)
