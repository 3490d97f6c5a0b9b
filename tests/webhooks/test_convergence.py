"""Events shuffled, doubled, late and lost, and workers that die: the mirror ends up equal to Offorte."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from pytest_django import Settings

from catalog.models import Product
from offorte_portal.api.client import Client
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.mirror import omissions
from offorte_portal.simulator import Fault
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.webhooks import Delivery
from offorte_portal.sync.reading import reader, sources
from offorte_portal.webhooks import applying, draining
from offorte_portal.webhooks.models import WebhookEvent
from proposals.mirror import DETAILS
from tests.support.length import usual_or_long
from tests.sync import comparison
from tests.sync.values import money
from tests.webhooks.changes import Changes
from tests.webhooks.posting import drain

WORLDS = usual_or_long(5, 500)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
    pytest.mark.timeout(180 + WORLDS * 10),
]


class Killed(BaseException):
    """Stands for kill -9: nothing that the code does may catch it and go on."""


class DyingClient(Client):
    """A client whose process dies before its nth request."""

    left = 0

    def _get(self, path: str) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Killed
        return super()._get(path)


class Machine(Changes):
    """People change things at Offorte; its events come as they like, and workers die over them."""

    may_lose = False

    @rule(data=st.data(), share=st.sampled_from([0.3, 1.0]))
    def deliver(self, data: st.DataObject, share: float) -> None:
        """Some of what waits, in any order."""
        pending = data.draw(st.permutations(self.simulator.webhooks.pending))
        for delivery in pending[: round(len(pending) * share)]:
            self.post(delivery)

    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        if self.delivered:
            self.post_body(data.draw(st.sampled_from(self.delivered)))

    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        pending = self.simulator.webhooks.pending
        if self.may_lose and pending:
            delivery = data.draw(st.sampled_from(pending))
            self.lost.add(delivery.event.item)
            self.simulator.webhooks.drop(delivery)

    @rule(
        key=st.sampled_from(sorted(DETAILS)),
        kind=st.sampled_from(["missing_field", "null_field", "renamed_field"]),
        times=st.integers(1, 3),
    )
    def omit_a_detail(self, key: str, kind: Any, times: int) -> None:
        assume(comparison.is_noticed(key, kind, vintage=self.simulator.switches.vintage))
        self.simulator.faults.add(Fault(kind, method="GET", path="/proposals/.*/details/", name=key, times=times))

    def post(self, delivery: Delivery) -> None:
        body = json.dumps(delivery.payload).encode()
        self.simulator.webhooks.drop(delivery)
        self.delivered.append(body)
        self.post_body(body)

    def post_body(self, body: bytes) -> None:
        assert Browser().post(self.path, body, content_type="application/json").status_code == 200

    @rule(requests=st.integers(0, 4), events=st.integers(0, 8), is_after=st.booleans())
    def work_until_killed(self, requests: int, events: int, is_after: bool) -> None:
        left = events

        def apply(event: WebhookEvent) -> Any:
            nonlocal left
            left -= 1
            if left < 0 and not is_after:
                raise Killed
            told = real(event)
            if left < 0:
                raise Killed
            return told

        real, applying.apply = applying.apply, apply
        try:
            drain(self.connection, make_client=lambda connection: self.client(connection, requests))
        except Killed:
            # As if the two minutes of the lease had gone by.
            Drain.objects.update(lease="dead", lease_until=timezone.now() - timedelta(seconds=1))
        finally:
            applying.apply = real

    def client(self, connection: Connection, requests: int) -> Client:
        client = DyingClient(draining.background_client(connection).transport)
        client.left = requests
        return client

    @rule()
    def work(self) -> None:
        drain(self.connection)

    def teardown(self) -> None:
        if not hasattr(self, "simulator"):
            return
        try:
            self.simulator.faults.clear()
            for delivery in reversed(self.simulator.webhooks.pending):
                self.post(delivery)
            drain(self.connection)
            reader.read(self.connection.pk)
            assert set(WebhookEvent.objects.values_list("state", flat=True)) <= {"done"}
            if not self.lost:
                self.compare()
            self.sync()
            self.compare()
        finally:
            self.simulator.stop()

    def compare(self) -> None:
        """The mirror is what the simulator has; of products also what no list tells, where an event told it."""
        lost = {remote_id for kind, remote_id in self.lost if kind == "product"}
        comparison.assert_mirrored(TellingAccount(self.account, self.told, lost), self.connection)  # type: ignore[arg-type]


class TellingAccount:
    """The simulated account, which also expects the prices of products that events told of."""

    def __init__(self, account: Account, told: set[int], lost: set[int]) -> None:
        self.account, self.told_products, self.lost_products = account, told, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self.account, name)


def expect_product(account: Any, remote_id: int) -> dict[str, Any]:
    product = account.products[remote_id]
    is_told = remote_id in account.told_products
    if remote_id in account.lost_products:
        # What only a lost event told can't be known.
        known = Product.objects.values("price", "sku").get(remote_id=remote_id)
        return {"name": product["name"], "directory": product["directory_id"], **known}
    return {
        "name": product["name"],
        "directory": product["directory_id"],
        "price": money(product["price"]) if is_told else None,
        "sku": product["sku"] if is_told else None,
    }


@pytest.mark.parametrize("may_lose", [False, True])
def test_the_mirror_converges(settings: Settings, monkeypatch: pytest.MonkeyPatch, may_lose: bool) -> None:
    monkeypatch.setattr(comparison, "expect_product", expect_product)
    monkeypatch.setattr(Machine, "may_lose", may_lose)
    monkeypatch.setattr(omissions, "PAUSES", (timedelta(0),))
    # Only what an answer left out is read again here, nothing for its age.
    monkeypatch.setattr(sources, "AGES", {})
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    Machine.settings_fixture = settings
    run_state_machine_as_test(Machine, settings=EXAMPLES)


EXAMPLES = hypothesis_settings(
    max_examples=WORLDS,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failure is shown as it is found: shrinking takes minutes
)
