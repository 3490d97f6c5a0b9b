"""From Offorte to the feed, by each way that the mirror hears of things: sync, refresh, events."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from offorte_portal.activity.models import Activity, ActivityState, Notification
from offorte_portal.connections.models import Connection
from offorte_portal.desk import stats
from offorte_portal.desk.models import ProposalStats
from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.rendering.numbers import stamped
from offorte_portal.simulator.webhooks import Delivery
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.refreshing import refresh
from offorte_portal.webhooks import draining, storing
from proposals.models import Comment, LogEntry, Proposal, SentEmail
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db(transaction=True)

MakeSeller = Callable[..., User]


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Simulator]:
    """Offorte as it is today: it tells who owns a proposal."""
    size = Size(companies=6, people=12, directories=2, products=5, proposals=9)
    with Simulator(accounts={"bouw": size}, requests_per_minute=None, vintage="live") as sim:
        settings.OFFORTE_API_URL = sim.api_url
        settings.OFFORTE_OAUTH_URL = sim.oauth_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        yield sim


@pytest.fixture
def account(simulator: Simulator) -> Account:
    simulator.webhooks.pause()
    remote = simulator.account("bouw")
    remote.create_webhook("http://127.0.0.1:9/")
    return remote


@pytest.fixture
def synced(account: Account, connect: Callable[..., Connection]) -> Connection:
    """The account, all of it read once."""
    connection = connect()
    run_sync(connection)
    return connection


@pytest.fixture
def proposal(synced: Connection) -> Proposal:
    """An open proposal that somebody has received."""
    found = Proposal.objects.filter(status="open", receivers__isnull=False).first()
    assert found is not None
    return found


@pytest.fixture
def owner(proposal: Proposal, make_seller: MakeSeller) -> User:
    return make_seller(owner=proposal.owner)


def run_sync(connection: Connection) -> None:
    run = sync_run.request(connection, trigger=SyncRun.Trigger.SCHEDULE, is_queued=False)
    assert work.sync_now(run).state == SyncRun.State.DONE


def person_of(proposal: Proposal) -> str:
    receiver = proposal.receivers.first()
    assert receiver is not None
    return receiver.fullname


def deliver(simulator: Simulator, connection: Connection) -> list[Delivery]:
    """Bring what waits to the portal's inbox and let the worker take it up, without waiting for bunches."""
    deliveries = simulator.webhooks.pending
    for delivery in deliveries:
        simulator.webhooks.drop(delivery)
        post(connection, delivery)
    draining.drain(connection.pk, settle=0)
    return deliveries


def post(connection: Connection, delivery: Delivery) -> None:
    storing.store(connection.pk, json.dumps(delivery.payload).encode())


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user).select_related("activity").order_by("id")
    return [row.activity.kind if row.activity else str(row.count) for row in rows]


def test_a_first_sync_fills_the_feed_and_tells_nobody(account: Account, synced: Connection) -> None:
    assert ActivityState.objects.count() == len(account.proposals)
    kinds = set(Activity.objects.values_list("kind", flat=True))
    assert {"created", "sent", "viewed"} <= kinds
    comments = sum(len(one["comments"]) for one in account.proposals.values())
    assert Activity.objects.filter(kind__in=["commented", "answered"]).count() == comments
    won = sum(one["status"] == "won" for one in account.proposals.values())
    assert Activity.objects.filter(kind="won").count() == won
    assert not Activity.objects.filter(person="").exists()
    assert not Notification.objects.exists()


def test_a_later_sync_brings_what_nobody_told_of(
    account: Account, synced: Connection, proposal: Proposal, owner: User
) -> None:
    before = Activity.objects.count()
    account.comment(proposal.remote_id, person_of(proposal), "Hoe lang duurt het?")
    account.update_proposal(proposal.remote_id, name="Anders")  # the list does not show comments
    run_sync(synced)
    assert told(owner) == ["commented"]
    run_sync(synced)
    assert (Activity.objects.count(), told(owner)) == (before + 1, ["commented"])


