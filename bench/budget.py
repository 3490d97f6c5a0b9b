"""Measure five minutes of the shared request budget against the simulator: `python -m bench.budget`.

Four processes send background requests as fast as the budget allows; during the second half a person also clicks every
3 to 10 seconds. The simulator's log counts the requests. The database is a new SQLite file, or with DATABASE_URL a new
database on that PostgreSQL server; it is deleted at the end.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

import django
import psycopg
import requests
from django.core.management import call_command

from offorte_portal.api.errors import RateLimited
from offorte_portal.api.transport import Gate, Transport
from offorte_portal.simulator import Simulator, Size

ACCOUNT = "bouw"
BACKGROUND_PROCESSES = 4
# A measured minute on the simulator's side.
MINUTE = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5, help="how long to measure (default: 5)")
    seconds = parser.parse_args().minutes * 60
    with scratch_database() as kind, Simulator({ACCOUNT: Size(companies=400)}) as simulator:
        os.environ["OFFORTE_API_URL"] = simulator.api_url
        prepare()
        print(f"{kind}, {BACKGROUND_PROCESSES} background processes, {seconds:.0f} s, 30 requests a minute", flush=True)
        token = simulator.account(ACCOUNT).issue_token()["access_token"]
        began = time.time()
        workers = [start("background", token, began, began + seconds) for _ in range(BACKGROUND_PROCESSES)]
        person = start("person", token, began + seconds / 2, began + seconds)
        waits: list[float] = json.loads(finish(person))
        refusals = sum(json.loads(finish(worker)) for worker in workers)
        report([(request.at, request.status) for request in simulator.requests], waits, refusals, began + seconds / 2)


def report(log: Sequence[tuple[float, int]], waits: Sequence[float], refusals: int, person_from: float) -> None:
    """Print what the simulator saw and how long the person waited."""
    times = [at for at, _ in log]
    alone = [at for at in times if at < person_from]
    beside = [at for at in times if at >= person_from]
    minutes = [sum(times[0] + MINUTE * n <= at < times[0] + MINUTE * (n + 1) for at in alone) for n in range(10)]
    settled = [at for at in alone if at >= times[0] + MINUTE] or alone
    cuts = quantiles(waits, n=20, method="inclusive")
    lines = {
        "most requests in any 60 s": most_within(times, MINUTE),
        "answers with 429": sum(status == 429 for _, status in log),
        "requests in each minute while nobody clicks": ", ".join(str(count) for count in minutes if count),
        "requests per minute while nobody clicks": per_minute(settled),
        "requests per minute while a person clicks": per_minute(beside),
        "clicks": len(waits),
        "person's waiting time, p50, p95, max (s)": f"{cuts[9]:.3f}, {cuts[18]:.3f}, {max(waits):.3f}",
        "longest time without a request (s)": f"{max(after - before for before, after in pairwise(times)):.1f}",
        "background requests that timed out": refusals,
    }
    for name, value in lines.items():
        print(f"{name:<48}{value}")


def per_minute(times: Sequence[float]) -> str:
    """Return the average per minute."""
    return f"{MINUTE * (len(times) - 1) / (times[-1] - times[0]):.1f}"


def most_within(times: Sequence[float], seconds: float) -> int:
    """Return the largest number of moments in any span of that many seconds."""
    return max(sum(start <= at < start + seconds for at in times) for start in times)


@contextmanager
def scratch_database() -> Iterator[str]:
    """Point DATABASE_URL at a new database; yield the kind of database."""
    url = os.environ.get("DATABASE_URL", "sqlite")
    if url.startswith("sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            yield "SQLite"
        return
    name = f"bench_budget_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            os.environ["DATABASE_URL"] = url.rpartition("/")[0] + "/" + name
            yield "PostgreSQL"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def prepare() -> None:
    """Create the tables and one connection."""
    set_up()
    call_command("migrate", verbosity=0)
    from offorte_portal.connections.models import Connection  # noqa: PLC0415 - only once Django is set up

    Connection.objects.create(account=ACCOUNT, client_id="bench", client_secret="bench")


def start(role: str, token: str, begin: float, end: float) -> subprocess.Popen[str]:
    """Start a process that plays a role between two moments."""
    command = [sys.executable, "-c", f"from bench.budget import play; play({role!r}, {token!r}, {begin!r}, {end!r})"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    """Return what a process printed, once it has ended."""
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"A process failed with status {process.returncode}.")
    return output


def play(role: str, token: str, begin: float, end: float) -> None:
    """Send requests in this process; print the person's waiting times, or how many requests timed out."""
    set_up()
    from offorte_portal.connections.budget import Lane, gate  # noqa: PLC0415
    from offorte_portal.connections.models import Connection  # noqa: PLC0415

    connection = Connection.objects.get()
    stopwatch = Stopwatch(gate(connection, Lane(role)))
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    transport = Transport(connection.api_url, session, stopwatch)
    time.sleep(max(0, begin - time.time()))
    refusals = 0
    while time.time() < end:
        try:
            transport.request("GET", "/companies/", params={"page": random.randint(1, 8)})
        except RateLimited as error:
            refusals += 1
            time.sleep(error.retry_after or 1)
        if role == "person":
            time.sleep(random.uniform(3, 10))
    print(json.dumps(stopwatch.waits if role == "person" else refusals))


class Stopwatch:
    """A gate that records how long each request waited at the inner gate."""

    def __init__(self, gate: Gate) -> None:
        self.waits: list[float] = []
        self._gate = gate

    def acquire(self) -> None:
        """Wait, and record how long it took."""
        began = time.perf_counter()
        try:
            self._gate.acquire()
        finally:
            self.waits.append(time.perf_counter() - began)

    def pause(self, seconds: float | None) -> None:
        """Pause the inner gate."""
        self._gate.pause(seconds)


def set_up() -> None:
    """Set up Django with the database in DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "offorte_portal.settings")
    os.environ.setdefault("PORTAL_ENCRYPTION_KEYS", "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2ghISE=")
    os.environ["OFFORTE_REQUESTS_PER_MINUTE"] = "30"
    django.setup()


if __name__ == "__main__":
    main()
