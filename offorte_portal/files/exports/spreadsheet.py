"""Streams CSV that spreadsheets open safely, row by row."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from offorte_portal.files.exports.cells import separators, write_cell

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else


class _Echo:
    """A file whose `write` returns the text."""

    def write(self, text: str) -> str:
        return text


def stream_csv(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Return a download called `name`.csv, which is streamed while `rows` are read."""
    response = StreamingHttpResponse(_lines(header, rows, *separators()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(
    header: Sequence[object], rows: Iterable[Sequence[object]], separator: str, decimal_point: str
) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=separator)
    yield BYTE_ORDER_MARK + str(writer.writerow([write_cell(cell) for cell in header]))
    for row in rows:
        yield str(writer.writerow([write_cell(cell, decimal_point) for cell in row]))
