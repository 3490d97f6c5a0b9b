"""The handshake: pages that a person goes through, and token endpoints with standard errors."""

import base64
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client

CALLBACK = "http://127.0.0.1:9/callback"


class Visitor:
    """Goes through the pages as a person does."""

    def __init__(self, sim: Simulator) -> None:
        self.base = sim.oauth_url.format(account="bouw")
        self.session = requests.Session()
        self.query = {
            "client_id": "bouw-client",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "state": "a&b",
        }

    def open(self) -> requests.Response:
        return self.session.get(f"{self.base}/authorize", params=self.query, timeout=10, allow_redirects=False)

    def submit(self, **form: str) -> requests.Response:
        url = f"{self.base}/authorize"
        return self.session.post(url, params=self.query, data=form, timeout=10, allow_redirects=False)

    def sign_in(self) -> None:
        assert self.submit(action="login", email="sanne@bouw.example", password="demo").status_code == 303

    def decide(self, action: str) -> dict[str, list[str]]:
        session = re.search(r'name="session" value="([^"]+)"', self.open().text)
        assert session
        answer = self.submit(action=action, session=session[1])
        assert answer.headers["Location"].startswith(CALLBACK)
        return parse_qs(urlsplit(answer.headers["Location"]).query)

    def get_code(self) -> str:
        self.sign_in()
        return self.decide("approve")["code"][0]

    def exchange(self, code: str, /, **changes: str) -> requests.Response:
        form = {
            "client_id": "bouw-client",
            "client_secret": "bouw-secret",
            "redirect_uri": CALLBACK,
            "code": code,
            "grant_type": "authorization_code",
        }
        return self.session.post(f"{self.base}/token", data={**form, **changes}, timeout=10)

    def refresh(self, token: str, /, **changes: str) -> requests.Response:
        form = {
            "client_id": "bouw-client",
            "client_secret": "bouw-secret",
            "refresh_token": token,
            "grant_type": "refresh_token",
        }
        return self.session.post(f"{self.base}/refresh-token", data={**form, **changes}, timeout=10)


@pytest.fixture
def visitor(sim: Simulator) -> Iterator[Visitor]:
    visitor = Visitor(sim)
    yield visitor
    visitor.session.close()


def test_from_sign_in_to_hello(sim: Simulator, visitor: Visitor) -> None:
    assert 'type="password"' in visitor.open().text
    visitor.sign_in()
    assert 'value="approve"' in visitor.open().text
    answer = visitor.decide("approve")
    assert answer["state"] == ["a&b"]
    token = visitor.exchange(answer["code"][0])
    assert token.headers["Cache-Control"] == "no-store"
    assert token.json().keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert token.json()["expires_in"] == 30 * 24 * 3600
    headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
    hello = requests.get(f"{sim.api_url.format(account='bouw')}/hello", headers=headers, timeout=10)
    assert hello.status_code == 200


def test_wrong_password(visitor: Visitor) -> None:
    answer = visitor.submit(action="login", email="sanne@bouw.example", password="x")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_denied(visitor: Visitor) -> None:
    visitor.sign_in()
    answer = visitor.decide("deny")
    assert answer["error"] == ["access_denied"]
    assert answer["state"] == ["a&b"]
    assert "code" not in answer


def test_consent_needs_the_page(visitor: Visitor) -> None:
    visitor.sign_in()
    assert visitor.submit(action="approve", session="guessed").status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"client_id": "x"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": "javascript:alert(1)"}],
)
def test_an_untrusted_application_gets_no_answer(visitor: Visitor, change: dict[str, str]) -> None:
    visitor.query |= change
    answer = visitor.open()
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_registered_redirect_uris_only(visitor: Visitor, account: Account) -> None:
    account.redirect_uris = ["https://portal.example/callback"]
    assert visitor.open().status_code == 400
    visitor.query["redirect_uri"] = "https://portal.example/callback"
    assert visitor.open().status_code == 200


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_bad_requests_go_back(visitor: Visitor, change: dict[str, str], error: str) -> None:
    visitor.query |= change
    location = visitor.open().headers["Location"]
    assert parse_qs(urlsplit(location).query)["error"] == [error]


