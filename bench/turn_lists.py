"""The list's pages of `bench lists`, for `--against`."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User

from bench.lists import PORTAL, list_cases, without_indexes
from bench.support.rounds import load_in_rounds, sign_in
from bench.support.rows import fill_proposals, link_by_address
from bench.support.sizes import choose_for_turns
from offorte_portal.connections.models import Connection


def measure() -> Iterator[dict[str, float]]:
    """Fill the list, then yield the milliseconds of every page, round after round."""
    proposals = choose_for_turns()
    staff = User.objects.create(username="bench", email="seller3@example.com", is_staff=True, is_superuser=True)
    with without_indexes():
        fill_proposals(Connection.objects.create(account="bench"), proposals)
    link_by_address(staff)
    client = sign_in(staff)
    return load_in_rounds(
        {case.title: partial(client.get, f"{PORTAL}?{urlencode(case.portal)}") for case in list_cases(proposals)}
    )
