"""Reads files, each in a process of its own: python -m tests.files.imports.measure.

Takes a path a line; prints a line of JSON for each: what it took. What is imported is imported once, before.
"""

import json
import os
import sys
import time
from typing import Any

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)

from offorte_portal.files.imports.reading import read_table
from offorte_portal.files.imports.table import TableError
from offorte_portal.runs.reasons import put_into_words


def measure(content: bytes) -> dict[str, Any]:
    """Read it; `seconds` of computing and `megabytes` beyond what the process had, and the rows or the refusal."""
    before, begun = most_memory(), time.process_time()
    told: dict[str, Any] = {}
    try:
        told["rows"] = [row.cells for row in read_table(content).rows]
    except TableError as error:
        told["refusal"] = put_into_words(error.reason)
    told["seconds"] = round(time.process_time() - begun, 2)
    told["megabytes"] = (most_memory() - before) // 1024
    return told


def most_memory() -> int:
    """The most kilobytes that the process had in memory. What `getrusage` tells begins with those of its parent."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def measure_apart(path: str) -> None:
    """Measure in a process that has read nothing before, and print what it tells, or how it ended."""
    child = os.fork()
    if child == 0:
        with open(path, "rb") as file:
            read = file.read()
        os.write(1, f"{json.dumps(measure(read))}\n".encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        os.write(1, f"{json.dumps({'ended': status})}\n".encode())


if __name__ == "__main__":
    for line in sys.stdin:
        measure_apart(line.rstrip("\n"))
