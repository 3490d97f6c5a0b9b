"""No token, code or secret is anywhere but in the encrypted columns: not in logs, sessions, pages or other rows."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from offorte_portal.api.errors import OfforteError
from offorte_portal.connections import connecting as connections
from offorte_portal.connections import tokens
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth import token_endpoint
from offorte_portal.simulator import Fault, Simulator
from tests.connections.oauth.conftest import Browser
from tests.support.factories import make_staff

Prepared = Callable[..., Connection]
pytestmark = pytest.mark.django_db(transaction=True)
CLIENT_SECRET = "the-secret-of-the-app"


class Pages:
    """All that the portal answered: bodies, headers, cookies."""

    def __init__(self, client: Client) -> None:
        self.texts: list[str] = []
        request = client.request

        def note(**options: Any) -> Any:
            response = request(**options)
            self.texts += [response.content.decode(), str(response.cookies)]
            # The consent page's address goes to Offorte, and holds no secret either.
            self.texts += [f"{name}: {value}" for name, value in response.items()]
            return response

        client.request = note  # type: ignore[method-assign]


@pytest.fixture
def loudest_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything at DEBUG, but for the two loggers that the settings hold at INFO for what they print."""
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="urllib3"):
        yield caplog


def stored_texts() -> Iterator[str]:
    """Every value of every table as the database holds it, and the sessions as they decode."""
    with database.cursor() as cursor:
        for table in database.introspection.table_names():
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
    for session in Session.objects.all():
        yield str(session.get_decoded())


def act(visitor: Browser, simulator: Simulator) -> None:
    """A handshake that works, ones that fail, requests, refreshes, a broken connection and a new one."""
    token_endpoint = "/oauth2/(token|refresh-token)"
    for fault in ("unavailable_503_html", "html_200", "malformed_json", "drop_after"):
        simulator.faults.add(Fault(fault, path=token_endpoint))
        visitor.connect()
    visitor.come_back(visitor.consent(visitor.begin(), action="deny"))
    url = visitor.consent(visitor.begin())
    visitor.come_back(url.replace("state=", "state=x"))
    visitor.connect()
    connection = Connection.objects.get()
    simulator.clock.advance(31 * 24 * 3600)
    connections.client(connection, Lane.PERSON).hello()
    for fault in ("error_500", "rate_limited", "drop_before"):
        simulator.faults.add(Fault(fault, path=token_endpoint))  # type: ignore[arg-type]
        Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=1))
        tokens.refresh(tokens.find_due()[0])
    assert tokens.refresh(connection)
    simulator.account("bouw").revoke_tokens()
    with pytest.raises(OfforteError):
        connections.client(connection, Lane.PERSON).hello()
    visitor.portal.get("/")
    visitor.portal.get(f"/connections/connection/{connection.pk}/change/")
    visitor.portal.get(f"/connections/connection/{connection.pk}/history/")
    visitor.connect()


def test_nothing_secret_leaves_a_trace(
    simulator: Simulator, prepared: Prepared, loudest_log: pytest.LogCaptureFixture
) -> None:
    simulator.account("bouw").client_secret = CLIENT_SECRET
    prepared(client_secret=CLIENT_SECRET)
    visitor = Browser(simulator, make_staff("anna"))
    pages = Pages(visitor.portal)
    act(visitor, simulator)
    connection = Connection.objects.get()
    assert connection.is_connected

    secrets = [CLIENT_SECRET, *simulator.account("bouw").tokens.issued()]
    assert connection.access_token in secrets
    assert len(secrets) > 15
    places = {
        "log": [loudest_log.text, *(str(record.__dict__) for record in loudest_log.records)],
        "pages": pages.texts,
        "database": list(stored_texts()),
    }
    assert "/oauth2/token" in loudest_log.text
    assert any("bouw-client" in text for text in places["database"])
    assert any("was not connected" in text for text in places["pages"])
    for place, texts in places.items():
        found = [secret for secret in secrets for text in texts if secret in text]
        assert not found, place


def test_a_session_that_has_to_confirm_itself_keeps_no_token(
    simulator: Simulator, prepared: Prepared, settings: Settings
) -> None:
    """allauth would put the token into the session until the person has entered the password once more."""
    assert settings.ACCOUNT_REAUTHENTICATION_REQUIRED
    prepared()
    visitor = Browser(simulator, make_staff("anna"))
    visitor.connect()
    issued = simulator.account("bouw").tokens.issued()
    assert Connection.objects.get().access_token in issued
    kept = "".join(str(session.get_decoded()) for session in Session.objects.all())
    assert [token for token in issued if token in kept] == []
    assert "reauthentication" not in kept


def test_no_column_is_left_out_of_the_encrypted_ones() -> None:
    names = {field.name for field in Connection._meta.fields if "Encrypted" in type(field).__name__}
    assert names == {"client_secret", "access_token", "refresh_token"}
    assert not apps.get_model("socialaccount", "SocialToken").objects.exists()


def test_a_crash_report_shows_no_token(
    simulator: Simulator, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Django mails about an error hides the variables of what has a token in its hands."""
    secrets = simulator.account("bouw").issue_token()
    connection = prepared(client_secret=CLIENT_SECRET, refresh_token=secrets["refresh_token"])

    def crash(body: bytes) -> dict[str, object]:
        raise RuntimeError(f"{len(body)} bytes")

    monkeypatch.setattr(token_endpoint, "_parse", crash)
    calls: list[Callable[[], object]] = [
        lambda: token_endpoint.renew_token(connection),
        lambda: token_endpoint.exchange_code(connection, code=secrets["access_token"], redirect_uri="x"),
    ]
    for call in calls:
        with pytest.raises(RuntimeError) as caught:
            call()
        frames = caught.tb.tb_next and caught.tb.tb_next.tb_next  # without those of this test
        reporter: Any = ExceptionReporter
        report = reporter(None, caught.type, caught.value, frames).get_traceback_html()
        assert "oauth2_session.py" in report
        assert CLIENT_SECRET not in report
        assert secrets["access_token"] not in report
        assert secrets["refresh_token"] not in report
