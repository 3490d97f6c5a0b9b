"""The first requests of `bench first`, for `--against`."""

from collections.abc import Iterator

from django.test import Client

from bench.first import ask_first, prepare
from bench.support.pages import without_collected_static
from bench.support.sizes import choose_for_turns

# How often a page is asked for in a round; the best counts.
REPEATS = 3


def measure() -> Iterator[dict[str, float]]:
    """Fill the tables, then yield the milliseconds of every page with nothing cached, round after round."""
    with without_collected_static():
        client, pages = prepare(choose_for_turns())
        while True:
            yield {title: best(client, url) for title, url in pages.items()}


def best(client: Client, url: str) -> float:
    """Return the milliseconds of the best of a few first requests."""
    return min(ask_first(client, url) for _ in range(REPEATS)) * 1000
