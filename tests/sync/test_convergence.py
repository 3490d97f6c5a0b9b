"""Whatever happens at Offorte and on the way, when all is quiet one sync leaves the mirror equal to it."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, assume
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pytest_django import Settings

from offorte_portal.api.client import Client
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import omissions
from offorte_portal.mirror.models import OmittedKey
from offorte_portal.runs import tries
from offorte_portal.simulator import Fault, Simulator, Size
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.reading import reader
from proposals.mirror import DETAILS
from proposals.models import Proposal
from tests.support.length import usual_or_long
from tests.sync.comparison import assert_mirrored, is_noticed

WORLDS = usual_or_long(6, 1000)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
    pytest.mark.timeout(180 + WORLDS * 10),
]

SIZE = Size(companies=54, people=30, directories=3, products=20, proposals=16)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
FAULTS = ["error_500", "unavailable_503_html", "drop_before", "drop_after", "malformed_json", "html_200", "empty_body"]
OMISSIONS = ["missing_field", "null_field", "renamed_field"]
PATHS = [".*", "/companies.*", "/proposals/.*", "/proposals/.*/details/", "/products/.*", "/settings/.*"]


class Killed(BaseException):
    """Stands for kill -9: nothing that the code does may catch it and go on."""


class DyingClient(Client):
    """A client whose process dies before its nth request."""

    left = 10**6

    def fetch_page(self, *args: Any, **options: Any) -> Any:
        self.count_down()
        return super().fetch_page(*args, **options)

    def _get(self, path: str) -> Any:
        self.count_down()
        return super()._get(path)

    def count_down(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


class Machine(RuleBasedStateMachine):
    """People change things at Offorte while syncs run, meet faults and die."""

    settings_fixture: Settings

    @initialize(vintage=st.sampled_from(["2018", "live"]), past_the_end=st.sampled_from(["empty", "repeat"]))
    def connect(self, vintage: Any, past_the_end: Any) -> None:
        Connection.objects.all().delete()
        self.simulator = Simulator({"bouw": SIZE}, requests_per_minute=None, vintage=vintage, past_the_end=past_the_end)
        self.simulator.start()
        self.settings_fixture.OFFORTE_API_URL = self.simulator.api_url
        self.account = self.simulator.account("bouw")
        token = self.account.issue_token()
        self.connection = Connection.objects.create(
            account="bouw", client_id="id", client_secret="hush", access_token=token["access_token"], state="connected"
        )

    def pick(self, things: dict[int, Any], data: st.DataObject) -> int | None:
        return data.draw(st.sampled_from(sorted(things))) if things else None

    @rule(name=NAMES, data=st.data())
    def create(self, name: str, data: st.DataObject) -> None:
        company = self.account.create_company(name=name)["id"]
        self.account.create_person(company, fullname=name, email="a@example.com")
        directory = self.account.create_directory(name=name)["id"]
        self.account.create_product(directory, name=name)
        self.account.create_proposal(company, name=name)

    @rule(name=NAMES, data=st.data())
    def rename(self, name: str, data: st.DataObject) -> None:
        changes: list[tuple[dict[int, Any], Callable[..., Any]]] = [
            (self.account.companies, self.account.update_company),
            (self.account.people, self.account.update_person),
            (self.account.products, self.account.update_product),
            (self.account.proposals, self.account.update_proposal),
        ]
        for things, update in changes:
            if (chosen := self.pick(things, data)) is not None:
                update(chosen, **{"fullname" if things is self.account.people else "name": name})

    @rule(status=st.sampled_from(["edit", "open", "won", "lost", "closed"]), data=st.data())
    def move(self, status: str, data: st.DataObject) -> None:
        if (proposal := self.pick(self.account.proposals, data)) is not None:
            self.account.update_proposal(proposal, status=status)
        product, directory = self.pick(self.account.products, data), self.pick(self.account.directories, data)
        if product is not None and directory is not None:
            self.account.update_product(product, directory_id=directory)

    @rule(data=st.data(), kind=st.sampled_from(["company", "person", "product", "proposal", "template"]))
    def delete(self, data: st.DataObject, kind: str) -> None:
        kinds: dict[str, tuple[dict[int, Any], Callable[[int], Any]]] = {
            "company": (self.account.companies, self.account.delete_company),
            "person": (self.account.people, self.account.delete_person),
            "product": (self.account.products, self.account.delete_product),
            "proposal": (self.account.proposals, self.account.delete_proposal),
            "template": (self.account.email_templates, self.account.email_templates.pop),
        }
        things, delete = kinds[kind]
        if (chosen := self.pick(things, data)) is not None:
            delete(chosen)

    @rule(data=st.data())
    def hide_and_show(self, data: st.DataObject) -> None:
        for _, hidden in list(self.account.hidden):
            self.account.unhide("proposal", hidden)
        if (proposal := self.pick(self.account.proposals, data)) is not None:
            self.account.hide("proposal", proposal)

    @rule(kind=st.sampled_from(FAULTS), path=st.sampled_from(PATHS), times=st.integers(1, 4), after=st.integers(0, 9))
    def break_something(self, kind: Any, path: str, times: int, after: int) -> None:
        self.simulator.faults.add(Fault(kind, method="GET", path=path, times=times, after=after))

    @rule(name=st.sampled_from(["id", "name", "people", "company_id", "comments"]), kind=st.sampled_from(OMISSIONS))
    def spoil_a_field(self, name: str, kind: Any) -> None:
        self.simulator.faults.add(Fault(kind, method="GET", name=name))

    @rule(key=st.sampled_from(sorted(DETAILS)), kind=st.sampled_from(OMISSIONS), times=st.sampled_from([1, 3, 30]))
    def omit_a_detail(self, key: str, kind: Any, times: int) -> None:
        assume(is_noticed(key, kind, vintage=self.simulator.switches.vintage))
        self.simulator.faults.add(Fault(kind, method="GET", path="/proposals/.*/details/", name=key, times=times))

    @rule(requests=st.integers(0, 40))
    def sync_until_killed(self, requests: int) -> None:
        run = self.start()
        try:
            while work.advance(run.pk, make_client=lambda connection: self.client(connection, requests), seconds=30):
                time.sleep(0.02)
        except Killed:
            # As if the two minutes of the lease had gone by.
            SyncRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1), retry_at=None)

    def client(self, connection: Connection, requests: int) -> Client:
        client = DyingClient(work.background_client(connection).transport)
        client.left = requests
        return client

    def start(self) -> SyncRun:
        return sync_run.request(self.connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False)

    def teardown(self) -> None:
        if not hasattr(self, "simulator"):
            return
        try:
            self.simulator.faults.clear()
            self.finish(self.start())
            self.read_what_had_vanished()
            final = self.start()
            SyncRun.objects.filter(pk=final.pk).update(allows_mass_removal=True)
            self.finish(final)
            final.refresh_from_db()
            assert (final.state, final.reason) == (SyncRun.State.DONE, None)
            assert_mirrored(self.account, self.connection)
        finally:
            self.simulator.stop()

    def read_what_had_vanished(self) -> None:
        """When a key was missing from all answers, some answer has to hold it again: as old details are read again."""
        if OmittedKey.objects.filter(answers__gte=omissions.MOST_IN_A_ROW).exists():
            Proposal.objects.update(details_as_of=timezone.now() - timedelta(days=30))
            reader.read(self.connection.pk)

    def finish(self, run: SyncRun) -> None:
        while run.is_active:
            work.advance(run.pk, seconds=30)
            time.sleep(0.02)
            run.refresh_from_db()


def test_the_mirror_converges(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(omissions, "PAUSES", (timedelta(0),))
    monkeypatch.setattr(tries, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(tries, "LONGEST_PAUSE", 0.02)
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    Machine.settings_fixture = settings
    run_state_machine_as_test(Machine, settings=EXAMPLES)


EXAMPLES = hypothesis_settings(
    max_examples=WORLDS, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
