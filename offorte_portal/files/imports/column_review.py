"""Says of each column of a file what it is used for, or why it is left out."""

from typing import NamedTuple

from offorte_portal.files.imports.guessing import field_of, guess
from offorte_portal.files.imports.headings import plain
from offorte_portal.files.imports.mapping import label_of
from offorte_portal.files.imports.table import EMPTY, HIDDEN
from offorte_portal.files.models import Upload
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.reason import Reason


class ColumnReview(NamedTuple):
    """A column and the label of its field, or why it is left out."""

    column: str
    field: Reason | None
    left_out: Reason | None


def review_columns(upload: Upload) -> list[ColumnReview]:
    """Return what becomes of each column, in their order."""
    used = {column: field_of(key) for key, column in upload.mapping.items()}
    guessed = {column: field_of(key) for key, column in guess(upload.kind, upload.header).items()}
    return [
        ColumnReview(column, label_of(upload.kind, used[column]), None)
        if column in used
        else ColumnReview(column, None, explain(upload, column, guessed))
        for column in upload.header
    ]


def explain(upload: Upload, column: str, guessed: dict[str, str]) -> Reason:
    """Return why a column is not used, where `guessed` are the fields of all columns by their names."""
    mark = upload.column_marks.get(column)
    if mark == HIDDEN:
        return ImportReason.COLUMN_HIDDEN()
    if mark == EMPTY:
        return ImportReason.COLUMN_EMPTY()
    # Alone, the column would be guessed to hold this field.
    field = guessed.get(column) or next((field_of(key) for key in guess(upload.kind, [column])), None)
    if field == "id" and plain(column) == "id":
        return ImportReason.COLUMN_OTHER_IDS()
    if field is None:
        return ImportReason.COLUMN_UNKNOWN()
    if other := upload.mapping.get(field):
        return ImportReason.COLUMN_TAKEN(field=label_of(upload.kind, field), column=other)
    return ImportReason.COLUMN_DECLINED()
