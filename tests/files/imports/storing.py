"""Files that are uploaded and read at once, as the worker would."""

from collections.abc import Callable
from typing import IO, Any

import pytest

from offorte_portal.files.imports import storing, work
from offorte_portal.files.imports.table import TableError
from offorte_portal.files.models import Upload
from offorte_portal.ports import queueing


def store(file: IO[bytes], name: str, **told: Any) -> Upload:
    """Keep a file and read it. Raises TableError where it is refused."""
    upload = storing.keep(file, name, **told)
    work.advance(upload.pk)
    upload.refresh_from_db()
    if upload.refusal:
        raise TableError(upload.refusal)
    return upload


def examine(upload: Upload) -> None:
    """Work out what becomes of the rows, by the upload's columns and options as they are now."""
    work.ask_to_examine(upload)
    work.advance(upload.pk)
    upload.refresh_from_db()


def work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker stand by that does at once what is queued for uploads."""

    queue = queueing.queue

    def work_now(task: Callable[..., object], *args: Any, **options: Any) -> None:
        if task is work.advance:
            task(*args)
        else:
            queue(task, *args, **options)

    monkeypatch.setattr(queueing, "queue", work_now)
