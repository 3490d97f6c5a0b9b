"""A real Chromium on a live server: it may talk to this machine only, and whatever it complains of fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import ConsoleMessage, Error, Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.support.signing_in import confirm

OURS = {"127.0.0.1", "localhost"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# What htmx logs, as an error, of a request whose page was left meanwhile. One that failed logs another line besides.
LEFT_BEHIND = ("htmx:sendAbort", "htmx:afterRequest")
AXE = Axe().axe_script
# preload would add the style sheets once more, inline, which the CSP refuses; selectors of what is right take long.
OPTIONS = '{"preload": false, "resultTypes": ["violations"]}'


@pytest.fixture(scope="session")
def queries_beside_an_event_loop() -> Iterator[None]:
    """Playwright runs an event loop in the test's thread, beside which Django refuses queries unless it is told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium. Without one the test is skipped, and fails where CI is set."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        reason = f"no browser found: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return {**browser_type_launch_args, "executable_path": executable, "args": ["--no-sandbox"]}


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of so far; a test that expects a complaint takes it out."""
    return []


@pytest.fixture
def page(queries_beside_an_event_loop: None, page: Page, complaints: list[str]) -> Iterator[Page]:
    """A page that may only reach this machine and must not log errors: script errors, CSP violations, missing files."""

    def refuse(route: Route) -> None:
        complaints.append(f"request to {route.request.url}")
        route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(LEFT_BEHIND):
            complaints.append(f"{message.type} on {page.url}: {message.text}")

    page.set_default_timeout(10_000)
    page.context.route(lambda url: urlsplit(url).hostname not in OURS, refuse)
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(f"script error on {page.url}: {error}"))
    yield page
    assert complaints == []


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[User], None]:
    """Signs a person in, without the form, as if the password had been entered a moment ago."""

    def with_session(user: User) -> None:
        client = Client()
        client.force_login(user)
        confirm(client)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return with_session


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails when axe finds anything on the page, best practices included."""

    def find_violations(page: Page) -> Any:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        return page.evaluate(f"axe.run({OPTIONS}).then((results) => results.violations)")

    def check(page: Page) -> None:
        try:
            violations = find_violations(page)
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
            # The page of work in progress loads itself again when that is done.
            page.wait_for_load_state()
            violations = find_violations(page)
        found = [
            f"{violation['id']}: {violation['help']} {[node['target'] for node in violation['nodes']]}"
            for violation in violations
        ]
        assert found == [], page.url

    return check
