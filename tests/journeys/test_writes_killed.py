"""A worker that is killed at random moments while Offorte fails at random, too: nothing is lost, nothing done twice.

`make test-long` has 500 operations and 30 kills.
"""

import logging
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.writes import asking
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.support.length import usual_or_long
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.long]

OPERATIONS, KILLS = usual_or_long((60, 3), (500, 30))
logger = logging.getLogger(__name__)
State = Operation.State
FAULTS = ["drop_before", "drop_after", "error_500", "unavailable_503_html", "rate_limited", "html_200"]

# Everything that takes minutes takes a second or two here.
WORKER = """
import sys, time
from datetime import timedelta
import django
django.setup()
from offorte_portal.writes import claims, draining, sending, settling
shorter = {
    "LEASE": timedelta(seconds=3), "SETTLE_PAUSE": timedelta(seconds=1), "CERTAIN_AFTER": timedelta(seconds=2),
    "FIRST_PAUSE": 0.1, "LONGEST_PAUSE": 0.4,
}
for module in (claims, draining, sending, settling):
    for name, value in shorter.items():
        if hasattr(module, name):
            setattr(module, name, value)
print("ready", flush=True)
while True:
    draining.sweep()
    draining.drain(int(sys.argv[1]), seconds=1)
    time.sleep(0.05)
"""


def test_nothing_is_lost_and_nothing_done_twice(simulator: Simulator, connect: Callable[[], Connection]) -> None:
    chance = random.Random(int(os.environ.get("WRITES_SEED", time.time_ns())))
    account, connection = simulator.account("bouw"), connect()
    # Where a list tells names only, a product whose answer was lost is left to a person.
    simulator.switches.product_list = "full"
    asked = ask(account, connection)
    break_things(simulator, chance)
    simulator.log.clear()
    hits = 0
    for _ in range(KILLS):
        with worker(connection, simulator):
            time.sleep(chance.uniform(0.05, 0.4))
            wait_until(lambda: Operation.objects.filter(state=State.SENDING).exists(), seconds=2)
            time.sleep(chance.uniform(0, 0.1))
        hits += Operation.objects.filter(state=State.SENDING).count()
    with worker(connection, simulator):
        wait_for_the_end()

    operations = list(Operation.objects.order_by("pk"))
    states = Counter(f"{one.verb} {one.state}" for one in operations)
    statuses = Counter(one.status for one in simulator.requests)
    logger.info("%s operations, %s kills, %s while sending; %s; %s", asked, KILLS, hits, dict(states), dict(statuses))
    assert len(operations) == asked
    assert hits, "no kill came at a bad moment"
    for operation in operations:
        CHECKS[operation.verb](account, operation)


def ask(account: Account, connection: Connection) -> int:
    """Ask for a mixture of everything; answer how many operations that makes."""
    directory = min(account.directories)

    def request(verb: str, target: str, draft: dict[str, Any], **options: Any) -> Operation:
        return asking.request(
            connection=connection,
            verb=verb,
            target=target,
            draft=draft,
            by=None,
            **options,
        )

    def company() -> int:
        return int(account.create_company(name="Bestaand")["id"])

    def family(number: int) -> None:
        parent = request("create", "companies", {"name": f"Gezin {number}"})
        person = {"fullname": f"Kind {number}", "email": "k@b.nl", "parent_remote_id": {"operation": parent.pk}}
        request("create", "people", person, after=parent)

    def send(number: int) -> None:
        to = account.create_person(company(), fullname="Ontvanger", email="o@b.nl")
        proposal = account.create_proposal(to["company_id"], name=f"Offerte {number}", contacts=[to["id"]])
        request("send", "proposals", {"send_message": f"Brief {number}"}, remote_id=proposal["id"])

    make: list[Callable[[int], object]] = [
        lambda n: request("create", "companies", {"name": f"Bedrijf {n}", "city": "Breda"}),
        send,
        lambda n: request("create", "products", {"name": f"Lat {n}", "price": "9.95"}, parent_remote_id=directory),
        lambda n: request("change", "companies", {"city": f"Stad {n}"}, remote_id=company()),
        family,
        lambda n: request("create", "directories", {"name": f"Map {n}"}),
        lambda n: request("delete", "companies", {}, remote_id=company()),
    ]
    while Operation.objects.count() < OPERATIONS:
        number = Operation.objects.count()
        make[number % len(make)](number)
    return Operation.objects.count()


def break_things(simulator: Simulator, chance: random.Random) -> None:
    """Let a fifth of the requests fail, before the work or after it, and all of them take their time."""
    for _ in range(OPERATIONS // 5):
        method = chance.choice(["POST", "POST", "POST", "PATCH", "DELETE"])
        kind = chance.choice(FAULTS)
        after = chance.randrange(OPERATIONS // 2 if method == "POST" else OPERATIONS // 8)
        simulator.faults.add(Fault(kind, method=method, after=after, retry_after=1))  # type: ignore[arg-type]
    simulator.faults.add(Fault("slow", times=None, seconds=0.05))


@contextmanager
def worker(connection: Connection, simulator: Simulator, script: str = WORKER) -> Iterator[None]:
    """A worker in a process of its own, killed in the end as only `kill -9` kills."""
    command = [sys.executable, "-c", script, str(connection.pk)]
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


def wait_for_the_end() -> None:
    """Wait until nothing is pending any more."""
    pending = Operation.objects.filter(state__in=Operation.PENDING)
    wait_until(lambda: not pending.exists(), seconds=60 + OPERATIONS)
    assert list(pending.values_list("pk", "verb", "state", "reason")) == []


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> None:
    """Wait until something is so, but no longer than that."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)


def check_created(account: Account, operation: Operation) -> None:
    """It is there once, and the portal knows which it is."""
    things = getattr(account, operation.target)
    name = "fullname" if operation.target == "people" else "name"
    made = [remote_id for remote_id, thing in things.items() if thing[name] == operation.draft[name]]
    assert (operation.state, [operation.remote_id]) == (State.DONE, made), operation.draft
    mirrored = {"companies": Company, "people": Person}.get(operation.target)
    assert mirrored is None or mirrored.objects.filter(remote_id=made[0]).exists()


def check_changed(account: Account, operation: Operation) -> None:
    """It is as asked."""
    assert operation.state == State.DONE
    assert account.companies[operation.remote_id or 0]["city"] == operation.draft["city"]


def check_deleted(account: Account, operation: Operation) -> None:
    """It is gone."""
    assert operation.state == State.DONE
    assert operation.remote_id not in account.companies


def check_sent(account: Account, operation: Operation) -> None:
    """It was mailed once, or the portal says that it was not."""
    mails = sum(mail.proposal_id == operation.remote_id for mail in account.sent_mails)
    assert mails == (1 if operation.state == State.DONE else 0)
    assert operation.state == State.DONE or operation.reason == WriteReason.NOT_SENT()


CHECKS = {"create": check_created, "change": check_changed, "delete": check_deleted, "send": check_sent}
