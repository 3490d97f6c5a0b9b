"""What is sent to Offorte, and what is not."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from offorte_portal.api.errors import MalformedAnswer, NotConnected, TimedOut
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth import session as session_module
from offorte_portal.connections.oauth.session import OfforteSession, open_session
from offorte_portal.connections.oauth.token_endpoint import GrantRefused, Token, exchange_code, renew_token
from offorte_portal.simulator import Fault, Simulator, Size
from tests.http.servers import SLOW, Handler, serve

Connect = Callable[..., Connection]
Ask = Callable[[Connection], Token]
HELLO = "/hello"


def hello_url(simulator: Simulator) -> str:
    return simulator.api_url.format(account="bouw") + HELLO


def exchange(connection: Connection) -> Token:
    return exchange_code(connection, code="the-code", redirect_uri="http://127.0.0.1/x", code_verifier="v" * 43)


both_requests = pytest.mark.parametrize("ask", [exchange, renew_token])


def test_each_request_carries_the_token_of_its_moment(simulator: Simulator) -> None:
    tokens = ["first", "second"]
    with open_session(lambda: tokens[len(simulator.requests)]) as session:
        session.get(hello_url(simulator))
        session.post(hello_url(simulator))
    sent = [request.headers["Authorization"] for request in simulator.requests]
    assert sent == ["Bearer first", "Bearer second"]
    assert session.auto_refresh_url is None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bearer_does_not_follow_a_redirect(simulator: Simulator, method: str) -> None:
    with Simulator(accounts={"bouw": Size(companies=1)}) as elsewhere:
        simulator.faults.add(Fault("redirect", path=HELLO, location=hello_url(elsewhere)))
        with open_session(lambda: "hush") as session:
            answer = session.request(method, hello_url(simulator), allow_redirects=True)
        assert answer.status_code == 302
        assert list(elsewhere.requests) == []


@pytest.mark.django_db
@both_requests
def test_a_secret_does_not_follow_a_redirect(connect: Connect, simulator: Simulator, ask: Ask) -> None:
    with Simulator(accounts={"bouw": Size(companies=1)}) as elsewhere:
        location = elsewhere.oauth_url.format(account="bouw") + "/token"
        simulator.faults.add(Fault("redirect", path="/oauth2/.*", location=location))
        with pytest.raises(MalformedAnswer):
            ask(connect())
        assert list(elsewhere.requests) == []


@pytest.mark.parametrize("url", ["http://bouw.offorte.example/hello", "http://127.0.0.1.offorte.example/hello"])
def test_http_to_another_machine_is_refused_before_sending(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    sent: list[object] = []
    monkeypatch.setattr(requests.Session, "send", lambda *args, **options: sent.append(args))
    with pytest.raises(NotConnected, match="not_https"):
        open_session(lambda: "hush").get(url)
    with pytest.raises(NotConnected, match="not_https"):
        OfforteSession("id").fetch_token(url, code="code", include_client_id=True, client_secret="hush")
    with pytest.raises(NotConnected, match="not_https"):
        OfforteSession("id").refresh_token(url, refresh_token="hush")
    assert sent == []


@pytest.mark.django_db
@both_requests
def test_no_account_gets_a_secret_without_https(connect: Connect, settings: Settings, ask: Ask) -> None:
    settings.OFFORTE_OAUTH_URL = "http://{account}.offorte.example/oauth2"
    with pytest.raises(NotConnected, match="not_https"):
        ask(connect())


@pytest.mark.django_db
@both_requests
def test_half_a_simulator_is_not_asked(
    connect: Connect, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT")
    with pytest.raises(NotConnected, match="addresses_differ"):
        ask(connect())
    assert list(simulator.requests) == []


@pytest.mark.django_db
def test_a_code_is_exchanged_as_the_reference_says(connect: Connect, simulator: Simulator) -> None:
    with pytest.raises(GrantRefused):
        exchange(connect())
    [request] = simulator.requests
    account = simulator.account("bouw")
    assert (request.method, request.path, request.query) == ("POST", "/oauth2/token", {})
    assert "Authorization" not in request.headers
    assert request.body == {
        "grant_type": "authorization_code",
        "client_id": account.client_id,
        "client_secret": account.client_secret,
        "code": "the-code",
        "redirect_uri": "http://127.0.0.1/x",
        "code_verifier": "v" * 43,
    }


@pytest.mark.django_db
def test_a_token_is_renewed_as_the_reference_says(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    renew_token(connection)
    [request] = simulator.requests
    assert (request.method, request.path, request.query) == ("POST", "/oauth2/refresh-token", {})
    assert "Authorization" not in request.headers
    assert request.body == {
        "grant_type": "refresh_token",
        "client_id": connection.client_id,
        "client_secret": connection.client_secret,
        "refresh_token": connection.refresh_token,
    }


@pytest.mark.django_db
def test_without_a_code_nothing_is_asked(connect: Connect, simulator: Simulator) -> None:
    with pytest.raises(GrantRefused):
        exchange_code(connect(), code="", redirect_uri="http://127.0.0.1/x")
    assert list(simulator.requests) == []


@pytest.mark.django_db
@both_requests
def test_nobody_waits_for_ever(
    connect: Connect, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.setattr(session_module, "TIMEOUT", (1, 0.1))
    simulator.faults.add(Fault("slow", path="/oauth2/.*", seconds=0.6))
    with pytest.raises(TimedOut):
        ask(connect())


def test_a_crash_report_shows_no_bearer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from here nor from the variables of the libraries."""

    def crash(*args: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(requests.Session, "send", crash)
    bearer = uuid4().hex  # for the report shows the lines of this file too
    with pytest.raises(RuntimeError) as caught:
        open_session(lambda: bearer).get("http://127.0.0.1:9/")
    frames = caught.tb.tb_next  # without this test's variables
    reporter: Any = ExceptionReporter
    report = reporter(None, caught.type, caught.value, frames).get_traceback_html()
    assert "oauth2_session.py" in report
    assert bearer not in report


@pytest.mark.django_db
@pytest.mark.parametrize("handle", SLOW)
@both_requests
def test_an_answer_that_trickles_in_is_cut_off(
    connect: Connect, settings: Settings, ask: Ask, handle: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "LONGEST_ANSWER", 0.4)
    connection = connect()
    begun = time.monotonic()
    with serve(handle) as port:
        settings.OFFORTE_OAUTH_URL = f"http://127.0.0.1:{port}/{{account}}"
        with pytest.raises(TimedOut):
            ask(connection)
    assert time.monotonic() - begun < 5
