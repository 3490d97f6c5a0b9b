"""Home, a proposal and the reports at half a million proposals: the first request, with nothing cached, and later ones.

Whole pages through Django's test client: `python -m bench first`. The reports are about two years, compared with the
two before. Queries are those of a superuser once the counts of the navigation are cached. Aims: 200 ms for the first
request, 8 queries. With `--against`, both sides fill their tables with the same proposals, mails, views, and, where
they keep them, lost reasons and prices; pages that only one side has are left out.
"""

import os
import time
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.desk import renew
from bench.lists import without_indexes
from bench.support.histories import fill_forecasts, fill_histories
from bench.support.results import Result
from bench.support.rows import fill_proposals, link_by_address
from bench.support.sizes import choose
from offorte_portal.changes import following
from offorte_portal.changes.recording import read_again
from offorte_portal.changes.registry import FOLLOWERS
from offorte_portal.connections.models import Connection
from offorte_portal.desk import stats
from proposals.models import Proposal

SIZE = choose(500_000, quick=400)
REPEATS = choose(5, quick=1)
MOST_MILLISECONDS, MOST_QUERIES = 200, 8
# The proposals are from up to March 2026.
YEARS = "from=2024-04&to=2026-03"


def list_pages() -> dict[str, str]:
    """Return the address of each page by its title."""
    newest = Proposal.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return {
        "home, mine": "/?who=mine",
        "home, team": "/?who=team",
        "home, figures": "/home/overview/?who=team",
        "home, accounts": "/home/accounts/",
        "a proposal": f"/proposals/proposal/{newest}/change/",
        "results by month": f"/reports/?who=team&{YEARS}",
        "results by seller": f"/reports/?who=team&by=seller&{YEARS}",
        "results by template, mine": f"/reports/?who=mine&by=template&{YEARS}",
        "sent to signed": f"/reports/cohorts/?who=team&{YEARS}",
        "why we lose": f"/reports/lost/?who=team&{YEARS}",
        "why we lose, by seller": f"/reports/lost/?who=team&by=seller&{YEARS}",
        "products that win": "/reports/products/?months=24",
        "forecast": "/reports/forecast/",
        "teams": "/reports/teams/",
    }


def prepare(count: int) -> tuple[Client, dict[str, str]]:
    """Fill the tables, let the worker compute all sums, and return a client with the pages that this checkout has."""
    user = User.objects.create(username="bench", email="seller3@example.com", is_staff=True, is_superuser=True)
    User.objects.create(username="colleague", is_staff=True)
    connection = Connection.objects.create(account=f"bench-{count}", synced_at=timezone.now())
    with without_indexes():
        fill_proposals(connection, count)
    fill_histories(connection)
    fill_forecasts(user)
    renew(connection, count)
    link_by_address(user)
    read_again(connection.pk)
    for name in {"desk", "loss_sums"} & FOLLOWERS.keys():
        following.rebuild(FOLLOWERS[name], connection.pk, time.monotonic() + 3600)
    stats.sweep(seconds=3600)
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does in time
    client = Client()
    client.force_login(user)
    return client, {title: url for title, url in list_pages().items() if client.get(url).status_code == 200}


def ask_first(client: Client, url: str) -> float:
    """Return the seconds of a request for a page of which nothing is cached."""
    caches["local"].clear()
    return ask(client, url)


def ask(client: Client, url: str) -> float:
    """Return the seconds of a request."""
    began = time.perf_counter()
    client.get(url)
    return time.perf_counter() - began


def run() -> Result:
    """Print what each page costs, for the configured database."""
    count = int(os.environ.get("BENCH_SIZES", str(SIZE)).split(",")[-1] or SIZE)
    client, pages = prepare(count)
    print(f"\nPages at {count:,} proposals on {database.vendor}")
    print(f"{'':28}{'first ms':>10}{'warm ms':>9}{'queries':>9}")
    result = Result()
    for title, first, warm, queries in measure(client, pages):
        is_met = first <= MOST_MILLISECONDS and queries <= MOST_QUERIES
        if not is_met:
            result.misses.append(f"{title}: {first:.0f} ms first, {queries} queries")
        print(f"{title:28}{first:10.0f}{warm:9.0f}{queries:9}{'' if is_met else '  over the target'}", flush=True)
    return result


def measure(client: Client, pages: dict[str, str]) -> Iterator[tuple[str, float, float, int]]:
    """Yield title, milliseconds of the first request and of later ones, and queries of later ones."""
    for title, url in pages.items():
        first = min(ask_first(client, url) for _ in range(REPEATS))
        with CaptureQueriesContext(database) as captured:
            client.get(url)
        queries = len(captured)
        warm = min(ask(client, url) for _ in range(REPEATS))
        yield title, first * 1000, warm * 1000, queries
