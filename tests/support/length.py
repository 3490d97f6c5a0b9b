"""How long a run is: `make test` tries every rule once, `make test-long` tries those marked `long` at full size."""

import os
from typing import TypeVar

IS_LONG = os.environ.get("TEST_LONG") == "true"
Size = TypeVar("Size")


def usual_or_long(usual: Size, long: Size) -> Size:
    """The size of this run."""
    return long if IS_LONG else usual
