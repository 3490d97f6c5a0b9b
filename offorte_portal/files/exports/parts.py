"""Stores keys and files in the database, in chunks, where both web and worker can read them."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from offorte_portal.files.models import Export, ExportKeys, ExportPart

KEYS_A_RUN = 10_000
PART_BYTES = 1024 * 1024


def keep_keys(export: Export, keys: Iterable[int]) -> int:
    """Store the keys in their order; return how many there are."""
    rest, count = iter(keys), 0
    for number in range(10**9):
        run = array("q", islice(rest, KEYS_A_RUN))
        if not run:
            break
        ExportKeys.objects.create(export=export, number=number, keys=run.tobytes())
        count += len(run)
    return count


def read_keys(export: Export, size: int) -> Iterator[list[int]]:
    """Yield the stored keys in their order, at most `size` at a time."""
    for number in export.key_runs.order_by("number").values_list("pk", flat=True):
        run = array("q")
        run.frombytes(bytes(ExportKeys.objects.values_list("keys", flat=True).get(pk=number)))
        for start in range(0, len(run), size):
            yield run[start : start + size].tolist()


def keep_file(export: Export, file: IO[bytes]) -> Iterator[int]:
    """Store the file in chunks; yield the number of bytes of each."""
    file.seek(0)
    for number in range(10**9):
        data = file.read(PART_BYTES)
        if not data:
            break
        ExportPart.objects.create(export=export, number=number, data=data)
        yield len(data)


def read_file(export: Export) -> Iterator[bytes]:
    """Yield the chunks of the stored file."""
    for pk in list(export.parts.order_by("number").values_list("pk", flat=True)):
        yield bytes(ExportPart.objects.values_list("data", flat=True).get(pk=pk))
