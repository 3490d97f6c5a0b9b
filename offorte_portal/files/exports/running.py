"""Making the file of a long export, one export at a time so that other tasks get their turn.

It is made in one go, for neither format can be gone on with in the middle. A process that dies leaves pieces behind
that nobody is offered: the next one begins anew.
"""

import logging
import tempfile
import uuid
from datetime import timedelta
from typing import IO

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from offorte_portal.files.exports import asking, parts, sheets
from offorte_portal.files.exports.writing import open_writer
from offorte_portal.models import Export
from proposals.models import Notification

logger = logging.getLogger(__name__)

ROWS_A_BATCH = 1_000
# A workbook of 500,000 rows is packed in one go at the end, without a sign of life.
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 4

NOT_WRITTEN = gettext_noop("The file could not be written.")
STOPPED = gettext_noop("The worker stopped every time while it wrote this file.")
NOT_ALLOWED = gettext_noop("Whoever asked for it may not see this list any more.")


class LostError(Exception):
    """The export was cancelled, or another process works on it."""


def advance(export_id: int) -> None:
    """Make the file of an export, unless another one is being made; then let the next one have its turn."""
    lease = claim(export_id)
    if lease is None:
        return
    export = Export.objects.select_related("requested_by").get(pk=export_id)
    try:
        _make(export, lease)
    except LostError:
        logger.info("Export %s was cancelled or taken over", export_id)
    except (DatabaseError, OSError):
        logger.exception("Export %s could not be written", export_id)
        _give_back(export, lease)
    except Exception as error:
        _finish(export, lease, state=Export.State.FAILED, reason=f"Unexpected error: {type(error).__name__}")
        raise
    finally:
        resume_stranded()


def claim(export_id: int) -> str | None:
    """Take the export's lease; None where it has ended or a file is being made."""
    now, lease = timezone.now(), str(uuid.uuid4())
    busy = Export.objects.filter(state=Export.State.WRITING, lease_until__gte=now)
    idle = Q(lease="") | Q(lease_until__lt=now)
    claimed = Export.objects.filter(idle, ~Exists(busy), pk=export_id, state__in=Export.ACTIVE).update(
        lease=lease,
        lease_until=now + LEASE,
        state=Export.State.WRITING,
        attempts=F("attempts") + 1,
        written=0,
        missing=0,
    )
    return lease if claimed else None


def _make(export: Export, lease: str) -> None:
    if export.attempts > MOST_ATTEMPTS:
        _finish(export, lease, state=Export.State.FAILED, reason=STOPPED)
        return
    sheet = sheets.find(export.sheet)
    by = export.requested_by
    if sheet is None or by is None or not by.is_active or not by.has_perm(sheet.view_permission):
        _finish(export, lease, state=Export.State.FAILED, reason=NOT_ALLOWED)
        return
    export.parts.all().delete()
    with tempfile.TemporaryFile() as file, translation.override(export.language):
        written = _write_rows(export, lease, sheet, file)
        size = _keep(export, lease, file)
    _complete(export, lease, written=written, missing=export.size - written, bytes=size)


def _write_rows(export: Export, lease: str, sheet: sheets.Sheet, file: IO[bytes]) -> int:
    """Write all rows into the file; answer how many there still were."""
    columns = sheet.choose(export.columns)
    written = done = 0
    title = str(sheet.model._meta.verbose_name_plural)
    with open_writer(export.format, file, columns, title) as writer:
        for keys in parts.read_keys(export, ROWS_A_BATCH):
            written += writer.write(sheet.read(keys, columns))
            done += len(keys)
            _hold(export, lease, written=done)
    return written


def _keep(export: Export, lease: str, file: IO[bytes]) -> int:
    size = 0
    for length in parts.keep_file(export, file):
        size += length
        _hold(export, lease)
    return size


def _hold(export: Export, lease: str, **fields: int) -> None:
    """Keep the lease. Raises LostError where that is somebody else's by now."""
    mine = Export.objects.filter(pk=export.pk, lease=lease, state=Export.State.WRITING)
    if not mine.update(lease_until=timezone.now() + LEASE, **fields):
        raise LostError


@transaction.atomic
def _complete(export: Export, lease: str, **fields: int) -> None:
    """Offer the file, and tell who asked for it."""
    if not _finish(export, lease, state=Export.State.DONE, **fields):
        raise LostError
    export.key_runs.all().delete()
    if export.requested_by is not None:
        Notification.objects.get_or_create(export=export, defaults={"user": export.requested_by})


def _finish(export: Export, lease: str, **fields: object) -> bool:
    mine = Export.objects.filter(pk=export.pk, lease=lease, state=Export.State.WRITING)
    return bool(mine.update(finished_at=timezone.now(), lease="", lease_until=None, **fields))


def _give_back(export: Export, lease: str) -> None:
    """Let it be begun anew by the next sweep, unless that was tried often enough."""
    if export.attempts >= MOST_ATTEMPTS:
        _finish(export, lease, state=Export.State.FAILED, reason=NOT_WRITTEN)
        return
    mine = Export.objects.filter(pk=export.pk, lease=lease, state=Export.State.WRITING)
    mine.update(state=Export.State.WAITING, reason=NOT_WRITTEN, lease="", lease_until=None)


def resume_stranded() -> None:
    """Queue the oldest export that nothing works on, where no file is being made."""
    now = timezone.now()
    if Export.objects.filter(state=Export.State.WRITING, lease_until__gte=now).exists():
        return
    idle = Q(lease="") | Q(lease_until__lt=now)
    oldest = Export.objects.filter(idle, state__in=Export.ACTIVE).order_by("pk").values_list("pk", flat=True).first()
    if oldest is not None:
        asking.enqueue(oldest)
