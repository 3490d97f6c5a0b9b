"""The size of a measurement: full, or with `--quick` just enough to show that it runs."""

import os
from typing import TypeVar

Size = TypeVar("Size")


def choose(full: Size, *, quick: Size) -> Size:
    """Return the first size, or the second if BENCH_QUICK is set."""
    return quick if os.environ.get("BENCH_QUICK") else full


def choose_for_turns() -> int:
    """Return the number of proposals to measure in turns: BENCH_SIZES, or what fits into many rounds."""
    return int(os.environ.get("BENCH_SIZES") or choose(20_000, quick=200))
