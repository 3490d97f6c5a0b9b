"""A worker that is stopped (SIGSTOP) for longer than its lease, before its request leaves and after: it does no harm.

`make test-long` stops it for a minute, with the leases of production; otherwise all takes some seconds.
"""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from offorte_portal.connections.models import Connection, Drain
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.writes import asking, claims, draining, sending, settling
from offorte_portal.writes.models import Operation
from tests.journeys.processes import wait_until
from tests.support.length import IS_LONG, usual_or_long
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600), pytest.mark.long]

logger = logging.getLogger(__name__)
State = Operation.State
STOPPED_FOR = usual_or_long(5.0, 60.0)
# Everything that takes minutes takes a second or some here, unless it is run in full.
SHORTER: dict[str, Any] = {
    "LEASE": timedelta(seconds=2),
    "SETTLE_PAUSE": timedelta(seconds=1),
    "CERTAIN_AFTER": timedelta(seconds=8),
}
MODULES = (claims, draining, sending, settling)
if IS_LONG:
    SHORTER = {}

# A worker that says where it is and waits there: before it notes that its request leaves, between that and the request,
# or while it waits for the answer.
SENDER = """
import sys
from datetime import timedelta
import django
django.setup()
import requests
from offorte_portal.writes import claims, draining, sending, settling
connection, moment, length = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
if length:
    for module in (claims, draining, sending, settling):
        if hasattr(module, "LEASE"):
            module.LEASE = timedelta(seconds=length)
reached = False
def say():
    print("here", flush=True)
    sys.stdin.readline()
leave, request = claims.Claim.leave, requests.Session.request
def leave_slowly(claim):
    global reached
    reached = True
    if moment == "before it is noted":
        say()
    leave(claim)
def request_slowly(session, method, *args, **options):
    if method == "POST" and moment == "before it leaves":
        say()
    return request(session, method, *args, **options)
claims.Claim.leave, requests.Session.request = leave_slowly, request_slowly
print("ready", flush=True)
while not reached:
    draining.drain(connection, seconds=1)
print("over", flush=True)
"""


@pytest.mark.parametrize("verb", ["create", "send"])
@pytest.mark.parametrize("moment", ["before it is noted", "before it leaves", "while it is answered"])
def test_who_was_stopped_does_no_harm(
    simulator: Simulator, connect: Callable[[], Connection], monkeypatch: pytest.MonkeyPatch, moment: str, verb: str
) -> None:
    for module in MODULES:
        for name, value in SHORTER.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    account, connection = simulator.account("bouw"), connect()
    operation = ask(account, connection, verb)
    simulator.faults.add(Fault("slow", method="POST", seconds=0.5))
    with sender(simulator, connection, moment) as process:
        if moment == "while it is answered":
            wait_until(lambda: not simulator.faults.waiting, seconds=20)
        else:
            assert read(process) == "here"
        process.send_signal(signal.SIGSTOP)
        until = time.monotonic() + STOPPED_FOR
        while time.monotonic() < until:
            work_beside(connection)
        operation.refresh_from_db()
        meanwhile = operation.state
        assert meanwhile != State.SENDING
        process.send_signal(signal.SIGCONT)
        print(file=process.stdin, flush=True)
        assert read(process) == "over"
    operation.refresh_from_db()
    logger.info("%s, %s: %s while it was stopped, %s after", verb, moment, meanwhile, operation.state)
    wait_until(lambda: is_settled(operation, connection), seconds=150)
    outcomes = {(State.DONE, 1)}
    if IS_LONG and (verb, moment) == ("send", "before it leaves"):
        # Stopped for as long as a call may take, it need not leave any more, and no send is repeated by itself.
        outcomes.add((State.FAILED, 0))
    assert (operation.state, count_made(account, operation)) in outcomes


def ask(account: Account, connection: Connection, verb: str) -> Operation:
    """Ask for a company, or for a proposal to be sent."""
    if verb == "create":
        draft: dict[str, Any] = {"name": "Nieuw BV", "city": "Breda"}
        return asking.request(connection=connection, verb=verb, target="companies", draft=draft, by=None)
    company = account.create_company(name="Bestaand")["id"]
    to = account.create_person(company, fullname="Ontvanger", email="o@b.nl")
    proposal = account.create_proposal(company, name="Offerte", contacts=[to["id"]])
    draft = {"send_message": "Een brief"}
    return asking.request(
        connection=connection, verb=verb, target="proposals", draft=draft, by=None, remote_id=proposal["id"]
    )


def work_beside(connection: Connection) -> None:
    """Do for a moment what another worker does."""
    draining.recover()
    draining.sweep()
    draining.drain(connection.pk, seconds=0.2)
    time.sleep(0.1)


def is_settled(operation: Operation, connection: Connection) -> bool:
    """Whether it has ended, after another worker has had a look."""
    Drain.objects.update(retry_at=None)
    work_beside(connection)
    operation.refresh_from_db()
    return not operation.is_pending


def count_made(account: Account, operation: Operation) -> int:
    """How often Offorte has done it."""
    if operation.verb == Operation.Verb.SEND:
        return sum(mail.proposal_id == operation.remote_id for mail in account.sent_mails)
    return sum(company["name"] == "Nieuw BV" for company in account.companies.values())


@contextmanager
def sender(simulator: Simulator, connection: Connection, moment: str) -> "Iterator[subprocess.Popen[str]]":
    """A process that sends what waits, and says where it is."""
    length = SHORTER["LEASE"].total_seconds() if SHORTER else 0
    process = subprocess.Popen(
        [sys.executable, "-c", SENDER, str(connection.pk), moment, str(length)],
        env=environment(simulator),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert read(process) == "ready"
        yield process
    finally:
        process.kill()
        process.communicate()


def read(process: "subprocess.Popen[str]") -> str:
    """The next thing that a process says."""
    assert process.stdout
    return process.stdout.readline().strip()
