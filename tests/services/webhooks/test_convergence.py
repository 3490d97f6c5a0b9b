"""Events shuffled, doubled, late and lost, and workers that die: the mirror ends up equal to Offorte."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pytest_django import Settings

from catalog.models import Product, ProductDirectory
from contacts.models import Company, Person
from offorte_portal.api.client import Client
from offorte_portal.models import Connection, Drain, SyncRun, WebhookEvent
from offorte_portal.services import sync
from offorte_portal.services.webhooks import address, applying, draining
from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.simulator.webhooks import Delivery
from proposals.models import Proposal
from tests.services.sync import comparison
from tests.services.webhooks.posting import drain

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = Size(companies=6, people=8, directories=2, products=5, proposals=5)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
STATUSES = st.sampled_from(["edit", "open", "won", "lost", "closed"])
# Offorte's clock is a day behind in these tests, so that changes can be seconds apart without anybody waiting.
BEHIND = timedelta(days=1)
MIRRORED = (Company, Person, Product, ProductDirectory, Proposal)


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


class Machine(RuleBasedStateMachine):
    """People change things at Offorte; its events come as they like, and workers die over them."""

    @initialize(vintage=st.sampled_from(["2018", "live"]))
    def connect(self, vintage: Any) -> None:
        Connection.objects.all().delete()
        address._known.clear()
        start = timezone.now() - BEHIND
        self.simulator = Simulator({"bouw": SIZE}, requests_per_minute=None, vintage=vintage, start=start)
        self.simulator.start()
        self.simulator.webhooks.pause()
        self.settings_fixture.OFFORTE_API_URL = self.simulator.api_url
        self.account = self.simulator.account("bouw")
        self.account.create_webhook("http://127.0.0.1:9/")
        token = self.account.issue_token()
        self.connection = Connection.objects.create(
            account="bouw", client_id="id", client_secret="hush", access_token=token["access_token"], state="connected"
        )
        self.path = f"/webhooks/offorte/{address.ensure(self.connection).token}/"
        self.delivered: list[bytes] = []
        self.lost: set[tuple[str, int]] = set()
        self.told: set[int] = set()
        self.count = 0
        self.sync()
        for model in MIRRORED:
            model._default_manager.update(as_of=start)
        self.simulator.clock.advance(3)

    settings_fixture: Settings

    def sync(self) -> None:
        run = sync.request(self.connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False)
        SyncRun.objects.filter(pk=run.pk).update(allows_mass_removal=True)
        assert sync.sync_now(run).state == SyncRun.State.DONE

    def pick(self, things: dict[int, Any], data: st.DataObject) -> int | None:
        return data.draw(st.sampled_from(sorted(things))) if things else None

    def pass_time(self) -> None:
        """Longer than Offorte takes changes for one."""
        self.simulator.clock.advance(3)

    @rule(name=NAMES)
    def create(self, name: str) -> None:
        company = self.account.create_company(name=name)["id"]
        person = self.account.create_person(company, fullname=name, email="a@example.com")["id"]
        directory = self.account.create_directory(name=name)["id"]
        product = self.account.create_product(directory, name=name, price=Decimal("12.50"), sku="a")["id"]
        self.told.add(product)
        self.account.create_proposal(company, name=name, contacts=[person])
        self.pass_time()

    @rule(name=NAMES, data=st.data())
    def change(self, name: str, data: st.DataObject) -> None:
        # What a company is called stands in its proposals, too, of which Offorte then says nothing.
        with_proposals = {proposal["company_id"] for proposal in self.account.proposals.values()}
        companies = {id: one for id, one in self.account.companies.items() if id not in with_proposals}
        if (company := self.pick(companies, data)) is not None:
            self.account.update_company(company, name=name, city=name)
        if (person := self.pick(self.account.people, data)) is not None:
            self.account.update_person(person, fullname=name)
        if (directory := self.pick(self.account.directories, data)) is not None:
            self.account.update_directory(directory, name=name)
        if (product := self.pick(self.account.products, data)) is not None:
            self.count += 1
            fields: dict[str, Any] = {"price": Decimal(self.count), "sku": f"{name}{self.count}"}
            if data.draw(st.booleans()):
                fields["name"] = f"{name}{self.count}"
            if directory is not None and data.draw(st.booleans()):
                fields["directory_id"] = directory
            self.account.update_product(product, **fields)
            self.told.add(product)
        self.pass_time()

    @rule(name=NAMES, status=STATUSES, data=st.data())
    def work_on_a_proposal(self, name: str, status: str, data: st.DataObject) -> None:
        proposal = self.pick(self.account.proposals, data)
        if proposal is None:
            return
        self.count += 1
        row = PriceRow("price", name, price=Decimal(self.count))
        fields: dict[str, Any] = data.draw(
            st.sampled_from(
                [
                    {"name": f"{name}{self.count}"},
                    {"status": status},
                    {"pricetables": [PriceTable("pricetable1", [row])]},
                    {"price_total": self.count},
                ]
            )
        )
        self.account.update_proposal(proposal, **fields)
        self.pass_time()

    @rule(text=NAMES, data=st.data())
    def be_a_prospect(self, text: str, data: st.DataObject) -> None:
        proposal = self.pick(self.account.proposals, data)
        if proposal is None:
            return
        self.account.send_proposal(proposal, message=text)
        self.pass_time()
        if self.account.proposals[proposal]["viewed_at"] is None:
            self.account.view_proposal(proposal, "Chuck Norris")
        self.pass_time()
        self.account.comment(proposal, "Chuck Norris", text)
        self.pass_time()
        if data.draw(st.booleans()):
            self.account.accept(proposal, "Chuck Norris")
        self.pass_time()

    @rule(data=st.data(), kind=st.sampled_from(["company", "person", "product", "proposal", "directory"]))
    def delete(self, data: st.DataObject, kind: str) -> None:
        full = {product["directory_id"] for product in self.account.products.values()}
        empty = {id: one for id, one in self.account.directories.items() if id not in full}
        kinds: dict[str, tuple[dict[int, Any], Callable[[int], Any]]] = {
            "company": (self.account.companies, self.account.delete_company),
            "person": (self.account.people, self.account.delete_person),
            "product": (self.account.products, self.account.delete_product),
            "proposal": (self.account.proposals, self.account.delete_proposal),
            "directory": (empty, self.account.delete_directory),
        }
        things, delete = kinds[kind]
        if (chosen := self.pick(things, data)) is not None:
            delete(chosen)
        self.pass_time()

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

    may_lose = False

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
            for delivery in reversed(self.simulator.webhooks.pending):
                self.post(delivery)
            drain(self.connection)
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
        "price": comparison.money(product["price"]) if is_told else None,
        "sku": product["sku"] if is_told else None,
    }


@pytest.mark.parametrize("may_lose", [False, True])
def test_the_mirror_converges(settings: Settings, monkeypatch: pytest.MonkeyPatch, may_lose: bool) -> None:
    monkeypatch.setattr(comparison, "expect_product", expect_product)
    monkeypatch.setattr(Machine, "may_lose", may_lose)
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    Machine.settings_fixture = settings
    run_state_machine_as_test(Machine, settings=EXAMPLES)


EXAMPLES = hypothesis_settings(
    max_examples=10,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failure is shown as it is found: shrinking takes minutes
)
