"""Refreshing a proposal and steering syncs: by POST, with permission, with the reason when it fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.models import SyncRun
from proposals.models import Proposal
from tests.support.factories import make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}
Connect = Callable[..., Connection]


def sign_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


@pytest.fixture
def client() -> Client:
    return sign_in(make_staff("sanne"))


def member(*permissions: str) -> Client:
    """A member of staff who holds these permissions, by codename."""
    user = User.objects.create_user("member", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return sign_in(user)


@pytest.fixture
def proposal(simulator: Simulator, connect: Connect) -> Proposal:
    """A proposal of the simulator's as its list tells it."""
    remote_id = next(iter(simulator.account("bouw").proposals))
    return make_proposal(connect(), remote_id=remote_id, as_of=timezone.now() - timedelta(minutes=5))


def post(client: Client, path: str, **options: Any) -> HttpResponse:
    response: HttpResponse = client.post(path, **options)  # type: ignore[assignment]
    return response


def refresh(client: Client, proposal: Proposal, **options: Any) -> HttpResponse:
    return post(client, f"/sync/proposals/{proposal.pk}/refresh/", **options)


def make_run(connection: Connection, **columns: Any) -> SyncRun:
    return SyncRun.objects.create(connection=connection, **{"trigger": SyncRun.Trigger.PERSON, **columns})


def test_refreshing_reads_the_details_and_shows_the_page(
    client: Client, simulator: Simulator, proposal: Proposal
) -> None:
    response = refresh(client, proposal, follow=True)
    assert response.status_code == 200
    proposal.refresh_from_db()
    assert proposal.details_as_of is not None
    assert [request.path for request in simulator.requests] == [f"/proposals/{proposal.remote_id}/details/"]
    assert "Activity" in response.content.decode()


def test_a_viewer_may_have_a_proposal_read(proposal: Proposal) -> None:
    assert refresh(member("view_proposal"), proposal).status_code == 302
    proposal.refresh_from_db()
    assert proposal.details_as_of is not None


@pytest.mark.parametrize("kind", ["error_500", "unavailable_503_html", "malformed_json"])
def test_why_a_proposal_could_not_be_read_is_said_in_its_place(
    client: Client, simulator: Simulator, proposal: Proposal, kind: Any
) -> None:
    simulator.faults.add(Fault(kind=kind, method="GET", path=r"/proposals.*", times=10))
    before: dict[str, Any] = {**Proposal.objects.values().get()}
    page = refresh(client, proposal, follow=True).content.decode()
    assert "We couldn’t refresh this from Offorte." in page
    part = refresh(client, proposal, headers=HTMX)
    assert (part["HX-Retarget"], part["HX-Reselect"]) == ("#refresh-outcome", "#refresh-outcome")
    assert "Retry" in part.content.decode()
    after: dict[str, Any] = {**Proposal.objects.values().get()}
    if kind == "malformed_json":  # what can't be read is asked for again, after a pause
        assert after.pop("details_tries") == 2
        assert after.pop("details_retry_at") > timezone.now()
    assert after == {name: before[name] for name in after}


def test_a_failed_refresh_loses_nothing_and_says_what_is_seen(
    client: Client, simulator: Simulator, proposal: Proposal
) -> None:
    refresh(client, proposal)
    tables = proposal.price_tables.count()
    simulator.faults.add(Fault(kind="unavailable_503_html", method="GET", path=r"/proposals.*", times=10))
    part = refresh(client, proposal, headers=HTMX).content.decode()
    assert "You’re seeing the last version we read." in part
    assert proposal.price_tables.count() == tables > 0


def test_how_long_to_wait_is_said(client: Client, simulator: Simulator, settings: Settings, proposal: Proposal) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 30
    simulator.faults.add(Fault(kind="rate_limited", method="GET", path=r"/proposals.*", times=1, retry_after=40))
    part = refresh(client, proposal, headers=HTMX).content.decode()
    assert "Try again in 4" in part


def test_a_proposal_that_is_gone_is_shown_as_removed(client: Client, simulator: Simulator, proposal: Proposal) -> None:
    simulator.account("bouw").delete_proposal(proposal.remote_id)
    assert "Deleted in Offorte" in refresh(client, proposal, follow=True).content.decode()


