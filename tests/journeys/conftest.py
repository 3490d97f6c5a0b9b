"""The browser of the other tests, for a portal that knows its own address and leads to the simulator."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as portal_settings
from django.contrib.auth.models import User
from django.db import connection as database
from django_q.models import Schedule
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.staff.roles import grant
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from tests.journeys.steps import make_member, run_sync
from tests.journeys.words import Words
from tests.support.processes import environment


@pytest.fixture
def portal(live_server: LiveServer, simulator: Simulator, settings: Settings) -> str:
    """The address of a portal whose handshake works: it knows its own address, and where forms may lead."""
    settings.PORTAL_URL = live_server.url
    policy = deepcopy(portal_settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", simulator.url]
    settings.CONTENT_SECURITY_POLICY = policy
    return str(live_server.url)


@pytest.fixture
def roles(db: None) -> None:
    """The roles that a migration makes; a test with transactions of its own may have flushed them."""
    grant(apps, database.SchemaEditorClass(database))


@pytest.fixture
def patience(page: Page) -> Iterator[None]:
    """Time for a machine that is busy with other things."""
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=None)


@pytest.fixture
def no_motion(page: Page) -> None:
    """Nothing moves for long, so that axe does not measure colours half-way."""
    page.emulate_media(reduced_motion="reduce")


@pytest.fixture
def synced(connect: Callable[..., Connection]) -> Connection:
    """The simulated account, connected by nobody in particular, all of it mirrored."""
    connection = connect()
    run_sync(run.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    return connection


@pytest.fixture
def administrator(roles: None, sign_in: Callable[[User], None]) -> User:
    """Anna, signed in."""
    anna = make_member("Administrator", "anna")
    sign_in(anna)
    return anna


@pytest.fixture
def offorte(simulator: Simulator) -> Account:
    """The account as Offorte has it today: it tells who owns a proposal."""
    simulator.switches.vintage = "live"
    return simulator.account("bouw")


@pytest.fixture
def sanne(roles: None, sign_in: Callable[[User], None]) -> User:
    """A seller, who is also a user of the account at Offorte; signed in."""
    user = make_member("Seller", "sanne")
    User.objects.filter(pk=user.pk).update(email="sanne@bouw.example")
    sign_in(user)
    return user


@pytest.fixture
def mia(roles: None) -> User:
    return make_member("Manager", "mia")


@pytest.fixture
def language() -> str:
    """The language of the browser; a test that is parametrised with it overrides this."""
    return "en"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], language: str) -> dict[str, Any]:
    """A Dutch reader's browser was set up in the Netherlands."""
    dutch = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
    return {**browser_context_args, **(dutch if language == "nl" else {})}


@pytest.fixture
def say(language: str) -> Words:
    return Words(language)


@pytest.fixture
def worker(portal: str, simulator: Simulator) -> Iterator[None]:
    """The worker in a process of its own, as in production; what it would do each minute is queued by the test."""
    Schedule.objects.all().delete()
    settings_of = environment(simulator, PORTAL_URL=portal, PORTAL_WORKERS="1")
    command = [sys.executable, str(Path(portal_settings.BASE_DIR) / "manage.py"), "qcluster"]
    process = subprocess.Popen(command, env=settings_of, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield
    process.terminate()
    process.wait(timeout=60)
