"""Another process can do over HTTP what a test does with the object."""

from typing import Any

import pytest
import requests

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client


@pytest.fixture
def base(sim: Simulator) -> str:
    return f"{sim.url}/_control"


def get(url: str) -> Any:
    return requests.get(url, timeout=10).json()


def post(url: str, **body: Any) -> requests.Response:
    return requests.post(url, json=body, timeout=10)


def test_it_explains_itself(base: str) -> None:
    assert "POST mutate" in get(f"{base}/")


def test_time(sim: Simulator, base: str) -> None:
    before = get(f"{base}/time/")
    assert post(f"{base}/time/", advance=1000).json() >= before + 1000
    assert sim.clock.time() >= before + 1000


def test_faults(api: Client, base: str) -> None:
    assert post(f"{base}/faults/", kind="error_500", path="/hello").status_code == 200
    assert get(f"{base}/faults/")[0]["kind"] == "error_500"
    assert api.get("/hello").status_code == 500
    post(f"{base}/faults/", kind="error_500")
    requests.delete(f"{base}/faults/", timeout=10)
    assert api.get("/hello").status_code == 200


def test_requests(api: Client, base: str) -> None:
    api.get("/hello")
    assert [(item["method"], item["path"], item["status"]) for item in get(f"{base}/requests/")] == [
        ("GET", "/hello", 200)
    ]
    requests.delete(f"{base}/requests/", timeout=10)
    assert get(f"{base}/requests/") == []


def test_state(account: Account, base: str) -> None:
    assert get(f"{base}/state/")["bouw"]["companies"] == len(account.companies)
    assert get(f"{base}/state/bouw/details/") == [account.render_proposal_details(id) for id in account.proposals]
    for kind in ("companies", "people", "directories", "products", "proposals", "webhooks"):
        assert len(get(f"{base}/state/bouw/{kind}/")) == get(f"{base}/state/")["bouw"][kind]


def test_mutate(account: Account, base: str) -> None:
    answer = post(f"{base}/mutate/", account="bouw", action="update_company", arguments={"id": 1001, "city": "Goes"})
    assert answer.json()["city"] == "Goes"
    assert account.companies[1001]["city"] == "Goes"
    token = post(f"{base}/mutate/", account="bouw", action="issue_token").json()["access_token"]
    assert account.tokens.state_of(token) == ""


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("mutate", {"account": "bouw", "action": "__class__"}),
        ("mutate", {"account": "x", "action": "hide"}),
        ("mutate", {"account": "bouw", "action": "update_company", "arguments": {"id": 1001, "colour": "red"}}),
        ("mutate", {"account": "bouw", "action": "hide", "arguments": {"x": 1}}),
        ("faults", {"kind": "boom"}),
        ("switches", {"boom": 1}),
        ("webhooks", {"action": "boom"}),
    ],
)
def test_nonsense_is_refused(base: str, path: str, body: dict[str, Any]) -> None:
    assert post(f"{base}/{path}/", **body).status_code == 400


def test_a_form_of_another_site_is_refused(base: str) -> None:
    assert requests.post(f"{base}/reset/", data={"x": "1"}, timeout=10).status_code == 415


def test_switches(sim: Simulator, base: str) -> None:
    assert post(f"{base}/switches/", vintage="live").json()["vintage"] == "live"
    assert sim.switches.vintage == "live"
    assert get(f"{base}/switches/")["vintage"] == "live"


def test_webhooks_and_mails(account: Account, base: str) -> None:
    post(f"{base}/webhooks/", action="pause")
    account.create_webhook("http://127.0.0.1:1/")
    account.update_company(1001, city="Goes")
    assert get(f"{base}/webhooks/")["pending"][0]["payload"]["type"] == "company_updated"
    assert post(f"{base}/webhooks/", action="flush").json() == 1
    assert get(f"{base}/webhooks/")["attempts"][0]["status"] == 0
    assert get(f"{base}/mails/") == []


def test_reset(sim: Simulator, api: Client, base: str) -> None:
    sim.account("bouw").client_secret = "kept"
    before = sim.account("bouw").render_company(1001)
    sim.account("bouw").delete_company(1001)
    assert post(f"{base}/reset/").status_code == 200
    assert sim.account("bouw").render_company(1001) == before
    assert sim.account("bouw").client_secret == "kept"
    assert api.get("/hello").status_code == 401
