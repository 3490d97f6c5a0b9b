"""What a request is sent as and what its answer holds, and the addresses to which none is sent."""

from datetime import UTC, datetime

import pytest
import requests

from offorte_portal.api.errors import NotConnected
from offorte_portal.api.transport import Transport
from tests.api.conftest import RecordingGate, World
from tests.api.transport.calls import NEW_COMPANY, get, oauth_session


def test_an_answer_holds_data_and_the_moment_before_the_request(world: World) -> None:
    before = datetime.now(UTC)

    answer = get(world)

    assert isinstance(answer.data, list)
    assert len(answer.data) == 3
    assert before <= answer.requested_at
    assert answer.requested_at.timestamp() <= world.simulator.requests[0].at
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert world.gate.acquired == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_request_is_sent_as_the_reference_says(world: World, method: str) -> None:
    body = NEW_COMPANY if method in {"POST", "PATCH"} else None
    path = "/companies/" if method == "POST" else f"/companies/{min(world.account.companies)}/"

    world.transport.request(method, path, json=body)

    [request] = world.simulator.requests
    assert (request.method, request.path, request.body) == (method, path, body)
    assert request.headers["Accept"] == "application/json; charset=utf-8"
    assert request.headers.get("Content-Type") == (body and "application/json; charset=utf-8")
    assert request.headers["Authorization"] == f"Bearer {world.bearer.token}"


def test_parameters_are_escaped(world: World) -> None:
    world.transport.request("GET", "/companies", params={"query": "Jansen & Zn. +50%", "page": 1})

    assert world.simulator.requests[0].query == {"query": "Jansen & Zn. +50%", "page": "1"}


def test_text_arrives_as_it_was_written(world: World) -> None:
    name = '\'t Hart "& Zoon" 🏗️ שלום'

    world.transport.request("POST", "/companies/", json={"name": name})

    assert world.simulator.requests[0].body == {"name": name}


def test_an_empty_answer_has_no_data(world: World) -> None:
    answer = world.transport.request("DELETE", f"/companies/{min(world.account.companies)}/")

    assert (answer.status, answer.data) == (204, None)


@pytest.mark.parametrize("base_url", ["offorte", "ftp://offorte", "http://", f"http://{'x' * 70}.example"])
def test_a_bad_address_is_no_connection(base_url: str) -> None:
    transport = Transport(base_url, requests.Session(), RecordingGate())

    with pytest.raises(NotConnected, match="address_invalid"):
        transport.request("GET", "/hello")


def test_a_session_that_refuses_the_address_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    transport = Transport("http://127.0.0.1:9", oauth_session(expires_in=60), RecordingGate())

    with pytest.raises(NotConnected):
        transport.request("GET", "/hello")
