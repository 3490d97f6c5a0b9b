"""A proposal is its owner's alone: no address, former owner or namesake in another account opens it to anybody else."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection as database
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.compose.approval import may_decide
from offorte_portal.compose.models import Approval
from offorte_portal.desk import rules, thresholds
from offorte_portal.desk.calls.reading import count
from offorte_portal.desk.models import DeskSettings
from offorte_portal.jobs import planning, registry, starting
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.staff.access import may_act, own
from offorte_portal.staff.identity import find_staff, linked_users
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.models import FollowUp
from offorte_portal.writes import asking
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.journeys.test_urls import find_routes, read_tables
from tests.staff.conftest import make_member, sign_in
from tests.support.factories import link, make_account_user, make_connection, make_proposal
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]

ADDRESS, FORMER = "fatima@bouw.example", "former@bouw.example"
STRANGERS = ("same address", "former owner", "no address", "same address and id in another account")
# Reminders and views are one's own, whatever they are about; anybody may have a proposal read again.
OPEN_TO_ALL = ("/followups/add/", "/views/", "/sync/")


@dataclass
class World:
    """A proposal of Fatima's, with all that hangs on it, that tells her id, and an older one that tells an address."""

    fatima: User
    proposal: Proposal
    older: Proposal
    rows: dict[str, Model]


@pytest.fixture
def world() -> World:
    account = make_connection("bouw")
    fatima = make_member("fatima", "Seller", email="somewhere@else.example")
    owner = link(fatima, account, email=ADDRESS, remote_id=7)
    make_account_user(account, email=FORMER, remote_id=8, removed_at=timezone.now())
    seen = timezone.now() - timedelta(days=4)
    shared: dict[str, Any] = {"price_total": 900, "view_count": 0, "remote_created_at": seen, "details_as_of": seen}
    told = {"owner": owner, "owner_remote_id": owner.remote_id, "owner_email": FORMER}
    proposal = make_proposal(account, name="Van Fatima", **told, **shared)
    older = make_proposal(account, name="Ouder", owner_email=ADDRESS, **shared)
    bring_up_to_date()
    return World(fatima, proposal, older, fill(proposal, fatima))


def fill(proposal: Proposal, fatima: User) -> dict[str, Model]:
    """By the beginning of an address what it is about."""
    question = Activity.objects.create(
        connection=proposal.connection, proposal=proposal, kind="commented", key="q", owner_key=proposal.owner_key,
        happened_at=timezone.now(),
    )  # fmt: skip
    follow_up = FollowUp.objects.create(
        connection=proposal.connection, proposal=proposal, assigned_to=fatima, due_at=timezone.now()
    )
    approval = Approval.objects.create(proposal=proposal, requested_by=fatima, key=uuid.uuid4())
    job = starting.start(
        registry.find("proposals.mark_won"), selection=[proposal.pk], options={}, by=fatima, key=uuid.uuid4()
    )
    planning.plan(job.pk)
    operation = asking.request(
        connection=proposal.connection, verb=Operation.Verb.CHANGE, target="proposals",
        remote_id=proposal.remote_id, draft={"name": "x"}, before={"name": "y"}, by=fatima,
    )  # fmt: skip
    return {
        "/inbox/": question, "/activity/": question, "/followups/": follow_up, "/approvals/": approval,
        "/jobs/": job, "/writes/": operation, "/jobs/job/": job, "/writes/operation/": operation,
        "/board/": proposal, "/lost/": proposal, "/send/": proposal, "/proposals/proposal/": proposal,
    }  # fmt: skip


@pytest.fixture(params=STRANGERS)
def stranger(request: pytest.FixtureRequest, world: World) -> User:
    match request.param:
        case "same address":
            return make_member("eve", "Seller", email=ADDRESS.upper())
        case "former owner":
            eve = make_member("eve", "Seller", email=FORMER)
            link(eve, account_user=type(world.proposal.owner).objects.get(remote_id=8))  # type: ignore[union-attr]
            return eve
        case "no address":
            return make_member("eve", "Seller", email="")
    eve = make_member("eve", "Seller", email=ADDRESS)
    link(eve, make_connection("zuid"), email=ADDRESS, remote_id=7)
    return eve


def find_addresses(world: World) -> Iterator[str]:
    """Every address that takes one of these objects."""
    for template, names in find_routes(get_resolver()):
        row = next((row for start, row in world.rows.items() if template.startswith(start)), None)
        if len(names) == 1 and names[0] in {"pk", "object_id"} and row and not template.startswith(OPEN_TO_ALL):
            yield template % {names[0]: row.pk}


FORMS: list[dict[str, Any]] = [
    {"status": "won", "reason": "te duur", "next": "/board/"},
    {"confirm": "1", "confirmed": "1", "post": "yes", "decision": "approve", "verdict": "done", "name": "Gekaapt"},
    {"days": "1", "person": "", "undo": "1", "form_state": "x"},
]


