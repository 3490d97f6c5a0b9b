"""The desk's pages at half a million proposals, and what they would cost without stored sums.

Whole pages through Django's test client, with cold caches ("first") and warm ones: `python -m bench desk`. Each is
compared with the same numbers by plain aggregation over the proposals, without a page around them. Aims: 200 ms, the
palette 150 ms, 8 queries once the counts of the navigation are cached.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection as database
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.lists import without_indexes
from bench.support.results import Ratio, Result
from bench.support.rows import fill_proposals, link_by_address
from bench.support.sizes import choose
from offorte_portal.activity.models import Activity
from offorte_portal.changes import following
from offorte_portal.changes.recording import read_again
from offorte_portal.changes.registry import FOLLOWERS
from offorte_portal.connections.models import Connection
from offorte_portal.desk import stats
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal

SIZE = choose(500_000, quick=400)
QUESTIONS = choose(50_000, quick=50)
QUOTES = choose(50_000, quick=100)
FOLLOW_UPS = 5_000
MOST_QUERIES = 8
REPEATS = choose(5, quick=1)
OPEN = Proposal.Status.OPEN


@dataclass(frozen=True)
class Case:
    """A page, its limit in milliseconds, and the same numbers without the desk's stored sums."""

    title: str
    url: str
    milliseconds: int
    naive: Callable[[], Any] | None = None
    # The page on which the palette is opened.
    opened_on: str = ""

    def get(self, client: Client) -> Any:
        headers = {"HX-Current-URL": f"http://testserver{self.opened_on}"} if self.opened_on else {}
        return client.get(self.url, headers=headers)


def cases(count: int) -> Iterator[Case]:
    """Yield the pages to measure."""
    own = Proposal.objects.filter(owner_email="seller3@example.com")
    yield Case("home, mine", "/?who=mine", 200, lambda: attention(own))
    yield Case("home, team", "/?who=team", 200, lambda: attention(Proposal.objects.all()))
    yield Case("board", "/board/", 200, board)
    yield Case("board, mine", "/board/?mine=yes", 200)
    yield Case("board, from 5,000", "/board/?total_min=5000", 200)
    yield Case("board, other systems", "/board/?systems=other", 200)
    yield Case("board, both", "/board/?systems=both", 200)
    yield Case("board, both, mine", "/board/?systems=both&mine=yes", 200)
    yield Case("inbox, team", "/inbox/?who=team", 200)
    yield Case("follow-ups, team", "/followups/?who=team", 200)
    yield Case("reports by month, team", "/reports/?who=team&months=24", 200, by_month)
    yield Case("reports by seller, team", "/reports/?who=team&by=seller&months=24", 200, by_seller)
    yield Case("reports, other systems", "/reports/?who=team&systems=other&months=24", 200)
    yield Case("reports by seller, both", "/reports/?who=team&systems=both&by=seller&months=24", 200)
    yield Case("quotes of other systems", "/other_systems/importedquote/", 300)
    yield Case("hot list", "/proposals/proposal/?attention=hot", 300)
    yield Case("silent list, team", "/proposals/proposal/?attention=silent", 300)
    yield Case("by heat, last page", f"/proposals/proposal/?o=-6&p={-(-count // 50)}", 300)
    for words in ("breda", "zzyzx", f"post{count - 7}@", "da", "breda dakrenovatie 20", f"2025-{count - 9:06}"):
        yield Case(f"palette: {words}", f"/palette/?q={words.replace(' ', '+')}", 150, naive_search(words))
    keys = Proposal.objects.order_by("-pk").values_list("pk", flat=True)[:9]
    first, *others = [f"/proposals/proposal/{key}/change/" for key in keys]
    recent = "&".join(f"recent={path}" for path in others)
    yield Case("palette on a proposal, nothing typed", f"/palette/?q=&{recent}", 150, opened_on=first)
    yield Case("palette on a proposal: lost", "/palette/?q=lost", 150, opened_on=first)


def attention(found: QuerySet[Proposal]) -> None:
    """Compute every count of the home page from the proposals' columns."""
    now = timezone.now()
    opened = found.filter(removed_at__isnull=True, status=OPEN)
    sums = {"n": Count("pk"), "v": Sum("price_total")}
    opened.filter(viewed_at__gte=now - timedelta(days=7)).aggregate(**sums)
    opened.filter(view_count=0, remote_created_at__lt=now - timedelta(days=3)).aggregate(
        **sums, o=Min("remote_created_at")
    )
    opened.filter(viewed_at__lt=now - timedelta(days=5)).aggregate(**sums, o=Min("viewed_at"))
    list(found.filter(removed_at__isnull=True).values_list("status").annotate(**sums))


def board() -> None:
    """Compute counts, values and the newest proposals of each status."""
    present = Proposal.objects.filter(removed_at__isnull=True)
    list(present.values_list("status").annotate(n=Count("pk"), v=Sum("price_total"), m=Max("remote_modified_at")))
    for status in Proposal.Status.values:
        list(present.filter(status=status).order_by("-remote_created_at").values("pk", "name")[:15])


def by_month() -> None:
    """Compute won and lost by month."""
    decided = Proposal.objects.filter(removed_at__isnull=True, status__in=["won", "lost"])
    months = decided.annotate(month=TruncMonth("remote_modified_at")).values_list("month", "status")
    list(months.annotate(n=Count("pk"), v=Sum("price_total")))


def by_seller() -> None:
    """Compute won and lost by seller."""
    decided = Proposal.objects.filter(removed_at__isnull=True, status__in=["won", "lost"])
    list(decided.values_list("owner_email", "status").annotate(n=Count("pk"), v=Sum("price_total")))


