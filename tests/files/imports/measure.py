"""Reads a file in a process of its own: python -m tests.files.imports.measure NAME. Prints what it took as JSON."""

import json
import sys
import time
from typing import Any

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)

from offorte_portal.files.imports.reading import read_table
from offorte_portal.files.imports.table import TableError


def measure(content: bytes) -> dict[str, Any]:
    """Read it; `seconds` of computing and `megabytes` beyond what the process had, and the rows or the refusal."""
    before, begun = most_memory(), time.process_time()
    told: dict[str, Any] = {}
    try:
        told["rows"] = [row.cells for row in read_table(content).rows]
    except TableError as error:
        told["refusal"] = error.message
    told["seconds"] = round(time.process_time() - begun, 2)
    told["megabytes"] = (most_memory() - before) // 1024
    return told


def most_memory() -> int:
    """The most kilobytes that the process had in memory. What `getrusage` tells begins with those of its parent."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        read = file.read()
    json.dump(measure(read), sys.stdout)
