"""The feed's pages of `bench activity`, for `--against`."""

from collections.abc import Iterator
from functools import partial

from django.contrib.auth.models import User

from bench.activity import fill, list_pages
from bench.support.rounds import load_in_rounds, sign_in
from bench.support.sizes import choose_for_turns


def measure() -> Iterator[dict[str, float]]:
    """Fill the feed, then yield the milliseconds of every page, round after round."""
    small, big = fill(choose_for_turns())
    clients = {name: sign_in(User.objects.get(username=name)) for name in ("seller3", "nobody")}
    return load_in_rounds({title: partial(clients[name].get, url) for title, name, url in list_pages(small, big)})