def naive_search(words: str) -> Callable[[], Any]:
    """Find the newest hits by `icontains`."""

    def search() -> None:
        found = Proposal.objects.filter(removed_at__isnull=True)
        for word in words.split():
            found = found.filter(search_text__icontains=word)
        list(found.order_by("-pk").values("pk", "name")[:20])

    return search


def measure(case: Case, client: Client) -> tuple[float, float, int, float]:
    """Return milliseconds with cold and with warm caches, queries and KiB."""
    case.get(client)
    cold = []
    for _ in range(REPEATS):
        caches["local"].clear()
        began = time.perf_counter()
        case.get(client)
        cold.append(time.perf_counter() - began)
    with CaptureQueriesContext(database) as queries:
        response = case.get(client)
    count = len(queries)
    if response.status_code != 200:
        raise SystemExit(f"{case.url} answered {response.status_code}.")
    warm = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        case.get(client)
        warm.append(time.perf_counter() - began)
    return min(cold) * 1000, min(warm) * 1000, count, len(response.content) / 1024


def fill(count: int) -> float:
    """Fill the tables, let the worker compute all sums, and return how many proposals it handled per second."""
    with without_indexes():
        connection = Connection.objects.create(account=f"bench-{count}", synced_at=timezone.now())
        fill_proposals(connection, count)
    renew(connection, count)
    fill_quotes(QUOTES)
    began = time.perf_counter()
    read_again(connection.pk)
    following.rebuild(FOLLOWERS["desk"], connection.pk, time.monotonic() + 3600)
    stats.sweep(seconds=3600)
    seconds = time.perf_counter() - began
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does in time
    return count / seconds


def renew(connection: Connection, count: int) -> None:
    """Add recent views, questions and follow-ups."""
    now = timezone.now()
    keys = list(Proposal.objects.filter(status=OPEN).order_by("-pk").values_list("pk", flat=True)[: count // 100])
    Proposal.objects.filter(pk__in=keys[:30_000]).update(viewed_at=now - timedelta(hours=3), view_count=2)
    asked = Proposal.objects.order_by("-pk").values_list("pk", "owner_key")[:QUESTIONS]
    Activity.objects.bulk_create(
        [
            Activity(
                connection=connection,
                proposal_id=key,
                kind="commented",
                key="bench",
                owner_key=owner,
                person="Kees",
                text="Kan het eerder?",
                happened_at=now - timedelta(minutes=number),
                read_at=now if number % 10 else None,
            )
            for number, (key, owner) in enumerate(asked)
        ],
        batch_size=2_000,
    )
    user = User.objects.get(username="bench")
    FollowUp.objects.bulk_create(
        [
            FollowUp(connection=connection, proposal_id=key, assigned_to=user, due_at=now + timedelta(hours=number))
            for number, key in enumerate(keys[:FOLLOW_UPS])
        ],
        batch_size=2_000,
    )


def fill_quotes(count: int) -> None:
    """Add quotes of another system from three years, a tenth of them without a total."""
    source = Source.objects.create(system="cirrus", label="Bench", base_url="http://127.0.0.1:9", secret="none")
    today, statuses = timezone.localdate(), list(ImportedQuote.Status)
    ImportedQuote.objects.bulk_create(
        (
            ImportedQuote(
                source=source,
                external_id=str(number),
                raw=f'{{"filling": "{"x" * 2_000}"}}',
                mapped_from="bench",
                title=f"Quote {number}",
                company_name=f"Customer {number % 500}",
                status=statuses[number % 5],
                owner_email=f"seller{number % 20}@example.com",
                currency=("EUR", "SEK", "GBP")[number % 3],
                total=number % 9_000 if number % 10 else None,
                quoted_on=today - timedelta(days=number % 1_095),
                begun_on=today - timedelta(days=number % 1_095),
                decided_on=today - timedelta(days=number % 900) if number % 5 > 1 else None,
            )
            for number in range(count)
        ),
        batch_size=500,
    )


def run() -> Result:
    """Print what each page costs, for the configured database."""
    count = int(os.environ.get("BENCH_SIZES", str(SIZE)).split(",")[-1] or SIZE)
    staff = User.objects.create(username="bench", email="seller3@example.com", is_staff=True, is_superuser=True)
    speed = fill(count)
    link_by_address(staff)
    print(f"\nThe desk at {count:,} proposals on {database.vendor}: {speed:,.0f} computed per second")
    print(f"{'':28}{'naive ms':>10}{'first ms':>10}{'warm ms':>9}{'ratio':>8}{'queries':>9}{'KiB':>6}")
    result = Result()
    client = Client()
    client.force_login(staff)
    for case in cases(count):
        show(case, client, result)
    return result


def show(case: Case, client: Client, result: Result) -> None:
    """Print one page's line and add it to the result."""
    cold, warm, queries, kib = measure(case, client)
    naive = best(case.naive) if case.naive else None
    told = f"{naive:10.0f}" if naive is not None else f"{'':10}"
    ratio = f"{naive / warm:8.1f}" if naive is not None else f"{'':8}"
    is_met = warm <= case.milliseconds and cold <= case.milliseconds and queries <= MOST_QUERIES
    if naive is not None:
        result.ratios.append(Ratio(case.title, "plain aggregation", naive / warm))
    if not is_met:
        result.misses.append(f"{case.title}: {cold:.0f} ms first, {warm:.0f} ms warm, {queries} queries")
    miss = "" if is_met else "  over the target"
    print(f"{case.title:28}{told}{cold:10.0f}{warm:9.0f}{ratio}{queries:9}{kib:6.0f}{miss}", flush=True)


def best(work: Callable[[], Any]) -> float:
    """Return the fewest milliseconds of three runs."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times) * 1000
