"""A move whose worker is killed three times, while it plans and while it sends: each thing is created exactly once.

`make test-long` brings 500 customers and 300 articles.
"""

import logging
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.models import ListReading, MovedItem, Source
from offorte_portal.other_systems.moving import reading
from offorte_portal.other_systems.moving.starting import plan, start
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.writes.models import Operation
from tests.other_systems.moving.conftest import choose
from tests.support.factories import make_staff
from tests.support.length import usual_or_long
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.long]

CUSTOMERS, ARTICLES = usual_or_long((40, 24), (500, 300))
DIRECTORIES = 4
KILLS = 3
TARGETS = {"companies": CUSTOMERS, "people": CUSTOMERS, "directories": DIRECTORIES, "products": ARTICLES}
logger = logging.getLogger(__name__)
State = Operation.State

# Everything that takes minutes takes a second or two here.
WORKER = """
import time
from datetime import timedelta
import django
django.setup()
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.models import ListReading
from offorte_portal.other_systems.moving import reading
from offorte_portal.writes import claims, draining, sending, settling
shorter = {
    "LEASE": timedelta(seconds=3), "SETTLE_PAUSE": timedelta(seconds=1), "CERTAIN_AFTER": timedelta(seconds=2),
    "FIRST_PAUSE": 0.1, "LONGEST_PAUSE": 0.4,
}
for module in (claims, draining, planning, reading, sending, settling):
    for name, value in shorter.items():
        if hasattr(module, name):
            setattr(module, name, value)
planning.AT_ONCE = 20
print("ready", flush=True)
while True:
    for run in ListReading.objects.filter(state__in=ListReading.ACTIVE):
        reading.advance(run.pk, seconds=1)
    for job in Job.objects.filter(state="planning"):
        planning.plan(job.pk, seconds=1)
    draining.sweep()
    for connection in Connection.objects.all():
        draining.drain(connection.pk, seconds=1)
    ending.finish_ended()
    time.sleep(0.05)
"""


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=4, customers=CUSTOMERS, articles=ARTICLES) as running:
        yield running


@contextmanager
def worker(simulator: Simulator) -> Iterator[None]:
    """A worker in a process of its own, killed in the end as only `kill -9` kills."""
    command = [sys.executable, "-c", WORKER]
    process = subprocess.Popen(
        command, env=environment(simulator), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield
    finally:
        process.kill()
        process.communicate()


def wait_until(is_so: Callable[[], object], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_each_is_created_once_though_the_worker_is_killed(
    simulator: Simulator, connect: Callable[[], Connection], add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    remote, account = simulator.account("bouw"), connect()
    # Where a list tells names only, a product whose answer was lost is left to a person.
    simulator.switches.product_list = "full"
    source, began_at = add_source("cirrus", target=account), time.monotonic()
    run = reading.request(source, is_queued=False)
    # Killed once while it reads, which the next worker goes on with.
    other.add_fault("slow", path="/cirrus/articles", times=1, seconds=20)
    with worker(simulator):
        wait_until(lambda: not other.faults.waiting)
    ListReading.objects.filter(pk=run.pk).update(lease_until=None, lease="", retry_at=None)
    other.faults.clear()
    with worker(simulator):
        wait_until(lambda: ListReading.objects.get(pk=run.pk).state == "done")
    read_after = time.monotonic() - began_at

    before = {name: set(getattr(remote, name)) for name in TARGETS}
    job = start(source, plan(source, choose(account)), by=make_staff("boss"), key=uuid.uuid4())
    hits, chance = kill(simulator, job)
    simulator.faults.clear()
    with worker(simulator):
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE, seconds=600)

    states = Counter(job.operations.values_list("target", "state"))
    logger.info(
        "%s customers, %s articles: read in %.1f s, done in %.1f s, %s kills while sending (%s); %s",
        CUSTOMERS, ARTICLES, read_after, time.monotonic() - began_at, hits, chance, dict(states),
    )  # fmt: skip
    assert states == {(target, State.DONE): count for target, count in TARGETS.items()}
    made = {name: set(getattr(remote, name)) - before[name] for name in TARGETS}
    assert {name: len(ids) for name, ids in made.items()} == TARGETS
    for name, ids in made.items():
        told = job.operations.filter(target=name).values_list("remote_id", flat=True)
        assert Counter(told) == Counter(ids)
    assert sorted(remote.products[key]["sku"] for key in made["products"]) == sorted(
        article["number"] for article in other.cirrus.articles.values()
    )
    assert Company.objects.filter(remote_id__in=made["companies"]).count() == CUSTOMERS
    assert Person.objects.filter(remote_id__in=made["people"]).count() == CUSTOMERS
    for person in Person.objects.filter(remote_id__in=made["people"]).select_related("company"):
        assert person.company is not None
        assert person.email.partition("@")[2] in person.company.internet
    assert {item.state for item in source.moved_items.select_related("created_with")} == {MovedItem.State.MADE}


def kill(simulator: Simulator, job: Job) -> tuple[int, int]:
    """Kill three workers, one while it plans, the others while they send. Return the hits, and the seed."""
    seed = time.time_ns()
    chance = random.Random(seed)
    simulator.faults.add(Fault("slow", times=None, seconds=0.05, method="POST"))
    hits = 0
    for number in range(KILLS):
        with worker(simulator):
            if number == 0:
                wait_until(job.operations.exists)
            else:
                time.sleep(chance.uniform(0.05, 0.4))
                wait_until(lambda: job.operations.filter(state=State.SENDING).exists())
                time.sleep(chance.uniform(0, 0.05))
        hits += job.operations.filter(state=State.SENDING).count()
    assert Job.objects.get(pk=job.pk).state != Job.State.DONE
    return hits, seed
