"""Files of proposal statuses, for tests."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.kinds.statuses import REASONS
from offorte_portal.files.models import Upload
from tests.files.imports.files import as_csv
from tests.files.imports.storing import examine, store


def read(connection: Connection, rows: Sequence[Sequence[Any]], by: User) -> Upload:
    made = store(as_csv(rows), "standen.csv", kind="statuses", connection=connection, by=by)
    examine(made)
    return made


def choose(upload: Upload, **reasons: str) -> None:
    """Choose a reason for these names of the file."""
    upload.options = {**upload.options, REASONS: reasons}
    examine(upload)
