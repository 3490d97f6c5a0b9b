"""Tokens: asked for anew once, sent with their own session only, and never shown."""

from collections.abc import Callable

import pytest
import requests

from offorte_portal.api.errors import AuthenticationFailed, NotConnected
from offorte_portal.api.transport import Answer, Transport
from offorte_portal.simulator import Fault, Simulator
from tests.api.conftest import RecordingGate, World
from tests.api.transport.calls import get, oauth_session, post


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


def test_a_bearer_stays_with_its_session(world: World) -> None:
    for session in (oauth_session(expires_in=60), requests.Session()):
        with pytest.raises(AuthenticationFailed):
            Transport(world.simulator.api_url.format(account="bouw"), session, RecordingGate()).request("GET", "/hello")

    sent = [request.headers.get("Authorization") for request in world.simulator.requests]
    assert sent == ["Bearer t", None]


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
