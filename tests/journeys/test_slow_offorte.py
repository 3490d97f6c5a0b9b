"""The portal while Offorte is slow, and while clients are: real processes, as they are delivered."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests
from django.conf import settings as portal_settings
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.crowd import Figures, Person, click_on, probe
from offorte_portal.simulator.server import free_port
from offorte_portal.webhooks import address
from proposals.models import Proposal
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

PEOPLE, OFFORTE, SECONDS = 8, 3.0, 9.0


@pytest.fixture
def served(simulator: Simulator) -> Iterator[str]:
    """The portal's address, with an Offorte behind it."""
    with serve(OFFORTE_API_URL=simulator.api_url, OFFORTE_OAUTH_URL=simulator.oauth_url) as url:
        yield url


@pytest.fixture(scope="module")
def served_alone(django_db_setup: None) -> Iterator[str]:
    """The portal's address, without an Offorte."""
    with serve() as url:
        yield url


@contextmanager
def serve(**more: str) -> Iterator[str]:
    """Serve the portal by gunicorn with three processes; yield its address."""
    url = f"http://127.0.0.1:{free_port()}"
    # Static files are served as they lie there.
    settings_of = environment(None, DJANGO_DEBUG="True", PORTAL_URL=url, OFFORTE_REQUESTS_PER_MINUTE="0", **more)
    command = [sys.executable, "-m", "gunicorn", "offorte_portal.wsgi", "--bind", url.removeprefix("http://")]
    process = subprocess.Popen(
        [*command, "--workers", "3", "--log-level", "error"], env=settings_of, cwd=Path(portal_settings.BASE_DIR)
    )
    try:
        wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(url: str) -> None:
    """Return once three processes answer, as far as can be told from here."""
    until = time.monotonic() + 90
    answered = 0
    while answered < 12:
        try:
            answered += requests.get(f"{url}/healthz", timeout=5).ok
        except requests.RequestException:
            assert time.monotonic() < until, "gunicorn did not start"
            time.sleep(0.2)


def measure_machine(url: str) -> float:
    """Seconds of the slowest answer while nobody waits for Offorte: what the machine's other work costs."""
    seconds = []
    for _ in range(15):
        began = time.monotonic()
        requests.get(f"{url}/healthz", timeout=60)
        seconds.append(time.monotonic() - began)
    return max(seconds)


def session_of(username: str) -> str:
    client = Client()
    client.force_login(User.objects.create_superuser(username))
    return client.cookies["sessionid"].value


def test_clicks_that_wait_for_offorte_keep_nobody_else_waiting(
    served: str, mirror: Callable[..., Connection], simulator: Simulator
) -> None:
    connection = mirror("companies", "proposals")
    path = f"{served}/webhooks/offorte/{address.ensure(connection).token}/"
    proposals = list(Proposal.objects.values_list("pk", flat=True))
    figures = Figures()
    people = [Person(served, session_of(f"person{number}"), figures) for number in range(PEOPLE)]
    busy = measure_machine(served)
    simulator.faults.add(Fault("slow", times=None, seconds=OFFORTE))
    until = time.monotonic() + SECONDS
    asks = {
        "healthz": lambda: requests.get(f"{served}/healthz", timeout=60).status_code,
        "webhook": lambda: requests.post(path, json={"type": "x", "data": {}}, timeout=60).status_code,
    }
    threads = [
        threading.Thread(target=probe, args=(name, ask, figures), kwargs={"every": 0.2, "until": until})
        for name, ask in asks.items()
    ]
    for number, person in enumerate(people):
        clicks = [
            partial(person.create, connection.pk, f"Company {number}"),
            partial(person.refresh, proposals[number]),
        ]
        threads.append(threading.Thread(target=click_on, args=(person, clicks), kwargs={"every": 2.0, "until": until}))
    connections.close_all()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for kind in ("healthz", "webhook"):
        assert figures.percentile(kind, 50) < 1 + busy, (kind, busy, figures.seconds[kind])
    assert figures.percentile("click", 50) < 2 + busy, (busy, figures.seconds["click"])
    assert not [result for result in figures.results if "status" in result or "failed" in result], figures.results
    names = [str(company["name"]) for company in simulator.account("bouw").companies.values()]
    made = [name for name in names if name.startswith("Company ")]
    assert len(made) == len(set(made)) == figures.results["create: done"] > 0, figures.results


def test_half_a_request_keeps_nobody_waiting(served_alone: str) -> None:
    port = int(served_alone.rpartition(":")[2])
    post = b"POST /webhooks/offorte/secret/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nabc"
    halves = [begin(port, post) for _ in range(6)] + [begin(port, b"GET /healthz HTTP/1.1\r\nHo") for _ in range(15)]

    began = time.monotonic()
    assert requests.get(f"{served_alone}/healthz", timeout=20).status_code == 200
    assert time.monotonic() - began < 5

    whole = halves[0]
    whole.sendall(b"x" * 97)
    assert whole.recv(1000).startswith(b"HTTP/1.1 404")
    for line in halves:
        line.close()


def test_somebody_who_does_not_read_keeps_nobody_waiting(served_alone: str) -> None:
    port = int(served_alone.rpartition(":")[2])
    lines = [begin(port, b"GET /static/adminkit/css/base.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") for _ in range(15)]

    began = time.monotonic()
    for _ in range(6):
        assert requests.get(f"{served_alone}/healthz", timeout=20).status_code == 200
    assert time.monotonic() - began < 5
    for line in lines:
        with closing(line):
            line.settimeout(20)
            assert line.recv(1000).startswith(b"HTTP/1.1 200")


def begin(port: int, data: bytes) -> socket.socket:
    """Send part of a request, with hardly any room for the answer."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    line.connect(("127.0.0.1", port))
    line.sendall(data)
    return line
