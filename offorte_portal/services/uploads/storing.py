"""Keeping what was in an uploaded file, and who may look at it."""

from datetime import timedelta
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from offorte_portal.models import Connection, Job, Upload, UploadRow
from offorte_portal.services.jobs.rights import OTHERS
from offorte_portal.services.uploads.mapping import guess, known_words, recall
from offorte_portal.services.uploads.reading import read_table, take
from offorte_portal.services.uploads.table import TableRow

KEPT_DAYS = 30
AT_ONCE = 500


def store(
    file: IO[bytes], name: str, *, kind: str, connection: Connection, by: User, options: dict[str, Any] | None = None
) -> Upload:
    """Keep the table in a file, with its columns as remembered or guessed. Raises TableError."""
    table = read_table(take(file, name), known_words(kind))
    upload = Upload(
        kind=kind,
        connection=connection,
        by=by,
        filename=name[-255:],
        header=table.header,
        notes=table.notes,
        mapping=recall(by, kind, table.header) or guess(kind, table.header),
        options=options or {},
    )
    with transaction.atomic():
        upload.save()
        UploadRow.objects.bulk_create([as_row(upload, row) for row in table.rows], batch_size=AT_ONCE)
    return upload


def as_row(upload: Upload, row: TableRow) -> UploadRow:
    """A row as it is kept."""
    return UploadRow(
        upload=upload,
        connection_id=upload.connection_id,
        number=row.number,
        # PostgreSQL takes no such character.
        cells=[cell.replace("\0", "") for cell in row.cells],
        unreadable=row.problem,
    )


def may_see(upload: Upload, user: User) -> bool:
    """Whether it is the person's own upload, or they may see what others do."""
    return upload.by_id == user.pk or user.has_perm(OTHERS)


def drop_old(days: int = KEPT_DAYS) -> int:
    """Remove the uploads that were made longer ago, a few at a time; answer how many."""
    old = Upload.objects.filter(created_at__lt=timezone.now() - timedelta(days=days))
    # A job that was paused reads its rows when it goes on.
    old = old.exclude(job__state__in=Job.ACTIVE)
    removed = 0
    for upload_id in list(old.values_list("pk", flat=True)):
        UploadRow.objects.filter(upload=upload_id).delete()
        removed += bool(Upload.objects.filter(pk=upload_id).delete()[0])
    return removed
