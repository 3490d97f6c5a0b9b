"""Events reach the webhooks: batched, retried with growing pauses, and given up after ten failures."""

from collections.abc import Iterator

import pytest

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import EVENTS
from offorte_portal.simulator.webhooks import post
from tests.simulator.client import Client
from tests.simulator.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook(sim: Simulator, account: Account, receiver: Receiver) -> int:
    """A webhook for all events, whose deliveries wait for the test."""
    sim.webhooks.pause()
    id: int = account.create_webhook(receiver.url)["id"]
    return id


def test_payload(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    account.update_company(1001, city="Breda")
    assert sim.webhooks.flush() == 1
    (body,) = receiver.bodies
    assert body.keys() == {"type", "date_created", "data"}
    assert body["type"] == "company_updated"
    assert len(body["date_created"]) == 19
    assert body["data"] == account.render_company(1001)


def test_every_event_has_its_change(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    company = account.create_company(name="A")["id"]
    account.update_company(company, name="B")
    person = account.create_person(company, fullname="Chuck Norris", email="chuck@example.com")["id"]
    account.update_person(person, phone="1")
    for ending in ("won", "lost"):
        proposal = account.create_proposal(company, name="P", contacts=[person])["id"]
        account.send_proposal(proposal, message="x")
        account.view_proposal(proposal, person)
        account.comment(proposal, person, "?")
        if ending == "won":
            account.accept(proposal, person)
        else:
            account.update_proposal(proposal, status="closed")
        account.delete_proposal(proposal)
    account.delete_company(company)
    directory = account.create_directory(name="D")["id"]
    account.update_directory(directory, name="E")
    product = account.create_product(directory, name="P")["id"]
    account.update_product(product, price=1)
    account.delete_product(product)
    account.delete_directory(directory)
    sim.webhooks.flush()
    assert set(receiver.types) == set(EVENTS)


def test_the_api_emits_too(sim: Simulator, api: Client, receiver: Receiver, webhook: int) -> None:
    api("POST", "/companies/", {"name": "A"})
    api("PATCH", "/companies/1001/", {"city": "X"})
    api("PATCH", "/companies/1001/", {"city": "X"})
    sim.webhooks.flush()
    assert receiver.types == ["company_created", "company_updated"]


def test_duplicates_in_a_batch_become_one(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    account.update_company(1001, city="A")
    account.update_company(1001, city="B")
    account.update_company(1002, city="C")
    sim.clock.advance(3)
    account.update_company(1001, city="D")
    sim.webhooks.flush()
    assert [body["data"]["city"] for body in receiver.bodies] == ["B", "C", "D"]


def test_only_what_is_subscribed(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    account.update_webhook(webhook, events=["company_deleted"])
    account.update_company(1001, city="A")
    account.delete_company(1001)
    sim.webhooks.flush()
    account.update_webhook(webhook, active=False)
    account.delete_company(1002)
    assert sim.webhooks.flush() == 0
    assert receiver.types == ["company_deleted"]


def test_viewed_again_only_after_fourteen_days(
    sim: Simulator, account: Account, receiver: Receiver, webhook: int
) -> None:
    account.update_webhook(webhook, events=["proposal_viewed"])
    proposal = account.create_proposal(1001, name="P")["id"]
    for days in (0, 13, 14, 1):
        sim.clock.advance(days * 24 * 3600)
        account.view_proposal(proposal, "Chuck Norris")
    sim.webhooks.flush()
    assert len(receiver.bodies) == 2
    assert account.render_proposal_details(proposal)["logs"]["summary"]["views"] == 4


def test_it_delivers_by_itself(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    account.update_company(1001, city="A")
    sim.webhooks.resume()
    sim.clock.advance(2)
    assert receiver.wait_for(1)


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_pauses_grow_and_the_tenth_failure_is_the_last(
    sim: Simulator, account: Account, receiver: Receiver, webhook: int, status: int
) -> None:
    receiver.status = status
    account.update_company(1001, city="A")
    account.update_company(1002, city="A")
    first = sim.webhooks.pending[0]
    pauses = []
    for _ in range(9):
        sim.webhooks.deliver(first)
        pauses.append(round(first.due_at - sim.clock.time()))
    assert pauses == [10 * 2**n for n in range(9)]
    assert account.webhooks[webhook]["active"] is True
    sim.webhooks.deliver(first)
    shown = account.render_webhook(webhook)
    assert shown["active"] is False
    assert shown["date_failed"]
    assert sim.webhooks.pending == []
    assert len(receiver.bodies) == 10
    account.update_webhook(webhook, active=True)
    assert account.render_webhook(webhook)["date_failed"] is None


def test_retries_follow_the_clock(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    receiver.status = 500
    account.update_company(1001, city="A")
    sim.webhooks.flush()
    receiver.status = 200
    sim.webhooks.resume()
    sim.clock.advance(10)
    assert receiver.wait_for(2)


def test_tests_may_double_shuffle_and_drop(sim: Simulator, account: Account, receiver: Receiver, webhook: int) -> None:
    for id in (1001, 1002, 1003):
        account.update_company(id, city="A")
    first, second, third = sim.webhooks.pending
    sim.webhooks.drop(second)
    for delivery in (third, first, third):
        assert sim.webhooks.deliver(delivery) == 204
    assert [body["data"]["id"] for body in receiver.bodies] == [1003, 1001, 1003]
    assert sim.webhooks.pending == []
    assert [attempt.is_delivered for attempt in sim.webhooks.attempts] == [True] * 3


def test_nobody_answers(sim: Simulator, account: Account) -> None:
    sim.webhooks.pause()
    account.create_webhook("http://127.0.0.1:1/")
    account.update_company(1001, city="A")
    assert sim.webhooks.deliver(sim.webhooks.pending[0]) == 0


def test_other_hosts_are_never_contacted() -> None:
    assert post("https://example.com/", {}) == 0