def test_opening_a_proposal_brings_its_news(account: Account, proposal: Proposal, owner: User) -> None:
    account.view_proposal(proposal.remote_id, person_of(proposal))
    account.accept(proposal.remote_id, person_of(proposal))
    refresh(proposal)
    refresh(proposal)
    assert told(owner)[-1] == "won"
    assert told(owner).count("won") == 1


@pytest.mark.parametrize("order", ["event, sync", "sync, event"])
def test_a_signing_is_told_of_once_and_dates_the_decision(
    simulator: Simulator, account: Account, synced: Connection, proposal: Proposal, owner: User, order: str
) -> None:
    person = person_of(proposal)
    account.log(account.proposals[proposal.remote_id], "proposal: signed", "client", person)
    account.accept(proposal.remote_id, person)
    for step in order.split(", "):
        deliver(simulator, synced) if step == "event" else run_sync(synced)
    (entry,) = proposal.activities.filter(kind__in=["signed", "won"])
    assert (entry.kind, entry.person, told(owner)) == ("signed", person, ["signed"])
    stats.refresh([proposal.pk])
    decided_at = ProposalStats.objects.get(proposal=proposal).decided_at
    assert decided_at
    assert abs(decided_at - entry.happened_at) < timedelta(minutes=1)


@pytest.mark.parametrize("order", ["event, sync", "sync, event", "event, event, refresh"])
def test_no_happening_is_told_of_twice(
    simulator: Simulator, account: Account, synced: Connection, proposal: Proposal, owner: User, order: str
) -> None:
    person = person_of(proposal)
    before = Activity.objects.filter(proposal=proposal).count()
    account.comment(proposal.remote_id, person, "Hoe lang duurt het?")
    account.accept(proposal.remote_id, person)
    account.update_proposal(proposal.remote_id, name="Anders")
    deliveries = simulator.webhooks.pending
    assert {one.event.type for one in deliveries} >= {"proposal_comment_received", "proposal_won"}
    for step in order.split(", "):
        if step == "sync":
            run_sync(synced)
        elif step == "refresh":
            refresh(Proposal.objects.get(pk=proposal.pk))
        else:
            for delivery in deliveries:
                post(synced, delivery)
            draining.drain(synced.pk, settle=0)
    assert sorted(told(owner)) == ["commented", "won"]
    assert Activity.objects.filter(proposal=proposal).count() == before + 2


def test_every_kind_of_event_comes_to_the_feed(
    simulator: Simulator, account: Account, synced: Connection, proposal: Proposal
) -> None:
    other = account.create_proposal(next(iter(account.companies)), name="Nieuw", contacts=list(account.people)[:1])
    account.send_proposal(other["id"], message="Zie bijlage")
    account.view_proposal(other["id"], "Iemand Anders")
    account.update_proposal(other["id"], status="lost")
    account.update_proposal(proposal.remote_id, status="closed")
    deliver(simulator, synced)
    made = Proposal.objects.get(remote_id=other["id"])
    kinds = set(made.activities.values_list("kind", flat=True))
    assert kinds >= {"created", "viewed", "lost"}
    assert proposal.activities.filter(kind="closed").count() == 1
    assert made.activities.filter(kind="viewed").get().person == "Iemand Anders"


def test_the_confirmation_completes_events_without_details(
    account: Account, synced: Connection, proposal: Proposal, owner: User
) -> None:
    account.comment(proposal.remote_id, person_of(proposal), "Hoe lang duurt het?")
    body = {"type": "proposal_comment_received", "date_created": stamped(timezone.now())}
    storing.store(synced.pk, json.dumps(body | {"data": {"id": proposal.remote_id}}).encode())
    draining.drain(synced.pk, settle=0)
    (question,) = Activity.objects.filter(proposal=proposal, happened_at__gte=timezone.now() - timedelta(minutes=3))
    assert (question.text, question.person) == ("Hoe lang duurt het?", person_of(proposal))
    assert told(owner) == ["commented"]


def test_a_rebuild_makes_the_same_entries(synced: Connection) -> None:
    everything = set(Activity.objects.values_list("proposal", "key"))
    Activity.objects.all().delete()
    ActivityState.objects.all().delete()
    bring_up_to_date()
    assert set(Activity.objects.values_list("proposal", "key")) == everything
    assert all(model.objects.exists() for model in (LogEntry, Comment, SentEmail))
