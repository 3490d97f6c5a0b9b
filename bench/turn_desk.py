"""The desk's pages of `bench desk`, for `--against`."""

from collections.abc import Iterator
from functools import partial

from django.contrib.auth.models import User

from bench.desk import cases, fill
from bench.support.rounds import load_in_rounds, sign_in
from bench.support.rows import link_by_address
from bench.support.sizes import choose_for_turns


def measure() -> Iterator[dict[str, float]]:
    """Fill the desk, then yield the milliseconds of every page, round after round."""
    proposals = choose_for_turns()
    staff = User.objects.create(username="bench", email="seller3@example.com", is_staff=True, is_superuser=True)
    fill(proposals)
    link_by_address(staff)
    client = sign_in(staff)
    return load_in_rounds({case.title: partial(client.get, case.url) for case in cases(proposals)})
