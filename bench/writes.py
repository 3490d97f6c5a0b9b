"""Measure how fast a bulk job is sent, and how long a person waits meanwhile: `python -m bench.writes`.

The worker (`qcluster`, as in production) sends a job of status changes to the simulator, which counts them. After some
minutes alone, a person also changes companies every 3 to 10 seconds. Both sides keep the same limit, by default
Offorte's own; with a higher limit, the tenth of a second by which the budget separates processes matters more than the
limit itself. The database is a new SQLite file, or with DATABASE_URL a new database on that PostgreSQL server; it is
deleted at the end.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import django
from django.core.management import call_command

from bench.budget import MINUTE, most_within, scratch_database
from offorte_portal.simulator import Simulator, Size

ACCOUNT = "bouw"
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
# The start of each part, not measured: the first window's requests are available immediately.
WARM_UP = MINUTE + 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=30, help="requests per minute, on both sides (default: 30)")
    parser.add_argument("--minutes", type=float, default=4, help="how long to measure each part (default: 4)")
    options = parser.parse_args()
    seconds = options.minutes * MINUTE
    size = Size(companies=50, people=0, proposals=1000)
    with scratch_database() as kind, Simulator({ACCOUNT: size}, requests_per_minute=options.limit) as simulator:
        prepare(simulator, options.limit)
        changes = ask(simulator, round((2 * (options.minutes + 1) + 1) * options.limit))
        print(f"{kind}, {changes} status changes waiting, {options.limit} requests per minute", flush=True)
        with worker():
            began = wait_for_first(simulator)
            time.sleep(WARM_UP + seconds)
            alone = (began + WARM_UP, time.time())
            waits = click(simulator, time.time() + WARM_UP + seconds)
            beside = (alone[1] + WARM_UP, time.time())
        report(simulator, options.limit, alone, beside, waits)


def prepare(simulator: Simulator, limit: int) -> None:
    """Create the tables and one connection."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "offorte_portal.settings",
        "DJANGO_SECRET_KEY": "bench",
        "DJANGO_DEBUG": "False",
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
        "PORTAL_URL": "http://portal.example",
        "PORTAL_ENCRYPTION_KEYS": "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2ghISE=",
        "OFFORTE_API_URL": simulator.api_url,
        "OFFORTE_OAUTH_URL": simulator.oauth_url,
        "OFFORTE_REQUESTS_PER_MINUTE": str(limit),
        "OFFORTE_SYNC_INTERVAL": "0",
    }
    django.setup()
    call_command("migrate", verbosity=0)


def ask(simulator: Simulator, count: int) -> int:
    """Request that many status changes as one job; proposals repeat once all have had a turn."""
    from django.contrib.auth.models import User  # noqa: PLC0415 - only once Django is set up

    from offorte_portal.connections.models import Connection  # noqa: PLC0415
    from offorte_portal.jobs.models import Job  # noqa: PLC0415
    from offorte_portal.writes import asking, queue  # noqa: PLC0415
    from offorte_portal.writes.models import Operation  # noqa: PLC0415

    token = simulator.account(ACCOUNT).issue_token()["access_token"]
    connection = Connection.objects.create(
        account=ACCOUNT, client_id="bench", client_secret="bench", access_token=token, state="connected"
    )
    person = User.objects.create(username="bench", is_superuser=True)
    job = Job.objects.create(
        action="proposals.mark_won",
        key=uuid.uuid4(),
        state=Job.State.RUNNING,
        size=count,
        planned=count,
        requested_by=person,
    )
    proposals = list(simulator.account(ACCOUNT).proposals)
    operations = [
        asking.compose(
            connection=connection,
            verb=Operation.Verb.CHANGE,
            target="proposals",
            draft={"status": "lost" if number // len(proposals) % 2 else "won"},
            by=person,
            remote_id=proposals[number % len(proposals)],
            job=job,
        )
        for number in range(count)
    ]
    Operation.objects.bulk_create(operations, batch_size=500)
    queue.enqueue(connection.pk)
    return count


@contextmanager
def worker() -> Iterator[None]:
    """Run a worker in its own processes."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), "qcluster"], stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_first(simulator: Simulator) -> float:
    """Return when the first request came."""
    while not simulator.requests:
        time.sleep(0.1)
    return simulator.requests[0].at


def click(simulator: Simulator, end: float) -> list[float]:
    """Change a company every now and then, as a person does; return the seconds that each change took."""
    from offorte_portal.connections.models import Connection  # noqa: PLC0415
    from offorte_portal.writes import asking, performing  # noqa: PLC0415

    connection, companies = Connection.objects.get(), list(simulator.account(ACCOUNT).companies)
    waits = []
    while time.time() < end:
        began = time.perf_counter()
        operation = asking.request(
            connection=connection,
            verb="change",
            target="companies",
            draft={"city": f"Breda {began}"},
            by=None,
            remote_id=random.choice(companies),
        )
        performing.perform(operation)
        waits.append(time.perf_counter() - began)
        if operation.state != "done":
            print(f"A person's change is {operation.state}: {operation.reason}")
        time.sleep(random.uniform(3, 10))
    return waits


Span = tuple[float, float]


def report(simulator: Simulator, limit: int, alone: Span, beside: Span, waits: Sequence[float]) -> None:
    """Print what the simulator saw and how long the person waited."""
    from offorte_portal.connections.allowance import PRESENCE, Allowance, Grant, Lane, Ledger  # noqa: PLC0415

    log = simulator.requests
    changes = [request.at for request in log if request.method == "PATCH" and request.path.startswith("/proposals/")]
    rates = [MINUTE * sum(start <= at < end for at in changes) / (end - start) for start, end in (alone, beside)]
    allowance = Allowance(limit)
    window = MINUTE / allowance.window
    clicked = Grant(0, Lane.PERSON)
    of_person = round(len(waits) * allowance.window / (beside[1] - alone[1]))
    nobody, somebody = Ledger(person_seen=-PRESENCE), Ledger((clicked,) * of_person)
    most, left = [allowance.share(ledger, Lane.QUEUED, 0) * window for ledger in (nobody, somebody)]
    cuts = quantiles(waits, n=20, method="inclusive")
    lines = {
        "most requests in any 60 s": most_within([request.at for request in log], MINUTE),
        "answers with 429, other answers than 2xx": f"{sum(one.status == 429 for one in log)}, "
        f"{sum(not 200 <= one.status < 300 for one in log)}",
        "changes per minute while nobody clicks": f"{rates[0]:.1f}, {rates[0] / limit:.1%} of Offorte's limit, "
        f"{rates[0] / most:.1%} of the {most:.1f} that the budget allows",
        "changes per minute while a person clicks": f"{rates[1]:.1f}, {rates[1] / left:.1%} of the {left:.1f} that "
        "the budget leaves",
        "clicks": len(waits),
        "person's waiting time, p50, p95, max (s)": f"{cuts[9]:.3f}, {cuts[18]:.3f}, {max(waits):.3f}",
    }
    for name, value in lines.items():
        print(f"{name:<48}{value}")


if __name__ == "__main__":
    main()
