"""Which rows of an upload are imported: a person ticks them, and a file has some that begin without a tick."""

from collections.abc import Iterable

from django.db.models import Q
from django.http import QueryDict

from offorte_portal.files.imports.guessing import arrange, field_of, guess
from offorte_portal.files.imports.table import HIDDEN
from offorte_portal.files.models import Upload, UploadRow

Outcome = UploadRow.Outcome
# Rows on a page, and so the most that a request can tick.
PER_PAGE = 50


def tick(upload: Upload, shown: Iterable[int], ticked: Iterable[int]) -> None:
    """Tick these of the rows that a page showed, and no others of them."""
    kept, rows = set(ticked), upload.rows.filter(pk__in=list(shown))
    rows.filter(pk__in=kept, is_ticked=False).update(is_ticked=True)
    rows.filter(is_ticked=True).exclude(pk__in=kept).update(is_ticked=False)


def keep_ticks(upload: Upload, posted: QueryDict) -> None:
    """Store which of the rows on a page (`shown`) are ticked (`row`), unless the job has started."""
    shown, ticked = (
        [int(key) for key in posted.getlist(name) if key.isascii() and key.isdecimal() and len(key) < 19]
        for name in ("shown", "row")
    )
    if upload.job_id is None:
        tick(upload, shown[:PER_PAGE], ticked)


def include_hidden(upload: Upload, *, is_included: bool) -> None:
    """Tick the rows that are hidden in the file and choose its hidden columns, or none of them; save the ticks only."""
    upload.rows.filter(mark=UploadRow.Mark.HIDDEN).update(is_ticked=is_included)
    hidden = {column for column, mark in upload.column_marks.items() if mark == HIDDEN}
    chosen = {column: field_of(key) for key, column in upload.mapping.items() if column not in hidden}
    if is_included:
        guessed = {column: field_of(key) for key, column in guess(upload.kind, upload.header).items()}
        chosen |= {column: guessed[column] for column in hidden if column in guessed}
    upload.mapping = arrange(upload.kind, upload.header, chosen)


def has_hidden(upload: Upload) -> bool:
    """Return whether the file has hidden rows or columns."""
    return HIDDEN in upload.column_marks.values() or upload.rows.filter(mark=UploadRow.Mark.HIDDEN).exists()


def has_unchecked(upload: Upload) -> bool:
    """Return whether rows were ticked that have not been examined."""
    return upload.rows.filter(is_ticked=True, outcome=Outcome.LEFT_OUT).exists()


def has_changed(upload: Upload) -> bool:
    """Return whether rows were ticked or unticked since they were examined."""
    left_out = Q(outcome=Outcome.LEFT_OUT)
    return upload.rows.filter(Q(left_out, is_ticked=True) | Q(~left_out, is_ticked=False)).exists()


def includes_hidden(upload: Upload) -> bool:
    """Return whether a row or a column that is hidden in the file takes part."""
    hidden = {column for column, mark in upload.column_marks.items() if mark == HIDDEN}
    rows = upload.rows.filter(mark=UploadRow.Mark.HIDDEN, is_ticked=True)
    return bool(hidden.intersection(upload.mapping.values())) or rows.exists()
