"""Who is named for what happens to a proposal, by the feed and by the timeline: twenty-odd kinds, over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.activity.models import Activity, Notification
from offorte_portal.adminkit.timeline import Event, read_timeline
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.switches import Switches
from offorte_portal.sync.refreshing import refresh
from offorte_portal.writes import asking, performing, undoing
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import link, make_account_user, make_proposal, make_staff
from tests.writes.factories import make_job

pytestmark = pytest.mark.django_db

NAMES = ("firstname", "lastname", "email")
PROSPECT = "Chuck de Vries"
SELLER, MANAGER = "Sanne Jansen", "Pieter Kok"


@dataclass
class World:
    """An account at Offorte with one open proposal, its seller and their manager."""

    simulator: Simulator
    connection: Connection
    proposal: Proposal
    seller: User
    manager: User
    operations: list[Operation] = field(default_factory=list)

    @property
    def account(self) -> Account:
        return self.simulator.account("bouw")

    @property
    def id(self) -> int:
        return self.proposal.remote_id

    @property
    def switches(self) -> Switches:
        return self.account.switches

    @property
    def owner(self) -> str:
        """The proposal's Offorte user, whom Offorte names."""
        return self.account.user_name(self.account.proposals[self.id]["account_user_id"])

    @property
    def colleague(self) -> int:
        """Another Offorte user, who works in Offorte itself."""
        return next(user for user in self.account.users if self.account.user_name(user) != self.owner)

    def change(self, by: User, job: Job | None = None, **draft: Any) -> Operation:
        """Let somebody change the proposal in the portal."""
        self.proposal.refresh_from_db()
        before = {"status": self.proposal.status} if "status" in draft else {}
        asked = asking.request(
            connection=self.connection, verb="change", target="proposals", draft=draft, by=by, remote_id=self.id,
            before=before, job=job,
        )  # fmt: skip
        return performing.perform(asked)

    def send(self, by: User) -> Operation:
        draft = {"send_message": "Hallo"}
        return performing.perform(
            asking.request(
                connection=self.connection, verb="send", target="proposals", draft=draft, by=by, remote_id=self.id
            )
        )

    def read(self) -> None:
        refresh(self.proposal)

    def feed(self, kind: str) -> list[str]:
        """Whom the feed names for this kind, oldest first."""
        found = Activity.objects.filter(proposal=self.proposal, kind=kind).order_by("happened_at", "pk")
        return list(found.values_list("person", flat=True))

    def timeline(self, words: str) -> list[str]:
        """Whom the timeline names for what has these words, newest first."""
        return [event.who for event in self.events() if words in event.what]

    def events(self) -> list[Event]:
        return read_timeline(Proposal.objects.get(pk=self.proposal.pk))


@pytest.fixture
def world(simulator: Simulator, connect: Callable[..., Connection]) -> World:
    account, connection = simulator.account("bouw"), connect()
    account.switches.log_names, account.switches.vintage = "connected", "live"
    company = account.create_company(name="De Vries Bouw")["id"]
    person = account.create_person(company_id=company, firstname="Chuck", lastname="de Vries", email="chuck@vries.nl")
    remote = account.create_proposal(company, contacts=[person["id"]], status="open", name="Dakkapel")
    seller = make_staff("sanne", first_name="Sanne", last_name="Jansen")
    for user in account.users.values():
        known = make_account_user(connection, remote_id=user["id"], **{name: user[name] for name in NAMES})
        if user["id"] == remote["account_user_id"]:
            link(seller, account_user=known)
    manager = make_staff("pieter", first_name="Pieter", last_name="Kok")
    proposal = make_proposal(connection, remote_id=remote["id"], as_of=remote["created_at"])
    made = World(simulator, connection, proposal, seller, manager)
    made.read()
    return made


def undo(world: World) -> None:
    lost = world.change(world.manager, status="lost")
    world.read()
    lost.refresh_from_db()
    performing.perform(undoing.undo(lost, world.seller))


def undo_owner(world: World) -> None:
    owner = world.account.proposals[world.id]["account_user_id"]
    world.proposal.refresh_from_db()
    asked = asking.request(
        connection=world.connection, verb="change", target="proposals", draft={"account_user_id": world.colleague},
        before={"account_user_id": owner}, by=world.manager, remote_id=world.id,
    )  # fmt: skip
    given = performing.perform(asked)
    world.read()
    given.refresh_from_db()
    performing.perform(undoing.undo(given, world.seller))


def lose_by_job(world: World) -> None:
    world.change(world.manager, make_job(world.manager), status="lost")


def log(action: str, side: Any = "user") -> Callable[[World], None]:
    return lambda world: world.account.add_log_entry(world.id, action, author=side, person=PROSPECT)


def by_hand(status: str) -> Callable[[World], Any]:
    return lambda world: world.account.update_proposal(world.id, by=world.colleague, status=status)


