"""A file is imported while the worker is killed again and again: each row is made once, and the bad ones are told.

`make test-long` has 500 rows and 8 kills.
"""

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.importing import start
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync import runs as run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes.models import Operation
from tests.files.imports.files import as_workbook
from tests.files.imports.storing import examine, store
from tests.journeys.test_writes_killed import WORKER, wait_until, worker
from tests.support.factories import make_staff
from tests.support.length import usual_or_long

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.long]

ROWS, KILLS = usual_or_long((60, 2), (500, 8))
BAD = 7
APART = ROWS // BAD
# Plans a few rows at a time, so that a kill can come between two batches, or within one.
PLANNING = WORKER.replace(
    'print("ready"',
    """from offorte_portal.jobs.models import Job
from offorte_portal.jobs import ending, planning
planning.AT_ONCE, planning.LEASE = 20, timedelta(seconds=2)
print("ready\"""",
).replace(
    "    draining.sweep()",
    """    for job_id in Job.objects.filter(state="planning").values_list("pk", flat=True):
        planning.plan(job_id, seconds=0.2)
    ending.finish_ended()
    draining.sweep()""",
)


def test_each_row_is_made_once(simulator: Simulator, connect: Callable[[], Connection]) -> None:
    connection, boss = connect(), make_staff("boss")
    work.sync_now(run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False))
    rows = [[f"Import {number}", "Breda", f"info@import{number}.example"] for number in range(ROWS)]
    for number in range(BAD):
        rows[number * APART][2] = "geen adres"
    file = as_workbook([["Naam", "Plaats", "E-mail"], *rows])
    upload = store(file, "klanten.xlsx", kind="companies", connection=connection, by=boss)
    examine(upload)
    simulator.faults.add(Fault("slow", times=None, seconds=0.03))
    simulator.faults.add(Fault("drop_after", method="POST", after=ROWS // 4))
    job = start(upload, by=boss)

    chance = random.Random(7)
    for _ in range(KILLS):
        with worker(connection, simulator, PLANNING):
            time.sleep(chance.uniform(0.3, 1.5))
    with worker(connection, simulator, PLANNING):
        wait_until(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists(), seconds=120 + ROWS)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    states = Counter(Operation.objects.filter(job=job).values_list("state", flat=True))
    assert states == {Operation.State.DONE: ROWS - BAD}
    names = Counter(one["name"] for one in simulator.account("bouw").companies.values())
    wanted = {row[0] for row in rows if "@" in row[2]}
    assert {name: count for name, count in names.items() if name.startswith("Import ")} == dict.fromkeys(wanted, 1)
    assert Company.objects.filter(name__startswith="Import ").count() == ROWS - BAD
    # Each row knows what was made of it, and the bad ones why nothing was.
    assert upload.rows.filter(operation__state=Operation.State.DONE).count() == ROWS - BAD
    assert [row.number for row in upload.rows.filter(outcome="problem")] == [
        2 + number * APART for number in range(BAD)
    ]
