from collections.abc import Iterator

import pytest

from tests.serving.server import serve


@pytest.fixture(scope="session")
def echo() -> Iterator[int]:
    """The port of a server whose application answers what it was asked."""
    with serve("tests.serving.echo:application") as port:
        yield port
