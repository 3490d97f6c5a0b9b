"""Each error status of the reference has its occasion, with JSON that explains it."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client

ITEMS = [
    ("company", "/companies/{}/"),
    ("person", "/companies/1001/people/{}/"),
    ("proposal", "/proposals/{}/details/"),
    ("directory", "/products/{}/"),
    ("webhook", "/webhooks/{}/"),
]
WRONG_METHODS = [
    ("DELETE", "/companies/"), ("PUT", "/companies/1001/"), ("POST", "/companies/1001/"), ("POST", "/hello"),
    ("DELETE", "/companies/1001/people/"), ("GET", "/product/1001/"), ("PATCH", "/products/1001/"),
    ("GET", "/products/directories/1001/"), ("POST", "/proposals/open"), ("GET", "/proposals/"),
    ("PATCH", "/proposals/1001/"), ("POST", "/proposals/1001/details/"), ("GET", "/proposals/1001/send/"),
    ("DELETE", "/webhooks/"), ("POST", "/settings/vat-groups/"), ("OPTIONS", "/companies/"),
]  # fmt: skip


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer", "Bearer wrong"])
def test_401_without_a_good_token(sim: Simulator, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = requests.get(f"{sim.api_url.format(account='bouw')}/companies/", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


def test_401_after_thirty_days(sim: Simulator, api: Client) -> None:
    sim.clock.advance(30 * 24 * 3600 - 60)
    assert api.get("/hello").status_code == 200
    sim.clock.advance(61)
    assert "expired" in api.get("/hello").json()["message"]


def test_401_after_revocation(api: Client, account: Account) -> None:
    account.revoke_tokens()
    assert "revoked" in api.get("/hello").json()["message"]


def test_401_with_the_token_of_another_account() -> None:
    with Simulator({"bouw": Size(), "media": Size()}) as sim:
        token = sim.account("media").issue_token()["access_token"]
        url = f"{sim.api_url.format(account='bouw')}/hello"
        answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert answer.status_code == 401


def test_403_for_what_is_hidden(api: Client, account: Account) -> None:
    account.hide("company", 1001)
    assert api.get("/companies/1001/").status_code == 403
    assert api("PATCH", "/companies/1001/", {"city": "x"}).status_code == 403
    assert 1001 not in [item["id"] for item in api.get("/companies/").json()]
    account.unhide("company", 1001)
    assert api.get("/companies/1001/").status_code == 200


@pytest.mark.parametrize(("kind", "path"), ITEMS)
def test_404_for_what_never_was(api: Client, kind: str, path: str) -> None:
    answer = api.get(path.format(999999))
    assert (answer.status_code, answer.json()["error"]) == (404, "Not Found")


@pytest.mark.parametrize("path", ["/nothing/", "/companies/abc/", "/proposals/sent", "/companies//", "/"])
def test_404_for_other_paths(api: Client, path: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_404_for_an_unknown_account(sim: Simulator, api: Client) -> None:
    url = f"{sim.api_url.format(account='other')}/hello"
    assert api.session.get(url, timeout=10).status_code == 404


@pytest.mark.parametrize(("method", "path"), WRONG_METHODS)
def test_405_for_wrong_methods(api: Client, method: str, path: str) -> None:
    answer = api(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"]


def test_410_or_404_for_what_was_removed(sim: Simulator, api: Client, account: Account) -> None:
    account.delete_company(1001)
    assert api.get("/companies/1001/").status_code == 410
    sim.switches.removed_status = 404
    assert api.get("/companies/1001/").status_code == 404


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_400_for_another_content_type(api: Client, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = api("POST", "/companies/", data=b'{"name": "A"}', headers=headers)
    assert answer.status_code == 400
    assert "Content-Type" in answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null"])
def test_400_for_a_body_that_is_no_object(api: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert api("POST", "/companies/", data=body, headers=headers).status_code == 400


def test_429_beyond_thirty_a_minute() -> None:
    with Simulator({"bouw": Size()}) as sim:
        api = Client(sim)
        statuses = [api.get("/hello").status_code for _ in range(32)]
        refused = api.get("/hello")
        sim.switches.has_retry_after = False
        bare = api.get("/hello")
        api.session.close()
        assert [request.status for request in sim.requests] == [*statuses, 429, 429]
    assert statuses == [200] * 30 + [429] * 2
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Retry-After" not in bare.headers


def test_connections_stay_open(api: Client) -> None:
    host = urlsplit(api.base)
    connection = HTTPConnection(host.hostname or "", host.port)
    connection.connect()
    opened = connection.sock
    headers = {"Authorization": str(api.session.headers["Authorization"]), "Content-Type": "application/json"}
    for method, path in (("POST", "/companies/"), ("GET", "/hello"), ("DELETE", "/companies/1001/"), ("GET", "/x")):
        connection.request(method, host.path + path, b'{"name": "A"}', headers)
        connection.getresponse().read()
        assert connection.sock is opened
    connection.close()
