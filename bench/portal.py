"""The portal in its own processes, as in production, with the bench's database and a simulator."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.sync import runs as run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun


def connect(simulator: Simulator, account: str) -> Connection:
    """Return a connected account that is mirrored."""
    remote = simulator.account(account)
    token = remote.issue_token()
    made = Connection.objects.create(
        account=account,
        client_id=remote.client_id,
        client_secret=remote.client_secret,
        access_token=token["access_token"],
        refresh_token=token["refresh_token"],
        token_expires_at=timezone.now() + timedelta(days=30),
        state=Connection.State.CONNECTED,
    )
    work.sync_now(run.request(made, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    return made


def open_session(user: User) -> str:
    """Return the key of a new session of the user."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def portal(simulator: Simulator, *, processes: int, limit: int = 0) -> Iterator[None]:
    """Run gunicorn with that many processes, and a worker; `limit` is in requests per minute, 0 for none."""
    environment = os.environ | {
        "PORTAL_URL": settings.PORTAL_URL,
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_DEBUG": "True",  # static files from the source tree
        "OFFORTE_API_URL": simulator.api_url,
        "OFFORTE_OAUTH_URL": simulator.oauth_url,
        "OFFORTE_REQUESTS_PER_MINUTE": str(limit),
        "OFFORTE_SYNC_INTERVAL": "0",
    }
    address = settings.PORTAL_URL.removeprefix("http://")
    web = ["gunicorn", "offorte_portal.wsgi", "--bind", address, "--workers", str(processes), "--log-level", "error"]
    lines = [[sys.executable, "-m", *web], [sys.executable, "manage.py", "qcluster"]]
    connections.close_all()
    running = [
        subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for line in lines
    ]
    try:
        wait_until_up()
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(120)


def wait_until_up() -> None:
    """Wait for the web server and the worker."""
    for _number in range(120):
        try:
            with urlopen(f"{settings.PORTAL_URL}/readyz") as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            pass
        time.sleep(0.5)
    raise TimeoutError("the portal did not start")
