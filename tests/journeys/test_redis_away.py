"""Redis goes away while people work: they sign in and start syncs as ever, and what they asked for is done later."""

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.sync.models import SyncRun
from tests.journeys.processes import cluster, wait_until
from tests.support.factories import make_staff
from tests.support.processes import environment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(700),
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server"),
]
PASSWORD = "a long password"


def test_what_people_asked_for_is_done_when_redis_is_back(
    simulator: Simulator, connect: Callable[[], Connection], tmp_path: Path
) -> None:
    account = connect()
    SyncRun.objects.create(connection=account, trigger=SyncRun.Trigger.CONNECT, state=SyncRun.State.DONE)
    user = make_staff("anna")
    user.set_password(PASSWORD)
    user.save()
    redis_port, port = find_port(), find_port()
    url = f"http://127.0.0.1:{port}"
    portal = environment(simulator, REDIS_URL=f"redis://127.0.0.1:{redis_port}/0", PORTAL_URL=url)
    with redis(redis_port), cluster(portal, tmp_path / "worker.log"), web(portal, port):
        wait_until(lambda: ready(url) == 200, seconds=90)
        with_redis = SyncRun.objects.count()
        pause(redis_port)
        wait_until(lambda: ready(url) == 503, seconds=90)
        browser = sign_in(url)
        wait_until(lambda: "reach its task queue" in browser.get(url).text, seconds=90)
        answer = post(browser, f"{url}/sync/accounts/{account.pk}/start/")
        assert answer.status_code == 200, answer.text
        assert SyncRun.objects.count() == with_redis + 1
        run = SyncRun.objects.latest("pk")
        assert run.state == SyncRun.State.QUEUED
        with redis(redis_port):
            wait_until(lambda: SyncRun.objects.get(pk=run.pk).state == SyncRun.State.DONE, seconds=180)
            wait_until(lambda: ready(url) == 200, seconds=90)
            wait_until(lambda: "reach its task queue" not in browser.get(url).text, seconds=90)


def find_port() -> int:
    """A port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


_running: dict[int, "subprocess.Popen[bytes]"] = {}


@contextmanager
def redis(port: int) -> Iterator[None]:
    """A Redis that keeps nothing."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    _running[port] = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    wait_until(lambda: answers(port), seconds=60)
    try:
        yield
    finally:
        pause(port)


def pause(port: int) -> None:
    """End the Redis, with all that was in it."""
    _running[port].kill()
    _running[port].wait()


def answers(port: int) -> bool:
    """Whether something listens at a port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def web(portal: dict[str, str], port: int) -> Iterator[None]:
    """The web server as in production."""
    command = [sys.executable, "-m", "gunicorn", "offorte_portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    # Without `collectstatic` before it, pages find their files only so.
    process = subprocess.Popen(command, env=portal | {"DJANGO_DEBUG": "True"}, cwd=settings.BASE_DIR)
    try:
        wait_until(lambda: answers(port), seconds=60)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def ready(url: str) -> int:
    """What a load balancer is told."""
    return requests.get(f"{url}/readyz", timeout=30).status_code


def sign_in(url: str) -> requests.Session:
    """Anna, signed in with her password."""
    browser = requests.Session()
    browser.get(f"{url}/accounts/login/", timeout=30)
    answer = post(browser, f"{url}/accounts/login/", login="anna", password=PASSWORD)
    assert answer.status_code == 200
    assert "sessionid" in browser.cookies
    return browser


def post(browser: requests.Session, url: str, **fields: str) -> requests.Response:
    """Send a form."""
    fields["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
    return browser.post(url, data=fields, headers={"Referer": url}, timeout=60)
