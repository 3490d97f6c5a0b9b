"""Load pages in rounds, for measurements in turns."""

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from bench.support.pages import without_collected_static

# How often a page is loaded in a round; the best counts.
REPEATS = 3


def sign_in(user: User) -> Client:
    """Return a test client that is signed in."""
    client = Client()
    client.force_login(user)
    return client


def load_in_rounds(loads: Mapping[str, Callable[[], Any]]) -> Iterator[dict[str, float]]:
    """Load all pages in every round, and yield the milliseconds of each."""
    with without_collected_static():
        while True:
            yield {title: _load(load) for title, load in loads.items()}


def _load(load: Callable[[], Any]) -> float:
    """Return the milliseconds of the best of a few times."""
    times = []
    for _ in range(REPEATS):
        began = perf_counter()
        load()
        times.append((perf_counter() - began) * 1000)
    return min(times)
