"""Files that are uploaded and read at once, as the worker would."""

from typing import IO, Any

import pytest

from offorte_portal import tasks
from offorte_portal.files.imports import storing, work
from offorte_portal.files.imports.table import TableError
from offorte_portal.models import Upload


def store(file: IO[bytes], name: str, **told: Any) -> Upload:
    """Keep a file and read it. Raises TableError where it is refused."""
    upload = storing.keep(file, name, **told)
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    if upload.refusal:
        raise TableError(upload.refusal)
    return upload


def examine(upload: Upload) -> None:
    """Work out what becomes of the rows, by the upload's columns and options as they are now."""
    work.ask_to_examine(upload)
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()


def work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker stand by that does at once what is queued for uploads."""

    def work_now(task: str, upload_id: int, **options: Any) -> None:
        tasks.work_on_upload(upload_id)

    monkeypatch.setattr(work, "queue", work_now)
