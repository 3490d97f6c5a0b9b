"""Time, and all else that is not the portal's own, is what the ports say it is."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.conf import settings
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from offorte_portal import http, ports
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.api.transport import Transport
from offorte_portal.connections.budget import Lane, gate, status
from offorte_portal.connections.oauth.session import open_session
from offorte_portal.runs import lease
from offorte_portal.sync import runs
from offorte_portal.sync.models import SyncRun
from offorte_portal.waiting.models import HeldAnswer
from offorte_portal.writes.models import Operation
from tests.api.conftest import RecordingGate
from tests.support.clock import Clock
from tests.support.factories import make_connection

DAY = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock(DAY)
    with monkeypatch.context() as patch:
        patch.setattr(ports, "clock", made)
        lease._clock.forget()
        yield made
    lease._clock.forget()


@pytest.mark.django_db
def test_a_sync_is_due_when_the_clock_says_so(clock: Clock) -> None:
    connection = make_connection(state="connected")
    runs.request_due()
    run = SyncRun.objects.get()
    assert (run.created_at, connection.created_at) == (DAY, DAY)
    SyncRun.objects.update(state=SyncRun.State.DONE)
    clock.wait(60 * settings.OFFORTE_SYNC_INTERVAL - 1)
    runs.request_due()
    assert SyncRun.objects.count() == 1
    clock.wait(1)
    runs.request_due()
    assert SyncRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_budget_waits_by_that_clock(clock: Clock) -> None:
    connection = make_connection()
    let_through = gate(connection, Lane.PERSON, patience=90)
    for _ in range(31):
        let_through.acquire()
    assert timedelta(seconds=60) < clock.day - DAY < timedelta(seconds=90)
    clock.wait(90)
    assert status(connection).used == 0


def test_words_for_a_moment_count_from_that_clock(clock: Clock) -> None:
    assert naturaltime(DAY - timedelta(minutes=3, seconds=30)) == "3\xa0minutes ago"
    clock.wait(-600)
    assert naturaltime(DAY) == "9\xa0minutes from now"


def test_chance_is_drawn_from_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw() -> tuple[object, ...]:
        monkeypatch.setattr(ports, "randomness", Random(5))
        return ports.new_uuid(), ports.new_token(32), ports.uniform(1, 2), Operation().key, HeldAnswer().ticket

    drawn = draw()
    assert drawn == draw()
    monkeypatch.undo()
    assert (ports.new_uuid(), ports.new_token(32)) != drawn[:2]
    assert ports.new_uuid().version == 4
    assert [len(ports.new_token(size)) for size in (12, 32)] == [16, 43]


class Elsewhere(BaseAdapter):
    """A world without a network: each request is answered with its own address."""

    def send(self, request: PreparedRequest, **_: Any) -> Response:  # type: ignore[override]
        answer = Response()
        answer.status_code, answer.raw = 200, BytesIO(f'{{"asked": "{request.url}"}}'.encode())
        return answer

    def close(self) -> None:
        pass


def test_every_session_sends_through_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "transport", lambda adapter: Elsewhere())
    with http.Client() as client, client.get("https://quotes.invalid/list") as reply:
        assert reply.body.read() == b'{"asked": "https://quotes.invalid/list"}'
    session = open_session(lambda: "token")
    answer = Transport("https://offorte.invalid/api", session, RecordingGate()).request("GET", "/hello")
    assert answer.data == {"asked": "https://offorte.invalid/api/hello"}


def test_plain_python_can_ask_for_them() -> None:
    code = "import sys, offorte_portal.api.client, offorte_portal.http; print('django' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, check=True)
    assert asked.stdout == b"False\n"