COLLEAGUE = "the colleague"
# What happens, what the feed calls it ("" if it leaves it out), what the timeline says, and who is named.
CASES: dict[str, tuple[Callable[[World], Any], str, str, str]] = {
    "created in Offorte": (lambda world: None, "created", "created", "the owner"),
    "sent here": (lambda world: world.send(world.manager), "sent", "sent", MANAGER),
    "sent in Offorte": (
        lambda world: world.account.send_proposal(world.id, message="Hoi", by=world.colleague),
        "sent", "sent", COLLEAGUE,
    ),
    "viewed": (lambda world: world.account.view_proposal(world.id, PROSPECT), "viewed", "viewed", PROSPECT),
    "PDF": (lambda world: world.account.view_proposal(world.id, PROSPECT, pdf=True), "pdf", "PDF", PROSPECT),
    "viewed by staff": (log("proposal: viewed"), "", "viewed", PROSPECT),
    "asked": (lambda world: world.account.comment(world.id, PROSPECT, "Hoe lang?"), "commented", "asked", PROSPECT),
    "answered": (lambda world: world.account.answer(world.id, "Een week"), "answered", "answered", "the owner"),
    "options": (log("proposal: changed options", "client"), "chose", "changed options", PROSPECT),
    "signed": (log("proposal: signed", "client"), "signed", "signed", PROSPECT),
    "won by signature": (lambda world: world.account.accept(world.id, PROSPECT), "won", "accepted", PROSPECT),
    "won here by the seller": (lambda world: world.change(world.seller, status="won"), "won", "as won", SELLER),
    "won here by a manager": (lambda world: world.change(world.manager, status="won"), "won", "as won", MANAGER),
    "won in Offorte": (by_hand("won"), "won", "as won", COLLEAGUE),
    "lost here": (lambda world: world.change(world.manager, status="lost"), "lost", "as lost", MANAGER),
    "lost here by a job": (lose_by_job, "lost", "as lost", MANAGER),
    "lost in Offorte": (by_hand("lost"), "lost", "as lost", COLLEAGUE),
    "closed here": (lambda world: world.change(world.seller, status="closed"), "closed", "closed", SELLER),
    "closed in Offorte": (by_hand("closed"), "closed", "closed", COLLEAGUE),
    "reopened by an undo": (undo, "reopened", "undid the decision", SELLER),
    "price changed here": (
        lambda world: world.change(world.manager, price_total="1200.00"), "price", "changed the price", MANAGER
    ),
    "owner changed here": (
        lambda world: world.change(world.manager, account_user_id=world.colleague),
        "owner", "the owner", MANAGER,
    ),
    "owner changed in Offorte": (log("proposal: owner changed"), "", "the owner", PROSPECT),
    "owner given back by an undo": (undo_owner, "owner", "undid the change of owner", SELLER),
    "renamed here": (lambda world: world.change(world.seller, name="Dakkapellen"), "", "changed the proposal", SELLER),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_is_named(world: World, case: str) -> None:
    happens, kind, words, who = CASES[case]
    names = {"the owner": world.owner, COLLEAGUE: world.account.user_name(world.colleague)}
    happens(world)
    world.read()
    expected = [names.get(who, who)]
    if kind:
        assert world.feed(kind) == expected
    else:
        assert not Activity.objects.filter(proposal=world.proposal, kind__in=["owner", "price"]).exists()
    assert world.timeline(words) == expected


def test_who_created_it_here_is_named(world: World) -> None:
    draft = {"name": "Serre", "company_id": world.account.proposals[world.id]["company_id"]}
    asked = asking.request(
        connection=world.connection, verb="create", target="proposals", draft=draft, by=world.manager
    )
    made = performing.perform(asked)
    world.proposal = Proposal.objects.get(remote_id=made.remote_id or 0)
    world.read()
    assert world.feed("created") == world.timeline("created") == [MANAGER]


@pytest.mark.parametrize("names", ["owner", "connected", "nobody"])
@pytest.mark.parametrize("words", ["plain", "capitals", "dutch", "vague"])
def test_whatever_words_and_names_offorte_has_for_it(world: World, names: Any, words: Any) -> None:
    world.switches.log_names, world.switches.log_words = names, words
    world.change(world.manager, status="lost")
    world.read()
    assert world.feed("lost") == world.timeline("as lost") == [MANAGER]
    assert world.timeline("changed the proposal") == []


@pytest.mark.parametrize("dates", ["happened", "told"])
def test_what_is_told_an_hour_late_is_told_once(world: World, dates: Any) -> None:
    world.switches.log_lag, world.switches.log_dates = 3600, dates
    world.change(world.manager, status="lost")
    world.read()
    assert world.feed("lost") == world.timeline("as lost") == [MANAGER]
    world.simulator.clock.advance(3601)
    world.read()
    assert world.feed("lost") == world.timeline("as lost") == [MANAGER]


def test_the_owner_is_told_and_whoever_did_it_is_not(world: World) -> None:
    world.change(world.seller, status="lost")
    world.read()
    assert not Notification.objects.exists()
    world.change(world.manager, status="won")
    world.read()
    assert [row.user for row in Notification.objects.all()] == [world.seller]
