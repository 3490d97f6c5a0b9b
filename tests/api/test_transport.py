"""Every way in which a request can go wrong, against a real server."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import requests
from requests_oauthlib import OAuth2Session

from offorte_portal.api import transport as transport_module
from offorte_portal.api.errors import (
    AuthenticationFailed,
    Gone,
    Hidden,
    MalformedAnswer,
    NotConnected,
    NotFound,
    OfforteError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TimedOut,
    Unavailable,
)
from offorte_portal.api.transport import Answer, Transport
from offorte_portal.simulator import Fault, Simulator
from tests.api.conftest import RecordingGate, World

NEW_COMPANY = {"name": "Nieuw"}


@pytest.fixture(autouse=True)
def quick_retries() -> None:
    """Pause as long as in earnest: nothing sleeps here."""


def get(world: World) -> Answer:
    return world.transport.request("GET", "/companies")


def post(world: World) -> Answer:
    return world.transport.request("POST", "/companies/", json=NEW_COMPANY)


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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


# Repeating


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_500"),
        Fault("status", status=502),
        Fault("unavailable_503_html"),
        Fault("status", status=504),
        Fault("drop_before"),
        Fault("drop_after"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_read_is_repeated_twice(world: World, fault: Fault) -> None:
    fault.times = 2
    world.simulator.faults.add(fault)

    assert get(world).status == 200

    assert world.sent == ["GET /companies"] * 3
    assert world.gate.acquired == 3
    assert len(world.slept) == 2
    assert all(0.5 <= pause <= 2.25 for pause in world.slept)
    assert all(first < second for first, second in pairwise(world.slept))


@pytest.mark.parametrize("kind", ["error_500", "drop_before", "drop_after"])
def test_a_read_is_given_up_in_the_end(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind, times=None))  # type: ignore[arg-type]

    with pytest.raises(Unavailable) as caught:
        get(world)

    assert caught.value.requested_at is not None
    assert caught.value.status == (500 if kind == "error_500" else None)
    assert len(world.sent) == 3


def test_the_moment_is_that_of_the_last_attempt(world: World) -> None:
    world.simulator.faults.add(Fault("error_500"))

    answer = get(world)

    first, second = world.simulator.requests
    assert first.at < answer.requested_at.timestamp() <= second.at


@pytest.mark.parametrize("status", [501, 505, 507])
def test_other_server_errors_are_not_repeated(world: World, status: int) -> None:
    world.simulator.faults.add(Fault("status", status=status))

    with pytest.raises(Unavailable):
        get(world)

    assert len(world.sent) == 1


def test_a_slow_read_is_not_repeated(world: World) -> None:
    world.simulator.faults.add(Fault("slow", seconds=2))

    with pytest.raises(TimedOut) as caught:
        get(world)

    assert caught.value.can_retry
    assert world.gate.acquired == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_500"),
        Fault("status", status=502),
        Fault("status", status=504),
        Fault("drop_before"),
        Fault("drop_after"),
        Fault("slow", seconds=2),
        Fault("malformed_json"),
        Fault("html_200"),
        Fault("redirect"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_write_that_may_have_arrived_is_neither_repeated_nor_failed(world: World, fault: Fault) -> None:
    world.simulator.faults.add(fault)

    with pytest.raises(OutcomeUnknown) as caught:
        post(world)

    assert not caught.value.can_retry
    assert caught.value.requested_at is not None
    assert caught.value.__suppress_context__
    assert world.gate.acquired == 1
    assert world.slept == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_changes_and_deletions_are_writes(world: World, method: str) -> None:
    world.simulator.faults.add(Fault("drop_after"))

    with pytest.raises(OutcomeUnknown):
        world.transport.request(method, f"/companies/{min(world.account.companies)}/", json=NEW_COMPANY)

    assert len(world.sent) == 1


def test_maintenance_did_nothing_and_a_write_may_go_out_later(world: World) -> None:
    world.simulator.faults.add(Fault("unavailable_503_html"))

    with pytest.raises(Unavailable) as caught:
        post(world)

    assert (caught.value.status, caught.value.is_undone, caught.value.can_retry) == (503, True, True)
    assert len(world.sent) == 1


def test_a_write_that_is_said_to_be_safe_is_repeated(world: World) -> None:
    world.simulator.faults.add(Fault("drop_after"))
    path = f"/companies/{min(world.account.companies)}/"

    world.transport.request("PATCH", path, json=NEW_COMPANY, is_safe_to_repeat=True)

    assert world.sent == [f"PATCH {path}"] * 2


def test_a_read_that_is_said_to_be_unsafe_is_not_repeated(world: World) -> None:
    world.simulator.faults.add(Fault("drop_after"))

    with pytest.raises(OutcomeUnknown):
        world.transport.request("GET", "/companies", is_safe_to_repeat=False)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_certainly_not_sent_is_repeated(method: str) -> None:
    gate, slept = RecordingGate(), list[float]()
    transport = Transport(f"http://127.0.0.1:{closed_port()}", requests.Session(), gate, sleep=slept.append)

    with pytest.raises(Unavailable) as caught:
        transport.request(method, "/companies")

    assert caught.value.is_undone
    assert caught.value.message == "Offorte can't be reached at the moment."
    assert gate.acquired == 3
    assert len(slept) == 2


# Limits


@pytest.mark.parametrize("call", [get, post])
@pytest.mark.parametrize("retry_after", [None, 3])
def test_too_many_requests_pause_the_account(
    world: World, call: Callable[[World], Answer], retry_after: float | None
) -> None:
    world.simulator.faults.add(Fault("rate_limited", retry_after=retry_after))

    with pytest.raises(RateLimited) as caught:
        call(world)

    assert caught.value.retry_after == retry_after
    assert world.gate.pauses == [retry_after]
    assert len(world.sent) == 1


class ClosedGate(RecordingGate):
    def acquire(self) -> None:
        raise RateLimited(retry_after=9)


def test_a_closed_gate_lets_nothing_through(world: World) -> None:
    gate = ClosedGate()
    transport = Transport(world.simulator.api_url.format(account="bouw"), world.session, gate)

    with pytest.raises(RateLimited) as caught:
        transport.request("GET", "/companies")

    assert caught.value.retry_after == 9
    assert world.sent == []
    assert gate.pauses == []


def test_an_endless_answer_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MAX_ANSWER_BYTES", 100)

    with pytest.raises(MalformedAnswer, match="too long"):
        get(world)
    with pytest.raises(OutcomeUnknown):
        world.transport.request("PATCH", f"/companies/{min(world.account.companies)}/", json=NEW_COMPANY)


# Answers


@pytest.mark.parametrize("kind", ["malformed_json", "html_200"])
def test_an_answer_that_is_no_json_is_malformed(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind))  # type: ignore[arg-type]

    with pytest.raises(MalformedAnswer):
        get(world)

    assert len(world.sent) == 1


@pytest.mark.parametrize("kind", ["malformed_json", "html_200", "empty_body"])
def test_where_no_body_is_needed_the_status_counts(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind))  # type: ignore[arg-type]

    answer = world.transport.request("POST", "/companies/", json=NEW_COMPANY, needs_body=False)

    assert (answer.status, answer.data) == (201 if kind != "html_200" else 200, None)


@pytest.mark.parametrize("location", ["/elsewhere/", "https://example.com/"])
def test_redirects_are_not_followed(world: World, location: str) -> None:
    world.simulator.faults.add(Fault("redirect", location=location))

    with pytest.raises(MalformedAnswer, match="another address"):
        world.transport.request("GET", "/companies", needs_body=False)

    assert len(world.simulator.requests) == 1


def test_a_refusal_carries_offortes_reasons(world: World) -> None:
    with pytest.raises(Rejected) as caught:
        world.transport.request("POST", "/companies/", json={"nickname": "x"})

    assert "nickname" in caught.value.field_errors
    assert caught.value.detail
    assert len(world.sent) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(403, Hidden), (404, NotFound), (410, Gone), (405, Rejected), (422, Rejected)]
)
@pytest.mark.parametrize("call", [get, post])
def test_statuses_are_errors_by_meaning(
    world: World, status: int, kind: type[OfforteError], call: Callable[[World], Answer]
) -> None:
    world.simulator.faults.add(Fault("status", status=status))

    with pytest.raises(kind) as caught:
        call(world)

    assert type(caught.value) is kind
    assert caught.value.requested_at is not None


# Tokens


def test_a_refused_token_is_an_error(world: World) -> None:
    world.account.revoke_tokens()

    with pytest.raises(AuthenticationFailed):
        get(world)

    assert len(world.sent) == 1


@pytest.mark.parametrize("call", [get, post])
def test_a_new_token_is_asked_for_and_the_request_sent_again(
    simulator: Simulator, call: Callable[[World], Answer]
) -> None:

    def renew() -> bool:
        world.bearer.token = world.account.issue_token()["access_token"]
        return True

    world = World(simulator, on_unauthorized=renew)
    world.account.revoke_tokens()

    assert call(world).status in {200, 201}

    assert [request.status for request in simulator.requests][:-1] == [401]
    assert world.gate.acquired == 2
    world.transport.close()


def test_a_new_token_is_asked_for_once(simulator: Simulator) -> None:
    asked: list[bool] = []

    def pretend_to_renew() -> bool:
        asked.append(True)
        return True

    world = World(simulator, on_unauthorized=pretend_to_renew)
    world.account.revoke_tokens()

    with pytest.raises(AuthenticationFailed):
        get(world)

    assert len(asked) == 1
    assert len(world.sent) == 2
    world.transport.close()


def oauth_session(*, expires_in: int) -> OAuth2Session:
    return OAuth2Session(token={"access_token": "t", "token_type": "Bearer", "expires_in": expires_in})


def test_a_token_known_to_be_expired_is_asked_for_too() -> None:
    asked: list[bool] = []

    def refuse() -> bool:
        asked.append(True)
        return False

    transport = Transport(
        "https://127.0.0.1:9",
        oauth_session(expires_in=-5),
        RecordingGate(),
        on_unauthorized=refuse,
    )

    with pytest.raises(AuthenticationFailed):
        transport.request("GET", "/hello")

    assert asked == [True]


def test_a_session_that_refuses_the_address_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    transport = Transport("http://127.0.0.1:9", oauth_session(expires_in=60), RecordingGate())

    with pytest.raises(NotConnected):
        transport.request("GET", "/hello")


def test_a_bearer_stays_with_its_session(world: World) -> None:
    for session in (oauth_session(expires_in=60), requests.Session()):
        with pytest.raises(AuthenticationFailed):
            Transport(world.simulator.api_url.format(account="bouw"), session, RecordingGate()).request("GET", "/hello")

    sent = [request.headers.get("Authorization") for request in world.simulator.requests]
    assert sent == ["Bearer t", None]


@pytest.mark.parametrize("base_url", ["offorte", "ftp://offorte", "http://", f"http://{'x' * 70}.example"])
def test_a_bad_address_is_no_connection(base_url: str) -> None:
    transport = Transport(base_url, requests.Session(), RecordingGate())

    with pytest.raises(NotConnected, match="address"):
        transport.request("GET", "/hello")


def test_a_token_that_can_not_be_sent_is_not_shown(world: World) -> None:
    world.bearer.token = "secret-token\nX-Other: 1"

    with pytest.raises(NotConnected) as caught:
        get(world)

    assert "secret" not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_neither_questions_nor_tokens_are_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "offorte_portal")
    world.bearer.token = "secret-token"
    world.simulator.faults.add(Fault("drop_before"))

    with pytest.raises(AuthenticationFailed):
        world.transport.request("GET", "/companies", params={"query": "secret-customer"})

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("offorte_portal.api")]
    assert ours == ["GET /companies: ConnectionError"]
