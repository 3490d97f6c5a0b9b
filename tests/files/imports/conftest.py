"""Uploads of rows that a test writes down, and what files of statuses are about."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.simulator import Simulator
from offorte_portal.tracking.models import LostReason
from proposals.models import Proposal
from tests.files.imports.files import as_csv
from tests.files.imports.storing import examine, store
from tests.support.factories import make_connection, make_staff
from tests.support.mirrored import mirror_account

MakeUpload = Callable[..., Upload]


@pytest.fixture
def connection(db: None) -> Connection:
    return make_connection("bouw")


@pytest.fixture
def boss(db: None) -> User:
    return make_staff("boss")


@pytest.fixture
def upload(connection: Connection, boss: User) -> MakeUpload:
    """Stores and examines a file with these rows, the first of which is the header."""

    def make(kind: str, rows: Sequence[Sequence[Any]], matches: str = "update", by: User | None = None) -> Upload:
        made = store(as_csv(rows), "bestand.csv", kind=kind, connection=connection, by=by or boss)
        made.options = {"matches": matches}
        examine(made)
        return made

    return make


def outcomes(upload: Upload) -> list[str]:
    """What becomes of each row, in their order."""
    return [row.outcome for row in upload.rows.all()]


def row_of(upload: Upload, number: int) -> UploadRow:
    """The row with this number in the file."""
    return upload.rows.get(number=number)


@pytest.fixture
def dear(db: None) -> LostReason:
    return LostReason.objects.get(default="too_expensive")


@pytest.fixture
def mirrored(simulator: Simulator, connect: Callable[..., Connection]) -> list[Proposal]:
    """Three open proposals at Offorte and here."""
    connection = connect()
    mirror_account(connection, simulator)
    return list(Proposal.objects.filter(status="open").order_by("pk")[:3])
