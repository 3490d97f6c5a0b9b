"""Background work that stands still is told of, to machines and to people; work that is merely long is not.

`make test-long` takes the times of production; otherwise workers beat, and are missed, in seconds.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from offorte_portal.connections.models import Connection
from offorte_portal.runs import beats
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes import asking, queue
from offorte_portal.writes.models import Operation
from tests.journeys.processes import Cluster, cluster, wait_until
from tests.support.factories import make_staff
from tests.support.length import usual_or_long
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600), pytest.mark.long]

logger = logging.getLogger(__name__)
SILENT_AFTER = usual_or_long(timedelta(seconds=10), beats.SILENT_AFTER)
# What people and machines are told within.
TOLD_WITHIN = usual_or_long(20.0, 60.0)
STOPPED = "Background work has stopped."
QUICKLY = usual_or_long("beats.BEAT_EVERY = beats.ASK_EVERY = 1.0; beats.LOST_AFTER = 5.0", "")
SCRIPT = f"""
import django
django.setup()
from django.core.management import call_command
from offorte_portal.runs import beats
{QUICKLY}
call_command("qcluster")
"""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "SILENT_AFTER", SILENT_AFTER)
    Schedule.objects.all().delete()
    caches["local"].clear()


@pytest.fixture
def worker(simulator: Simulator, tmp_path: Path) -> Iterator[Cluster]:
    with cluster(environment(simulator), tmp_path / "worker.log", script=SCRIPT) as running:
        wait_until(is_ready, seconds=60)
        yield running


def is_ready() -> bool:
    """Whether machines are told that background work goes on."""
    return Client().get("/readyz").status_code == 200


def is_told(client: Client) -> bool:
    """Whether people are told on home and where they wait, whole page or refreshed, that it does not."""
    pages = [client.get(url).content.decode() for url in ("/", "/jobs/job/", "/sync/syncrun/")]
    pages.append(client.get("/standing/?shown=running", headers={"HX-Request": "true"}).content.decode())
    return all(STOPPED in page for page in pages)


def test_work_that_stands_still_is_told_of_until_it_goes_on(worker: Cluster, client: Client) -> None:
    client.force_login(make_staff("anna"))
    assert not is_told(client)
    ways = {
        "all of it": [worker.process.pid, *worker.children()],
        "its children": worker.children()[1:],
        "what runs tasks and what takes them": worker.children(),
    }
    for name, processes in ways.items():
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        seconds = wait_until(lambda: not is_ready() and is_told(client), seconds=TOLD_WITHIN)
        for pid in processes:
            os.kill(pid, signal.SIGCONT)
        again = wait_until(lambda: is_ready() and not is_told(client), seconds=TOLD_WITHIN)
        logger.info("%s stopped: told within %.1f s, taken back %.1f s after", name, seconds, again)
    worker.kill()
    seconds = wait_until(lambda: not is_ready() and is_told(client), seconds=TOLD_WITHIN)
    logger.info("killed: told within %.1f s", seconds)


def test_a_worker_with_long_tasks_is_busy_and_not_stopped(
    worker: Cluster, client: Client, simulator: Simulator, connect: Callable[[], Connection]
) -> None:
    client.force_login(make_staff("anna"))
    connection = connect()
    seconds = 2 * SILENT_AFTER.total_seconds()
    # One process waits for Offorte's answer, and the other does one long thing; nothing else is begun meanwhile.
    simulator.faults.add(Fault("slow", times=1, seconds=min(seconds, 25)))
    draft = {"name": "Nieuw BV"}
    asking.request(connection=connection, verb="create", target="companies", draft=draft, by=None)
    queue.enqueue(connection.pk)
    for _ in range(3):
        async_task("time.sleep", seconds)
    wait_until(lambda: Operation.objects.filter(state=Operation.State.SENDING).exists(), seconds=30)
    until = timezone.now() + timedelta(seconds=seconds)
    while timezone.now() < until:
        assert is_ready()
        assert not is_told(client)
        time.sleep(0.5)
