"""The pages of the list of proposals that `bench lists` knows, for `bench.turns`."""

import os
from collections.abc import Iterator
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import override_settings

from bench.lists import PORTAL, list_cases, without_indexes
from offorte_portal.models import Connection
from tests.masses import fill_proposals
from tests.support.factories import link_by_address

PROPOSALS = int(os.environ.get("BENCH_SIZES", "20000"))
# A page is loaded so often in a round; the best counts.
REPEATS = 3


def measure() -> Iterator[dict[str, float]]:
    """Fill the list, then load every page again and again: milliseconds by case."""
    staff = User.objects.create(username="bench", email="seller3@example.com", is_staff=True, is_superuser=True)
    with without_indexes():
        fill_proposals(Connection.objects.create(account="bench"), PROPOSALS)
    link_by_address(staff)
    client = Client()
    client.force_login(staff)
    urls = {case.title: f"{PORTAL}?{urlencode(case.portal)}" for case in list_cases(PROPOSALS)}
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages: Any = settings.STORAGES | {"staticfiles": storage}
    with override_settings(STORAGES=storages):
        while True:
            yield {title: load(client, url) for title, url in urls.items()}


def load(client: Client, url: str) -> float:
    """The best of a few times, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        began = perf_counter()
        client.get(url)
        times.append((perf_counter() - began) * 1000)
    return min(times)
