"""Files of proposals, read as they are uploaded, and what the dry run says of them."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.compose.document import Table
from offorte_portal.compose.many.terms import clean_terms
from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.runs.reasons import put_into_words
from proposals.models import ProposalTemplate
from tests.files.imports.storing import examine, store
from tests.support.factories import AS_OF, make_account_user, make_connection, make_staff

Put = Callable[..., Upload]


@pytest.fixture
def account(db: None) -> Connection:
    """An account with two users and a template."""
    connection = make_connection("bouw")
    make_account_user(connection)
    make_account_user(connection, firstname="Sanne", email="sanne@bouw.example")
    ProposalTemplate.objects.create(connection=connection, remote_id=1, as_of=AS_OF, name="Magazine")
    return connection


@pytest.fixture
def boss(db: None) -> User:
    """Somebody who may do everything."""
    return make_staff("boss")


@pytest.fixture
def put(account: Connection, boss: User) -> Put:
    """Uploads rows as CSV and has them examined."""

    def make(rows: Iterable[Mapping[str, Any]], by: User | None = None, tables: Any = (), **options: Any) -> Upload:
        held = list(rows)
        names = list(dict.fromkeys(name for row in held for name in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, names)
        writer.writeheader()
        writer.writerows(held)
        file = io.BytesIO(text.getvalue().encode())
        upload = store(file, "offertes.csv", kind="proposals", connection=account, by=by or boss)
        given: dict[str, Any] = {"pattern": "Voor {company}", "table": "pricetable1", "vat": "21"} | options
        things = {name: value for name, value in given.items() if hasattr(value, "remote_id")}
        upload.options = clean_terms(things, given, list[Table](tables)).dump()
        examine(upload)
        return upload

    return make


def told(upload: Upload) -> dict[int, tuple[str, str]]:
    """What is said of each row, by its number: the outcome, and the problem or else the hint."""
    return {
        row.number: (row.outcome, put_into_words(row.problem or row.hint))
        for row in UploadRow.objects.filter(upload=upload)
    }
