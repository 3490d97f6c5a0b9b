"""Nothing here sleeps, so that the pauses between attempts can be looked at."""

import pytest


@pytest.fixture(autouse=True)
def quick_retries() -> None:
    """Pause as long as in earnest: nothing sleeps here."""
