"""Scripted faults happen to the requests they are meant for, as often as they should."""

from typing import Any

import pytest
import requests

from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client


def test_rate_limited(sim: Simulator, api: Client) -> None:
    sim.faults.add(Fault("rate_limited", retry_after=3))
    sim.faults.add(Fault("rate_limited"))
    first, second, third = (api.get("/hello") for _ in range(3))
    assert [first.status_code, second.status_code, third.status_code] == [429, 429, 200]
    assert first.headers["Retry-After"] == "3"
    assert "Retry-After" not in second.headers


def test_answers_without_work(sim: Simulator, api: Client, account: Account) -> None:
    before = len(account.companies)
    for kind, status in (("error_500", 500), ("unavailable_503_html", 503), ("redirect", 302), ("status", 418)):
        sim.faults.add(Fault(kind, status=418, location="https://elsewhere.example/"))  # type: ignore[arg-type]
        answer = api("POST", "/companies/", {"name": "A"})
        assert answer.status_code == status
    assert len(account.companies) == before


@pytest.mark.parametrize(("kind", "done"), [("drop_before", 0), ("drop_after", 1)])
def test_dropped_connections(sim: Simulator, api: Client, account: Account, kind: Any, done: int) -> None:
    before = len(account.companies)
    sim.faults.add(Fault(kind, method="POST"))
    with pytest.raises(requests.ConnectionError):
        api("POST", "/companies/", {"name": "A"})
    assert len(account.companies) == before + done
    assert sim.requests[-1].status == 0
    assert api.get("/hello").status_code == 200


def test_slow(sim: Simulator, api: Client) -> None:
    sim.faults.add(Fault("slow", seconds=0.2))
    assert api.get("/hello").elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize("kind", ["malformed_json", "empty_body", "html_200"])
def test_answers_that_are_not_json(sim: Simulator, api: Client, kind: Any) -> None:
    sim.faults.add(Fault(kind))
    answer = api.get("/companies/")
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_fields(sim: Simulator, api: Client) -> None:
    sim.faults.add(Fault("missing_field", name="id", item=1))
    items = api.get("/companies/").json()
    assert ["id" in item for item in items[:3]] == [True, False, True]
    sim.faults.add(Fault("null_field", name="people.email"))
    people = [person for item in api.get("/companies/").json() for person in item["people"]]
    assert {person["email"] for person in people} == {None}
    sim.faults.add(Fault("null_field", name="summary"))
    assert "summary" not in api.get("/companies/1001/").json()
    sim.faults.add(Fault("unknown_field", name="summary", value=[1]))
    assert api.get("/companies/1001/").json()["summary"] == [1]


def test_which_requests(sim: Simulator, api: Client) -> None:
    sim.faults.add(Fault("error_500", method="get", path=r"/companies/\d+", account="bouw", times=2, after=1))
    sim.faults.add(Fault("error_500", account="other", times=None))
    statuses = [
        api.get(path).status_code
        for path in (
            "/companies/",
            "/companies/1001/",
            "/hello",
            "/companies/1001/",
            "/companies/1002",
            "/companies/1001",
        )
    ]
    assert statuses == [200, 200, 200, 500, 500, 200]
    assert len(sim.faults.waiting) == 1
    sim.faults.clear()
    assert sim.faults.waiting == []


def test_oauth_can_fail_too(sim: Simulator) -> None:
    sim.faults.add(Fault("unavailable_503_html", path="/oauth2/token"))
    url = f"{sim.oauth_url.format(account='bouw')}/token"
    assert requests.post(url, timeout=10).status_code == 503


def test_unknown_kind() -> None:
    with pytest.raises(ValueError, match="boom"):
        Fault("boom")  # type: ignore[arg-type]


def test_the_log_tells_what_was_asked(sim: Simulator, api: Client) -> None:
    api("POST", "/companies/?x=1", {"name": "A"})
    (request,) = sim.requests
    assert (request.account, request.method, request.path, request.status) == ("bouw", "POST", "/companies/", 400)
    assert (request.query, request.body) == ({"x": "1"}, {"name": "A"})
    assert request.headers["Authorization"].startswith("Bearer ")
    sim.log.clear()
    assert sim.requests == []
