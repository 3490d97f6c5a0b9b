"""Fixtures for tests that meet the simulator over HTTP, and a summary that says what was left out."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings as portal_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache.backends import locmem
from django.db import connections
from django.test import override_settings
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.plugin import blocking_manager_key

from offorte_portal.api import transport
from offorte_portal.connections.models import Connection
from offorte_portal.runs import lease
from offorte_portal.simulator import Simulator, Size
from tests.support import quick_database
from tests.support.mirrored import mirror_account
from tests.waiting.guard import marked_views_only

pytest_plugins = ["tests.support.fixtures", "tests.support.browser"]

# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")

# The fixtures that count queries, beside `CaptureQueriesContext`.
COUNTING = {"django_assert_max_num_queries", "django_assert_num_queries"}

# The tasks that work in slices of some seconds, and queue another one for what is left.
IN_SLICES = {
    "jobs": ["planning.plan"],
    "other_systems": ["work.advance", "moving.reading.advance"],
    "sync": ["work.advance"],
    "webhooks": ["draining.drain"],
    "writes": ["draining.drain"],
}

# The folders of tests that run whole days of work, or a browser.
LONGEST = {"browser", "journeys"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite's test database in a file, where other processes of a test find it."""
    database = connections["default"]
    if database.vendor == "sqlite":
        database.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """In place of pytest-django's: processes migrate one database and copy it, and tests lose no time on theirs."""
    is_kept = django_db_keepdb and not django_db_createdb
    is_shared_out = not is_kept and hasattr(request.config, "workerinput")
    folder = tmp_path_factory.getbasetemp().parent
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            with quick_database.migrated_once(folder) if is_shared_out else nullcontext(is_kept) as is_there:
                made = setup_databases(0, interactive=False, keepdb=is_there, serialized_aliases=set())
            quick_database.make_quick(patch.setattr)
        yield
        if not django_db_keepdb:
            with django_db_blocker.unblock():
                teardown_databases(made, 0)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave no database behind."""
    if not hasattr(session.config, "workerinput"):
        with session.config.stash[blocking_manager_key].unblock():
            quick_database.forget_template()


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Simulator]:
    """Offorte with one small account `bouw` and no rate limit; the portal's addresses point to it."""
    size = Size(companies=12, people=20, directories=3, products=15, proposals=14)
    with Simulator(accounts={"bouw": size}, requests_per_minute=None, vintage="2018") as sim:
        settings.OFFORTE_API_URL = sim.api_url
        settings.OFFORTE_OAUTH_URL = sim.oauth_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        yield sim


@pytest.fixture
def connect(simulator: Simulator) -> Callable[..., Connection]:
    """Makes a connected account, as the handshake would leave it."""

    def make(account: str = "bouw") -> Connection:
        remote = simulator.account(account)
        token = remote.issue_token()
        return Connection.objects.create(
            account=account,
            client_id=remote.client_id,
            client_secret=remote.client_secret,
            access_token=token["access_token"],
            refresh_token=token["refresh_token"],
            token_expires_at=timezone.now() + timedelta(days=30),
            state=Connection.State.CONNECTED,
            connected_at=timezone.now(),
        )

    return make


@pytest.fixture
def mirror(simulator: Simulator, connect: Callable[..., Connection]) -> Callable[..., Connection]:
    """Connects the simulated account and mirrors the lists that are named; all of them where none is."""

    def mirror_lists(*only: str) -> Connection:
        made = connect()
        mirror_account(made, simulator, *only)
        simulator.log.clear()
        return made

    return mirror_lists


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask Offorte again at once where it did not answer; how long the pauses are is tested beside the transport."""
    monkeypatch.setattr(transport, "BACKOFF", (0.01, 0.03))


@pytest.fixture(autouse=True)
def caches_that_last(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where queries are counted, forget nothing that pages remember for some seconds, however busy the machine."""
    if hasattr(request.module, CaptureQueriesContext.__name__) or not COUNTING.isdisjoint(request.fixturenames):
        begun = time.time()
        monkeypatch.setattr(locmem, "time", SimpleNamespace(time=lambda: begun))


@pytest.fixture(autouse=True)
def clock_that_nobody_set() -> None:
    """Let leases run out as on any day: a test that moved the clock must not hold up those of the next one."""
    lease._clock.forget()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin in English; a request in Dutch leaves its thread in Dutch, and the next test must not inherit it."""
    with translation.override("en"):
        yield


def tasks_in_slices() -> Iterator[Callable[..., Any]]:
    """The tasks of the rooms that are there; importing a room that is left out would bring its models back."""
    for room, names in IN_SLICES.items():
        if apps.is_installed(f"offorte_portal.{room}"):
            yield from (import_string(f"offorte_portal.{room}.{name}") for name in names)


@pytest.fixture(scope="session", autouse=True)
def unhurried_slices() -> Iterator[None]:
    """Do all of a task's work in one slice, however busy the machine; tests of slices say how long theirs are."""
    with pytest.MonkeyPatch.context() as patch:
        for function in tasks_in_slices():
            patch.setattr(function, "__kwdefaults__", {**(function.__kwdefaults__ or {}), "seconds": 120.0})
        yield


@pytest.fixture(scope="session", autouse=True)
def uncollected_static_files() -> Iterator[None]:
    """Pages are rendered, and live servers start, without `collectstatic` before them."""
    storages = portal_settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with override_settings(WHITENOISE_AUTOREFRESH=True, STORAGES=storages):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash a password in one round instead of a million, as slow as a page. Other processes read such a hash, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def unhurried_requests() -> Iterator[None]:
    """A view is done by the thread that asks for it, whose database transaction it shares."""
    with override_settings(ANSWER_WITHIN=0):
        yield


@pytest.fixture(scope="session", autouse=True)
def views_that_ask_are_marked() -> Iterator[None]:
    """A view without a mark asks no other server."""
    with marked_views_only():
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the tests that empty the database to the end, for they take along what migrations have put there.

    pytest-django does so too, but then pytest moves tests together that share a fixture of the session. Of these the
    longest come first, so that no process is still at one of them when the others have nothing left.
    """
    items.sort(key=lambda item: (empties_database(item), LONGEST.isdisjoint(item.path.parts)))
    for item in items:
        if item.get_closest_marker("browser") and os.environ.get("CI") == "true":
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what meets the database, and who looks at a page: in some sizes and schemes, in more at full length."""
    fixtures = set(getattr(item, "fixturenames", ()))
    if "axe" in fixtures:
        item.add_marker("long")
    if item.get_closest_marker("django_db") or not fixtures.isdisjoint({"db", "live_server", "transactional_db"}):
        item.add_marker("database")


def empties_database(item: pytest.Item) -> bool:
    """Whether a test commits, so that the database is emptied after it."""
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    return bool(commits) or not {"live_server", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines what was left out and what failed at first, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.line(f"Ran once more: {report.nodeid} after\n{report.longreprtext}", yellow=True)
    for reason, number in sorted(reasons.items()):
        terminalreporter.line(f"Left out: {number} {'test' if number == 1 else 'tests'}: {reason}", yellow=True)
