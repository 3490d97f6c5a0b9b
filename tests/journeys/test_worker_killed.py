"""A worker that is killed with `kill -9` while it writes: another one goes on at once, and nothing is done twice."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from django.utils import timezone
from django_q.models import Schedule

from offorte_portal.connections.models import Connection, Drain
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes import asking, draining
from offorte_portal.writes.models import Operation
from offorte_portal.writes.settling import CERTAIN_AFTER
from tests.journeys.processes import cluster, wait_until
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

logger = logging.getLogger(__name__)
State = Operation.State
REDIS = "redis://127.0.0.1:6379/6"
# What a person may have to wait for the writes to go on once a worker is back.
GOES_ON_WITHIN = 30.0


def queue_url(queue: str) -> str:
    """Where the tasks wait; the test is left out where there is no such server."""
    if queue == "database":
        return ""
    try:
        redis.from_url(REDIS).flushdb()
    except redis.ConnectionError:
        pytest.skip("no Redis")
    return REDIS


def count_done() -> int:
    """How many of the writes are done."""
    return Operation.objects.filter(state=State.DONE).count()


def drain(connection: Connection) -> int:
    """Send what waits; how many of the writes are done then."""
    draining.drain(connection.pk)
    return count_done()


@pytest.mark.parametrize("queue", ["database", "redis"])
def test_writes_go_on_at_once(
    simulator: Simulator, connect: Callable[[], Connection], tmp_path: Path, queue: str
) -> None:
    Schedule.objects.all().delete()  # what is looked at once a minute is not waited for
    account, connection = simulator.account("bouw"), connect()
    portal = environment(simulator, REDIS_URL=queue_url(queue))
    for number in range(60):
        draft = {"name": f"Bedrijf {number}", "city": "Breda"}
        asking.request(connection=connection, verb="create", target="companies", draft=draft, by=None)
    simulator.faults.add(Fault("slow", times=None, seconds=0.4))
    with cluster(portal, tmp_path / "worker.log") as worker:
        wait_until(lambda: count_done() > 3 and Operation.objects.filter(state=State.SENDING).exists(), seconds=60)
        # A task that was queued is gone with a worker that had taken it already.
        Drain.objects.filter(queue=Drain.Queue.WRITES).update(queued_at=timezone.now())
        worker.kill()
    done = count_done()
    assert done < 60
    simulator.faults.clear()
    with cluster(portal, tmp_path / "worker.log"):
        began_at = time.monotonic()
        wait_until(lambda: count_done() > done, seconds=GOES_ON_WITHIN)
        logger.info("%s: the first write came %.1f s after the worker", queue, time.monotonic() - began_at)
        wait_until(lambda: not Operation.objects.filter(state__in=[State.WAITING, State.SENDING]).exists(), seconds=60)
    assert count_done() >= 59
    # Of one that was cut off nothing may have arrived: it waits until Offorte can't still be at it.
    sent_at = timezone.now() - CERTAIN_AFTER
    Operation.objects.filter(state=State.UNKNOWN).update(sent_at=sent_at, retry_at=timezone.now())
    # The second worker was killed, too, and may have held the account.
    wait_until(lambda: drain(connection) == 60, seconds=GOES_ON_WITHIN)
    names = Counter(company["name"] for company in account.companies.values())
    assert [names[f"Bedrijf {number}"] for number in range(60)] == [1] * 60
