"""People who change things at Offorte, of which it tells by webhooks, at random."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from pytest_django import Settings

from catalog.models import Product, ProductDirectory
from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks import address
from proposals.models import Proposal

SIZE = Size(companies=6, people=8, directories=2, products=5, proposals=5)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
STATUSES = st.sampled_from(["edit", "open", "won", "lost", "closed"])
# Offorte's clock is a day behind in these tests, so that changes can be seconds apart without anybody waiting.
BEHIND = timedelta(days=1)
MIRRORED = (Company, Person, Product, ProductDirectory, Proposal)


class Changes(RuleBasedStateMachine):
    """People and prospects at work in an account that is connected and mirrored."""

    settings_fixture: Settings

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

    def sync(self) -> None:
        run = sync_run.request(self.connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False)
        SyncRun.objects.filter(pk=run.pk).update(allows_mass_removal=True)
        assert work.sync_now(run).state == SyncRun.State.DONE

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
