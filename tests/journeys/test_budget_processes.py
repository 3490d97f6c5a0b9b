"""Several processes at one budget: the database alone decides who sends a request.

`make test-long` has four of them. The window is a second here; `python -m bench.budget` measures whole minutes at the
simulator.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection as database

from offorte_portal.connections.models import Connection, RequestBudget
from tests.support.length import usual_or_long

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

PROCESSES = usual_or_long(2, 4)
LIMIT = 30
WINDOW = 1.0
SECONDS = 2.5

WORKER = """
import json, sys, time
import django
django.setup()
from offorte_portal.api.errors import RateLimited
from offorte_portal.connections.models import RequestBudget
from offorte_portal.connections.allowance import Allowance
from offorte_portal.connections.budget import AccountGate, Lane
account, lane, limit, window, seconds = sys.argv[1:]
gate = AccountGate(int(account), Lane(lane), Allowance(int(limit), float(window)), 0.3)
print("ready", flush=True)
sys.stdin.readline()
grants, stamps, end = 0, set(), time.time() + float(seconds)
while time.time() < end:
    try:
        gate.acquire()
    except RateLimited:
        continue
    grants += 1
    stamps.update(at for at, lane in RequestBudget.objects.get().granted)
print(json.dumps([grants, sorted(stamps)]))
"""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address at which other processes find the test's database, or a copy where that is in memory."""
    connection = Connection.objects.create(account="bouw", client_id="id", client_secret="hush")
    RequestBudget.objects.create(connection=connection)
    if database.vendor == "sqlite":
        path = tmp_path / "budget.sqlite3"
        with database.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return f"sqlite:///{path}"
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return f"{server}/{database.settings_dict['NAME']}"


@pytest.mark.parametrize(("lane", "most"), [("person", LIMIT), ("background", LIMIT - 1)])
def test_processes_share_one_budget(database_url: str, lane: str, most: int) -> None:
    account = str(Connection.objects.get().pk)
    command = [sys.executable, "-c", WORKER, account, lane, str(LIMIT), str(WINDOW), str(SECONDS)]
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "offorte_portal.settings"}
    workers = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    results = [json.loads(worker.communicate()[0]) for worker in workers]

    log = sorted({stamp for _, stamps in results for stamp in stamps})
    assert len(log) >= sum(grants for grants, _ in results), "two processes were granted the same place"
    assert max(sum(start <= at < start + WINDOW for at in log) for start in log) <= most
    assert len(log) > LIMIT, "what left the window is granted again"
    assert sum(grants > 0 for grants, _ in results) > 1, "one process took everything"