def test_no_stranger_changes_anything_by_any_address(world: World, stranger: User) -> None:
    addresses = sorted(set(find_addresses(world)))
    assert len(addresses) > 30
    client = sign_in(stranger)
    before = read_tables()
    answers: dict[str, set[int]] = {}
    for address in addresses:
        for form in FORMS:
            answer = client.post(address, form | {"key": str(uuid.uuid4())})
            answers.setdefault(address, set()).add(answer.status_code)
    after = read_tables()
    assert {table for table in before if before[table] != after[table]} == set()
    assert {address: found for address, found in answers.items() if not found <= {200, 302, 403, 404, 405}} == {}
    for name in ("board_move", "proposal_lost", "send", "sent"):
        assert client.get(reverse(name, args=[world.proposal.pk])).status_code == 403
    assert client.get(f"/proposals/proposal/{world.proposal.pk}/edit/").status_code == 403


def test_no_stranger_begins_a_job(world: World, stranger: User) -> None:
    client, began = sign_in(stranger), Job.objects.count()
    rows = [world.proposal.pk, world.older.pk]
    for name in (name for name, action in ACTIONS.items() if action.model is Proposal):
        form = {"_selected_action": rows, "bulk": name, "confirm": "1", "key": str(uuid.uuid4()), "reason": "x"}
        client.post(reverse("job_new", args=[name]), form)
        client.post("/proposals/proposal/", form)
        with pytest.raises(PermissionDenied):
            starting.start(registry.find(name), selection=rows, options={"reason": "x"}, by=stranger, key=uuid.uuid4())
    assert Job.objects.count() == began


def mine(client: Client) -> dict[str, Any]:
    """What pages show as one's own."""
    board = client.get("/board/?mine=yes").context["columns"]
    home = client.get("/?who=mine").context
    report = client.get("/reports/?who=mine").context["sections"][0]
    return {
        "list": ListPage(client.get("/proposals/proposal/?mine=yes")).names,
        "attention": ListPage(client.get("/proposals/proposal/?mine=yes&attention=unseen")).names,
        "board": [card.proposal.name for column in board for card in column.cards],
        "cards that move": [card for column in board for card in column.cards if card.may_move],
        "inbox": client.get("/inbox/?who=mine").context["questions"],
        "activity": client.get("/activity/?of=mine").context["feed"].lines,
        "follow-ups": [row for group in client.get("/followups/?who=mine").context["groups"] for row in group.rows],
        "home": dict(client.get("/home/overview/?who=mine").context["cards"])["activity/_home_card.html"]["recent"],
        "calls": home["list"].rows,
        "report": [row.label for row in report["table"].rows if row.cells[0].text != "0"],
        "views": [tab.count for tab in client.get("/proposals/proposal/").context["tabs"] if "mine" in tab.url],
    }


def test_no_stranger_finds_them_among_their_own(world: World, stranger: User) -> None:
    found = mine(sign_in(stranger))
    assert found.pop("views") == ["0"]
    assert {name: rows for name, rows in found.items() if rows} == {}
    page = sign_in(stranger).get("/board/").context["columns"]
    assert not any(card.may_move for column in page for card in column.cards)


def test_the_owner_finds_all_of_it(world: World) -> None:
    found = mine(sign_in(world.fatima))
    assert found.pop("views") == ["2"]
    assert {name for name, rows in found.items() if not rows} == set()
    assert sorted(found["list"]) == sorted(found["board"]) == ["Ouder", "Van Fatima"]
    client = sign_in(world.fatima)
    for name in ("board_move", "proposal_lost"):
        assert client.get(reverse(name, args=[world.proposal.pk])).status_code == 200
    assert client.get(f"/proposals/proposal/{world.proposal.pk}/edit/").status_code == 200
    Approval.objects.all().delete()
    assert client.get(reverse("send", args=[world.proposal.pk])).status_code in {200, 302}


def test_rules_mails_and_approvals_go_to_the_owner_only(world: World, stranger: User) -> None:
    everywhere = find_staff([world.proposal.connection_id])
    assert set(everywhere.values()) == {world.fatima.pk}
    FollowUp.objects.all().delete()
    DeskSettings.objects.create(rule_unseen_days=3)
    thresholds.forget()
    assert rules.apply_rules() == 2
    assert {row.assigned_to for row in FollowUp.objects.all()} == {world.fatima}
    for proposal in (world.proposal, world.older):
        assert not may_act(stranger, "proposals.change_proposal", proposal)
        assert may_act(world.fatima, "proposals.change_proposal", proposal)
    assert not own(Proposal.objects.all(), stranger).exists()
    assert count(Scope(stranger, is_mine=True)) == {}
    assert not may_decide(stranger, Approval.objects.get())


def test_an_address_that_two_offorte_users_share_is_nobodys(world: World) -> None:
    make_account_user(world.proposal.connection, email=ADDRESS.title())
    fatima = User.objects.get(pk=world.fatima.pk)
    assert [may_act(fatima, "proposals.change_proposal", row) for row in (world.proposal, world.older)] == [True, False]


@pytest.mark.skipif(database.vendor != "sqlite", reason="about SQLite only: PostgreSQL decides by its statistics")
def test_whose_a_proposal_is_is_read_along_the_index_of_owners(world: World) -> None:
    theirs = linked_users().filter(staff=world.fatima.pk)
    for plan in (own(Proposal.objects.present(), world.fatima).explain(), theirs.explain()):
        assert "proposals_by_seller (owner_key=?" in plan
        assert "proposals_proposal_connection" not in plan