def test_an_account_that_is_not_connected_is_named_as_the_reason(client: Client) -> None:
    proposal = make_proposal(make_connection(state=Connection.State.DISCONNECTED))
    assert "not connected" in refresh(client, proposal, headers=HTMX).content.decode()


def test_a_sync_is_started_once(client: Client) -> None:
    connection = make_connection()
    first = post(client, f"/sync/accounts/{connection.pk}/start/")
    second = post(client, f"/sync/accounts/{connection.pk}/start/")
    run = SyncRun.objects.get()
    assert first["Location"] == second["Location"] == f"/sync/syncrun/{run.pk}/change/"
    assert run.requested_by == User.objects.get(username="sanne")
    assert OrmQ.objects.count() == 1


def test_nothing_is_started_for_an_account_that_is_not_connected(client: Client) -> None:
    connection = make_connection(state=Connection.State.RECONNECT)
    page = post(client, f"/sync/accounts/{connection.pk}/start/", follow=True).content.decode()
    assert "isn’t connected to Offorte" in page
    assert not SyncRun.objects.exists()


def test_a_queued_sync_is_cancelled_at_once_a_running_one_soon(client: Client) -> None:
    queued = make_run(make_connection())
    running = make_run(make_connection(), state=SyncRun.State.RUNNING, lease="somebody")
    for run in (queued, running):
        page = post(client, f"/sync/{run.pk}/cancel/", follow=True).content.decode()
        run.refresh_from_db()
        assert run.is_cancel_requested
        assert "Cancel sync" not in page
    assert queued.state == SyncRun.State.CANCELLED
    assert "The sync stops after the current request." in page


def test_held_removals_are_removed_by_a_new_sync_or_kept(client: Client) -> None:
    run = make_run(make_connection(), state=SyncRun.State.DONE, held_removals={"companies": 40})
    kept = make_run(make_connection(), state=SyncRun.State.DONE, held_removals={"companies": 40})
    response = post(client, f"/sync/{run.pk}/remove/")
    later = SyncRun.objects.get(allows_mass_removal=True)
    assert response["Location"] == f"/sync/syncrun/{later.pk}/change/"
    post(client, f"/sync/{kept.pk}/keep/")
    assert list(SyncRun.objects.exclude(held_removals={})) == []
    post(client, f"/sync/{run.pk}/remove/")
    assert SyncRun.objects.filter(allows_mass_removal=True).count() == 1


ACTIONS = (
    "accounts/{connection}/start/",
    "{run}/cancel/",
    "{run}/remove/",
    "{run}/keep/",
    "proposals/{proposal}/refresh/",
)


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_not_can_not(action: str) -> None:
    connection = make_connection()
    run = make_run(connection, held_removals={"companies": 40})
    before = SyncRun.objects.values().get()
    path = "/sync/" + action.format(connection=connection.pk, run=run.pk, proposal=make_proposal(connection).pk)
    theirs = [] if "proposals" in action else ["view_proposal", "view_syncrun", "view_connection", "change_proposal"]
    assert post(member(*theirs), path).status_code == 403
    assert SyncRun.objects.values().get() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_happens_by_get_or_without_a_session_or_token(client: Client, action: str) -> None:
    connection = make_connection()
    run = make_run(connection, held_removals={"companies": 40})
    before = SyncRun.objects.values().get()
    path = "/sync/" + action.format(connection=connection.pk, run=run.pk, proposal=make_proposal(connection).pk)
    assert client.get(path).status_code == 405
    assert "login" in post(Client(headers={"host": "127.0.0.1"}), path)["Location"]
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    strict.force_login(User.objects.get(username="sanne"))
    assert post(strict, path).status_code == 403
    assert SyncRun.objects.values().get() == before


@pytest.mark.parametrize(
    "path", ["accounts/99/start/", "99/cancel/", "99/remove/", "99/keep/", "proposals/99/refresh/"]
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert post(client, f"/sync/{path}").status_code == 404
