"""Webhooks are managed as documented."""

from typing import Any

import pytest

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import EVENTS
from tests.simulator.client import Client

WEBHOOK = {
    "payload_url": "https://example.com/incoming",
    "payload_content_type": "json",
    "active": True,
    "events": ["company_created"],
}


def test_create_read_update_delete(api: Client) -> None:
    id = api("POST", "/webhooks/", WEBHOOK).json()["id"]
    shown = api.get(f"/webhooks/{id}/").json()
    assert shown.keys() == WEBHOOK.keys() | {"id", "date_created", "date_modified", "date_failed"}
    assert shown.items() >= WEBHOOK.items()
    assert shown["date_failed"] is None
    assert api.get("/webhooks/").json() == [shown]
    changed = api("PATCH", f"/webhooks/{id}/", {"active": "false", "events": ["all"]}).json()
    assert (changed["active"], changed["events"]) == (False, ["all"])
    assert api("DELETE", f"/webhooks/{id}/").status_code == 204
    assert api.get(f"/webhooks/{id}/").status_code == 410


def test_all_events_by_default(api: Client, account: Account) -> None:
    id = api("POST", "/webhooks/", {"payload_url": "http://127.0.0.1:9/x"}).json()["id"]
    assert account.webhooks[id]["events"] == ["all"]


def test_every_documented_event_is_known(api: Client) -> None:
    assert len(EVENTS) == 20
    assert api("POST", "/webhooks/", WEBHOOK | {"events": list(EVENTS)}).status_code == 201


def test_ten_at_most(api: Client) -> None:
    statuses = [api("POST", "/webhooks/", WEBHOOK).status_code for _ in range(11)]
    assert statuses == [201] * 10 + [400]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"payload_url": "http://example.com/"}, "payload_url"),
        ({"payload_url": "example.com"}, "payload_url"),
        ({"payload_url": "https://[broken"}, "payload_url"),
        ({"payload_url": None}, "payload_url"),
        ({"events": ["company_renamed"]}, "events"),
        ({"events": []}, "events"),
        ({"events": "all"}, "events"),
        ({"active": 1}, "active"),
        ({"payload_content_type": "form"}, "payload_content_type"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_bad_webhook_is_refused(api: Client, body: dict[str, Any], field: str) -> None:
    answer = api("POST", "/webhooks/", WEBHOOK | body)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {field}
