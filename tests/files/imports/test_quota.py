"""What is stored of a file counts for a person's quota, not the packed file."""

import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports import quota, storing
from offorte_portal.files.imports.table import TableError
from offorte_portal.files.models import Upload, UploadRow
from tests.files.imports.files import as_csv
from tests.files.imports.hostile import rows_of, workbook
from tests.files.imports.storing import store

pytestmark = pytest.mark.django_db


def stored_bytes() -> int:
    cells = UploadRow.objects.values_list("cells", flat=True)
    return sum(len(json.dumps(row, ensure_ascii=False).encode()) for row in cells)


def test_the_rows_of_a_file_count_for_the_quota(connection: Connection, boss: User) -> None:
    told: dict[str, Any] = {"kind": "companies", "connection": connection, "by": boss}
    content = workbook(texts=f"<si><t>{'é' * 1_000}</t></si>", rows=rows_of("<c t='s'><v>0</v></c>", 10, 50))
    upload = store(io.BytesIO(content), "klanten.xlsx", **told)
    assert len(content) < 3_000 < 1_000_000 < stored_bytes() <= upload.size < stored_bytes() + 1_000


def test_letters_are_stored_as_they_are(connection: Connection, boss: User) -> None:
    rows = [["Naam", "Café"], ["Élan", "😀"]]
    store(as_csv(rows), "klanten.csv", kind="companies", connection=connection, by=boss)
    field = UploadRow._meta.get_field("cells")
    assert json.dumps(["Élan"], cls=field.encoder) == '["Élan"]'
    assert [Upload.objects.get().header, UploadRow.objects.get().cells] == rows


@pytest.mark.parametrize(("where", "why"), [(quota, "quota .*count=1"), (storing, "table_too_large")])
def test_rows_beyond_what_is_stored_are_refused_in_words(
    where: Any, why: str, connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {"kind": "companies", "connection": connection, "by": boss}
    store(as_csv([["Naam", "Plaats"], ["Zon", "Ede"]]), "eerst.csv", **told)
    monkeypatch.setattr(where, "MOST_BYTES" if where is quota else "MOST_STORED", 100_000)
    content = workbook(texts=f"<si><t>{'a' * 1_000}</t></si>", rows=rows_of("<c t='s'><v>0</v></c>", 10, 700))
    with pytest.raises(TableError, match=why):
        store(io.BytesIO(content), "klanten.xlsx", **told)
    refused = Upload.objects.get(filename="klanten.xlsx")
    assert (refused.size, refused.rows.count(), hasattr(refused, "file")) == (len(content), 0, False)
