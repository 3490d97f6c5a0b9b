"""Stores uploaded files and their rows, and decides who may see them."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import get_language

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports import quota, reading
from offorte_portal.files.imports.guessing import Columns, guess, is_heading
from offorte_portal.files.imports.headings import plain
from offorte_portal.files.imports.kinds import KINDS
from offorte_portal.files.imports.limits import MOST_STORED, too_large
from offorte_portal.files.imports.mapping import recall
from offorte_portal.files.imports.table import HIDDEN, Table, TableError, TableRow
from offorte_portal.files.models import Upload, UploadedFile, UploadRow
from offorte_portal.files.models.upload import LetterEncoder
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.rights import OTHERS
from offorte_portal.jobs.selection import batches
from offorte_portal.runs import disk

KEPT_DAYS = 30
AT_ONCE = 500
# IDs that are looked up to see whose they are.
SAMPLED = 200


def keep(
    file: IO[bytes], name: str, *, kind: str, connection: Connection, by: User, options: dict[str, Any] | None = None
) -> Upload:
    """Store a file for the worker to read.

    Raises TableError where its name or size rules out that it is a table, where the person has too much stored, and
    where the disk is almost full.
    """
    content = reading.take(file, name)
    if reason := disk.refusal() or quota.refusal(by, len(content), KEPT_DAYS):
        raise TableError(reason)
    with transaction.atomic():
        upload = Upload.objects.create(
            kind=kind,
            connection=connection,
            by=by,
            filename=name[-255:],
            options=options or {},
            size=len(content),
            work=Upload.Work.READ,
            language=get_language() or "",
        )
        UploadedFile.objects.create(upload=upload, content=content)
    return upload


def read(upload: Upload) -> None:
    """Replace the bytes of a file by its rows, and recall or guess its columns.

    From then on, the size of the rows counts for the quota. Raises TableError, also where they exceed it.
    """
    file = UploadedFile.objects.filter(upload=upload).first()
    if file is None:
        return  # an earlier attempt has done this
    table = reading.read_table(bytes(file.content), is_heading(upload.kind))
    upload.header, upload.notes, upload.column_marks = table.header, table.notes, table.column_marks
    upload.mapping = choose_columns(upload, table)
    with transaction.atomic():
        # Rows of an earlier attempt that did not finish.
        upload.rows.all().delete()
        upload.size = size_of(table.header) + keep_rows(upload, table.rows)
        if reason := quota.refusal(upload.by, upload.size, KEPT_DAYS, beside=upload):
            raise TableError(reason)
        upload.save(update_fields=["header", "notes", "column_marks", "mapping", "size"])
        UploadedFile.objects.filter(upload=upload).delete()


def choose_columns(upload: Upload, table: Table) -> Columns:
    """Recall or guess the columns, but none that is hidden in the file."""
    hidden = {column for column, mark in table.column_marks.items() if mark == HIDDEN}
    if recalled := recall(upload.by, upload.kind, table.header):
        return {key: column for key, column in recalled.items() if column not in hidden}
    shown = [column for column in table.header if column not in hidden]
    columns = guess(upload.kind, shown, empty=table.column_marks)
    if "id" in columns and plain(columns["id"]) == "id" and not are_known(upload, table, columns["id"]):
        del columns["id"]
    return columns


def are_known(upload: Upload, table: Table, column: str) -> bool:
    """Return whether the first IDs of a column are Offorte's: other programs call theirs "ID" as well."""
    index = table.header.index(column)
    cells = [row.cells[index].strip() for row in table.rows if not row.mark and row.cells[index].strip()]
    ids = {int(cell) for cell in cells[:SAMPLED] if cell.isascii() and cell.isdecimal() and len(cell) < 19}
    present = KINDS[upload.kind](upload.connection, upload.options, upload.by).present().filter(remote_id__in=ids)
    return bool(ids) and present.count() == len(ids)


def keep_rows(upload: Upload, rows: Sequence[TableRow]) -> int:
    """Store the rows in batches; return their size in bytes. Raises TableError where that is too much."""
    size = 0
    for batch in batches(rows, AT_ONCE):
        made = [
            UploadRow(
                upload=upload,
                connection_id=upload.connection_id,
                number=row.number,
                # PostgreSQL can't store this character.
                cells=[cell.replace("\0", "") for cell in row.cells],
                unreadable=row.problem,
                mark=row.mark,
                is_ticked=not row.mark,
            )
            for row in batch
        ]
        size += sum(size_of(row.cells) + len(str(row.unreadable or "")) for row in made)
        if size > MOST_STORED:
            raise too_large()
        UploadRow.objects.bulk_create(made)
    return size


def size_of(cells: Sequence[str]) -> int:
    """Return how many bytes these cells take in the database."""
    return len(json.dumps(cells, cls=LetterEncoder).encode())


def may_see(upload: Upload, user: User) -> bool:
    """Return whether the upload is the person's own, or they may see other people's jobs."""
    return upload.by_id == user.pk or user.has_perm(OTHERS)


def drop_old(days: int = KEPT_DAYS) -> int:
    """Remove uploads older than `days` whose job is not active, one at a time; return how many."""
    old = Upload.objects.filter(created_at__lt=ports.now() - timedelta(days=days))
    # A paused job reads its rows when it resumes.
    old = old.exclude(job__state__in=Job.ACTIVE)
    removed = 0
    for upload_id in list(old.values_list("pk", flat=True)):
        UploadRow.objects.filter(upload=upload_id).delete()
        removed += bool(Upload.objects.filter(pk=upload_id).delete()[0])
    return removed