def test_unknown_account(sim: Simulator) -> None:
    base = sim.oauth_url.format(account="other")
    assert requests.get(f"{base}/authorize", timeout=10).status_code == 404
    assert requests.post(f"{base}/token", timeout=10).status_code == 404


def test_state_is_not_echoed_by_switch(sim: Simulator, visitor: Visitor) -> None:
    sim.switches.echoes_state = False
    visitor.sign_in()
    assert visitor.decide("approve").keys() == {"code"}


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"client_secret": "x"}, "invalid_client", 401),
        ({"client_id": "x"}, "invalid_client", 401),
        ({"client_secret": ""}, "invalid_client", 401),
        ({"redirect_uri": "http://127.0.0.1:9/other"}, "invalid_grant", 400),
        ({"code": "x"}, "invalid_grant", 400),
        ({"code": ""}, "invalid_request", 400),
        ({"grant_type": ""}, "invalid_request", 400),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", 400),
        ({"code_verifier": "x"}, "invalid_grant", 400),
    ],
)
def test_token_errors(visitor: Visitor, changes: dict[str, str], error: str, status: int) -> None:
    answer = visitor.exchange(visitor.get_code(), **changes)
    assert (answer.json()["error"], answer.status_code) == (error, status)


def test_a_code_expires(sim: Simulator, visitor: Visitor) -> None:
    code = visitor.get_code()
    sim.clock.advance(601)
    assert visitor.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_used_twice_ends_its_tokens(sim: Simulator, visitor: Visitor, account: Account) -> None:
    code = visitor.get_code()
    token = visitor.exchange(code).json()
    assert visitor.exchange(code).json()["error"] == "invalid_grant"
    assert account.tokens.state_of(token["access_token"])


@pytest.mark.parametrize(("method", "verifier"), [("S256", "v" * 43), ("plain", "v" * 43)])
def test_pkce(visitor: Visitor, method: str, verifier: str) -> None:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    visitor.query |= {"code_challenge": digest if method == "S256" else verifier, "code_challenge_method": method}
    code = visitor.get_code()
    assert visitor.exchange(code).json()["error"] == "invalid_grant"
    assert visitor.exchange(code, code_verifier="w" * 43).json()["error"] == "invalid_grant"
    assert "access_token" in visitor.exchange(code, code_verifier=verifier).json()


def test_refresh_rotates(visitor: Visitor, account: Account) -> None:
    first = account.issue_token()
    second = visitor.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert account.tokens.state_of(first["access_token"])
    assert not account.tokens.state_of(second["access_token"])


def test_reuse_of_a_refresh_token_kills_the_family(visitor: Visitor, account: Account) -> None:
    first = account.issue_token()
    second = visitor.refresh(first["refresh_token"]).json()
    assert visitor.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert account.tokens.state_of(second["access_token"])
    assert visitor.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_without_rotation_no_new_refresh_token_comes(sim: Simulator, visitor: Visitor, account: Account) -> None:
    sim.switches.rotates_refresh_tokens = False
    sim.switches.refresh_ends_access_token = False
    sim.switches.tells_token_lifetime = False
    first = account.issue_token()
    assert visitor.refresh(first["refresh_token"]).json().keys() == {"access_token", "token_type"}
    assert visitor.refresh(first["refresh_token"]).status_code == 200
    assert not account.tokens.state_of(first["access_token"])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "x"}, "invalid_client"),
        ({"refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
    ],
)
def test_refresh_errors(visitor: Visitor, account: Account, changes: dict[str, str], error: str) -> None:
    assert visitor.refresh(account.issue_token()["refresh_token"], **changes).json()["error"] == error


def test_every_secret_is_known_to_tests(api: Client, visitor: Visitor, account: Account) -> None:
    code = visitor.get_code()
    token = visitor.exchange(code).json()
    assert {code, token["access_token"], token["refresh_token"]} < set(account.tokens.issued())
