"""The list of proposals compared with a stock ModelAdmin with the same columns, in one run.

Whole pages through Django's test client: `python -m bench lists`. The stock admin has Django's own templates,
selects the same relations, searches the same text with `icontains` and filters by the same columns, without the
portal's frame around it. Aims: 150 ms and 150 KiB at 20,000 proposals, 300 ms at 500,000, 11 queries.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path

from bench.support.results import Ratio, Result
from bench.support.rows import fill_proposals, link_by_address
from bench.support.sizes import choose
from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import search_index
from proposals.models import AccountUser, DesignTemplate, Proposal

# Proposals, and the limit of a page in milliseconds.
SIZES = choose({20_000: 150, 500_000: 300}, quick={200: 150})
MOST_QUERIES = 11
MOST_KIB = 150
# A case is repeated for this many seconds, at most this many times; the best counts.
SECONDS = 1.5
REPEATS = choose(7, quick=2)

stock_site = admin.AdminSite(name="stock")


@admin.register(Proposal, site=stock_site)
class StockAdmin(admin.ModelAdmin[Proposal]):
    """The admin that takes five minutes to write."""

    list_display = (
        "name",
        "number",
        "company",
        "status",
        "price_total",
        "view_count",
        "viewed_at",
        "remote_created_at",
        "owner",
    )
    list_select_related = ("company", "owner")
    list_per_page = 50
    search_fields = ("search_text",)
    ordering = ("-remote_id",)
    actions = None

    def lookup_allowed(self, lookup: str, value: str, request: object = None) -> bool:
        """Allow every filter, without the sidebar that would list all companies."""
        return True


urlpatterns = [path("stock/", stock_site.urls), path("", include("offorte_portal.urls"))]

PORTAL = "/proposals/proposal/"
STOCK = "/stock/proposals/proposal/"


@dataclass(frozen=True)
class Case:
    """A page of the portal's list, and the stock list's page with the same rows."""

    title: str
    portal: dict[str, str]
    stock: dict[str, str]


def list_cases(count: int) -> Iterator[Case]:
    """Yield the pages to measure."""
    last = str(-(-count // 50))
    yield Case("first page", {}, {})
    page = str(min(100, -(-count // 50)))
    yield Case(f"page {page}", {"p": page}, {"p": page})
    yield Case("last page", {"p": last}, {"p": last})
    for title, words in (
        ("search without a hit", "zzyzx"),
        ("search with one hit", f"post{count - 7}@"),
        ("search with some hits", f"{PLACE} {count // 50}"),
        ("search with many hits", PLACE),
    ):
        yield Case(title, {"q": words}, {"q": words})
    yield from filter_cases()
    for column, theirs in {0: 0, 2: 4, 3: 5, 4: 6, 5: 7}.items():
        name = StockAdmin.list_display[theirs]
        yield Case(f"by {name}", {"o": str(column)}, {"o": str(theirs)})
        yield Case(f"by {name}, descending", {"o": f"-{column}"}, {"o": f"-{theirs}"})
    yield Case("by price_total, last page", {"o": "2", "p": last}, {"o": "4", "p": last})
    yield Case("open, by price_total", {"status": "open", "o": "-2"}, {"status": "open", "o": "-4"})


PLACE = "breda"


def filter_cases() -> Iterator[Case]:
    """Yield each filter, with few hits and with many."""
    company, owner, design = (
        str(model._default_manager.order_by("pk").values_list("pk", flat=True)[3])
        for model in (Company, AccountUser, DesignTemplate)
    )
    day = "2026-03-01"
    yield Case("status: one", {"status": "open"}, {"status": "open"})
    yield Case("status: two", {"status": "open,edit"}, {"status__in": "open,edit"})
    yield Case("mine", {"mine": "yes"}, {"owner_email": "seller3@example.com"})
    yield Case("owner", {"owner": owner}, {"owner__id__exact": owner})
    yield Case("company", {"company": company}, {"company__id__exact": company})
    yield Case(
        "company by words", {"company": "dakrenovatie breda"}, {"company__name__icontains": "dakrenovatie breda"}
    )
    yield Case("total from 5,000", {"total_min": "5000"}, {"price_total__gte": "5000"})
    yield Case("total from 89,990", {"total_min": "89990"}, {"price_total__gte": "89990"})
    yield Case("total that none has", {"total_min": "99999"}, {"price_total__gte": "99999"})
    yield Case("that total, by view_count", {"total_min": "99999", "o": "3"}, {"price_total__gte": "99999", "o": "5"})
    for name, column in (("created", "remote_created_at"), ("modified", "remote_modified_at"), ("seen", "viewed_at")):
        yield Case(
            f"{name} on a day",
            {f"{name}_from": day, f"{name}_to": day},
            {f"{column}__gte": f"{day} 00:00+01:00", f"{column}__lt": "2026-03-02 00:00+01:00"},
        )
        yield Case(f"{name} before 2026", {f"{name}_to": "2025-12-31"}, {f"{column}__lt": "2026-01-01 00:00+01:00"})
    yield Case("views from 29", {"views_min": "29"}, {"view_count__gte": "29"})
    yield Case("open and not seen", {"unseen": "yes"}, {"status": "open", "view_count": "0"})
    yield Case("design template", {"template": design}, {"design_template__id__exact": design})
    yield Case("without details", {"details": "no"}, {"details_as_of__isnull": "True"})
    yield Case("removed", {"removed": "yes"}, {"removed_at__isnull": "False"})
    yield Case(
        "owner, seen, by views",
        {"owner": owner, "seen_from": day, "o": "3"},
        {"owner__id__exact": owner, "viewed_at__gte": f"{day} 00:00+01:00", "o": "5"},
    )


@dataclass(frozen=True)
class Page:
    """The cost of a page."""

    milliseconds: float
    queries: int
    kib: float


def measure(client: Client, url: str) -> Page:
    """Return the best of a few times, without the first, which warms up."""
    with CaptureQueriesContext(database) as queries:
        response = client.get(url)
    count = len(queries)
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}.")
    times: list[float] = []
    while len(times) < REPEATS and (len(times) < 2 or sum(times) < SECONDS):
        began = time.perf_counter()
        client.get(url)
        times.append(time.perf_counter() - began)
    return Page(min(times) * 1000, count, len(response.content) / 1024)


@contextmanager
def stock_templates() -> Iterator[None]:
    """Use Django's own templates instead of the portal's."""
    templates: list[dict[str, Any]] = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = []
    options: dict[str, list[str]] = templates[0]["OPTIONS"]
    options["context_processors"] = [one for one in options["context_processors"] if one.startswith("django.")]
    with override_settings(TEMPLATES=templates):
        yield


@contextmanager
def without_indexes() -> Iterator[None]:
    """Create the indexes after the table is filled, which is ten times as fast."""
    table, indexes = Proposal._meta.db_table, Proposal._meta.indexes
    with database.schema_editor() as editor:
        search_index.drop(table, editor)
        for index in indexes:
            editor.remove_index(Proposal, index)
    yield
    with database.schema_editor() as editor:
        for index in indexes:
            editor.add_index(Proposal, index)
        search_index.create(table, editor)
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does in time


def run_size(client: Client, count: int, most_milliseconds: int, result: Result) -> None:
    """Fill the tables with `count` proposals, print the cost of their list and add it to the result."""
    began = time.perf_counter()
    with without_indexes():
        for model in (Proposal, Company, AccountUser, DesignTemplate):
            model._default_manager.all()._raw_delete("default")
        Connection.objects.all().delete()
        fill_proposals(Connection.objects.create(account=f"bench-{count}"), count)
        link_by_address(User.objects.get(username="bench"))
    print(f"\nList of {count:,} proposals on {database.vendor} (filled in {time.perf_counter() - began:.0f} s)")
    print(f"{'':26}{'stock ms':>10}{'portal ms':>11}{'ratio':>8}{'queries':>9}{'KiB':>6}")
    for case in list_cases(count):
        portal = measure(client, f"{PORTAL}?{urlencode(case.portal)}")
        with stock_templates():
            stock = measure(client, f"{STOCK}?{urlencode(case.stock)}")
        is_met = portal.milliseconds <= most_milliseconds and portal.queries <= MOST_QUERIES and portal.kib <= MOST_KIB
        ratio = stock.milliseconds / portal.milliseconds
        title = f"{case.title}, {count:,}"
        result.ratios.append(Ratio(title, "stock ModelAdmin", ratio))
        result.misses += [] if is_met else [f"{title}: {portal.milliseconds:.0f} ms, {portal.queries} queries"]
        print(
            f"{case.title:26}{stock.milliseconds:10.0f}{portal.milliseconds:11.0f}"
            f"{ratio:8.1f}{portal.queries:9}{portal.kib:6.0f}"
            f"{'' if is_met else '  over the target'}",
            flush=True,
        )


def run() -> Result:
    """Print a table for each size, for the configured database."""
    staff = User.objects.create(username="bench", email="seller3@example.com", is_staff=True, is_superuser=True)
    result = Result()
    sizes = [int(size) for size in os.environ.get("BENCH_SIZES", "").split(",") if size] or list(SIZES)
    with override_settings(ROOT_URLCONF="bench.lists"):
        client = Client()
        client.force_login(staff)
        for size in sizes:
            run_size(client, size, SIZES.get(size, 300), result)
    return result
