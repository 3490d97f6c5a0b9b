"""Asking a connected account, letting go of it, and telling what is wrong with it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from contacts.models import Company, Person
from offorte_portal.api.errors import AuthenticationFailed, NotConnected, Unavailable
from offorte_portal.connections import connecting as connections
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import wiping
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.models import SyncRun
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint
from proposals.models import Proposal
from tests.support.factories import AS_OF, make_company, make_person, make_proposal

# The budget asks for requests outside of transactions only.
pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]
State = Connection.State


@pytest.fixture
def person() -> User:
    return User.objects.create_user("anna")


def paths(simulator: Simulator) -> list[tuple[str, int]]:
    return [(request.path, request.status) for request in simulator.requests]


def test_a_connected_account_answers(connect: Connect, simulator: Simulator) -> None:
    connections.client(connect(), Lane.PERSON).hello()
    assert paths(simulator) == [("/hello", 200)]


def test_a_refused_token_is_renewed_and_the_request_repeated(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    simulator.clock.advance(31 * 24 * 3600)
    client = connections.client(connection, Lane.BACKGROUND)
    client.hello()
    client.hello()
    assert paths(simulator) == [("/hello", 401), ("/oauth2/refresh-token", 200), ("/hello", 200), ("/hello", 200)]
    assert Connection.objects.get().is_connected


def test_a_token_that_another_process_renewed_is_taken_up(connect: Connect, simulator: Simulator) -> None:
    client = connections.client(connect(), Lane.BACKGROUND)
    other = Connection.objects.get()
    simulator.clock.advance(31 * 24 * 3600)
    connections.client(other, Lane.BACKGROUND).hello()
    client.hello()
    assert [path for path, _ in paths(simulator)].count("/oauth2/refresh-token") == 1


def test_revoked_tokens_ask_for_a_reconnect(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    simulator.account("bouw").revoke_tokens()
    with pytest.raises(AuthenticationFailed):
        connections.client(connection, Lane.PERSON).hello()
    assert connection.state == Connection.objects.get().state == State.RECONNECT
    with pytest.raises(NotConnected):
        connections.client(connection, Lane.PERSON)


def test_a_new_token_that_is_refused_asks_for_a_reconnect(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    simulator.faults.add(Fault("status", status=401, path="/hello", times=None))
    with pytest.raises(AuthenticationFailed):
        connections.client(connection, Lane.PERSON).hello()
    stored = Connection.objects.get()
    assert stored.state == State.RECONNECT
    assert stored.state_reason
    assert [path for path, _ in paths(simulator)] == ["/hello", "/oauth2/refresh-token", "/hello"]


def test_offorte_that_is_away_is_no_reason_to_reconnect(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    simulator.clock.advance(31 * 24 * 3600)
    simulator.faults.add(Fault("unavailable_503_html", path="/oauth2/refresh-token"))
    with pytest.raises(Unavailable):
        connections.client(connection, Lane.PERSON).hello()
    assert Connection.objects.get().is_connected


def test_a_client_of_yesterday_does_not_undo_a_reconnect(connect: Connect, simulator: Simulator) -> None:
    old = connect()
    simulator.faults.add(Fault("status", status=401, path="/hello", times=None))
    Connection.objects.update(token_version=5)
    connections.mark_reconnect(old, Reason("refused"))
    assert Connection.objects.get().is_connected
    assert old.is_connected


@pytest.mark.parametrize("state", [State.NEW, State.RECONNECT, State.DISCONNECTED])
def test_what_is_not_connected_is_not_asked(connect: Connect, simulator: Simulator, state: State) -> None:
    connection = connect()
    connection.state = state
    with pytest.raises(NotConnected):
        connections.client(connection, Lane.PERSON)


def test_without_its_key_an_account_is_not_asked(connect: Connect, simulator: Simulator, settings: Settings) -> None:
    pk = connect().pk
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(NotConnected, match="key_missing"):
        connections.client(Connection.objects.get(pk=pk), Lane.PERSON)
    [problem] = connections.problems()
    assert "encryption key" in problem.message


def test_a_token_is_not_sent_without_https(connect: Connect, settings: Settings) -> None:
    connection = connect()
    settings.OFFORTE_API_URL = "http://connect.offorte.example/{account}"
    with pytest.raises(NotConnected, match="not_https"):
        connections.client(connection, Lane.PERSON)


def test_disconnecting_wipes_the_tokens_and_stops_the_sync(connect: Connect, person: User) -> None:
    connection = connect()
    version = connection.token_version
    run = SyncRun.objects.create(connection=connection, trigger=SyncRun.Trigger.PERSON)
    make_company(connection)
    connections.disconnect(connection, by=person, keep_mirror=True)
    stored = Connection.objects.get()
    assert stored.state == State.DISCONNECTED
    assert "anna" in put_into_words(stored.state_reason)
    assert (stored.access_token, stored.refresh_token, stored.token_expires_at) == ("", "", None)
    assert stored.token_version == version + 1
    run.refresh_from_db()
    assert run.is_cancel_requested
    assert Company.objects.count() == 1
    assert not OrmQ.objects.exists()


def test_the_mirror_of_that_account_is_removed_by_choice(
    connect: Connect, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiping, "REMOVED_AT_ONCE", 2)
    connection, other = connect(), Connection.objects.create(account="zuid")
    companies = [make_company(connection) for _ in range(5)]
    make_person(connection, company=companies[0])
    make_proposal(connection, company=companies[0])
    Webhook.objects.create(connection=connection, remote_id=1, as_of=AS_OF)
    make_company(other)
    assert wiping.has_mirror(connection)
    connections.disconnect(connection, by=person, keep_mirror=False)
    [task] = OrmQ.objects.all()
    assert (task.func(), task.args()) == ("offorte_portal.mirror.wiping.remove_mirror", (connection.pk,))
    Connection.objects.update(synced_at=timezone.now())
    assert wiping.remove_mirror(connection.pk) == 8
    assert not wiping.has_mirror(connection)
    assert Company.objects.get().connection == other
    assert not Person.objects.exists()
    assert not Proposal.objects.exists()
    connection.refresh_from_db()
    assert connection.synced_at is None


def test_a_removal_that_takes_long_goes_on_in_another_task(
    connect: Connect, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect()
    make_company(connection)
    connections.disconnect(connection, by=person, keep_mirror=True)
    monkeypatch.setattr(wiping, "LONGEST_REMOVAL", -1)
    assert wiping.remove_mirror(connection.pk) == 0
    assert OrmQ.objects.count() == 1
    assert wiping.has_mirror(connection)


def test_a_removal_ends_when_the_account_is_connected_again(connect: Connect) -> None:
    connection = connect()
    make_company(connection)
    assert wiping.remove_mirror(connection.pk) == 0
    assert wiping.has_mirror(connection)
    assert not OrmQ.objects.exists()


def test_what_needs_nobody_is_no_problem(connect: Connect) -> None:
    connect()
    Connection.objects.create(account="new")
    Connection.objects.create(account="gone", state=State.DISCONNECTED)
    assert connections.problems() == []


@pytest.mark.parametrize(("reason", "message"), [(Reason("refused"), "refused"), (None, "reconnected")])
def test_an_account_to_reconnect_is_a_problem(connect: Connect, reason: Reason | None, message: str) -> None:
    connection = connect()
    Connection.objects.update(state=State.RECONNECT, state_reason=reason)
    [problem] = connections.problems()
    assert problem.connection == connection
    assert message in problem.message
    assert problem.url == "/offorte/bouw/login/"


@pytest.mark.parametrize("alerted_at", [None, timezone.now()])
def test_a_webhook_that_stopped_working_is_a_problem(connect: Connect, alerted_at: datetime | None) -> None:
    broken = WebhookEndpoint.State.BROKEN
    connection = connect()
    WebhookEndpoint.objects.create(
        connection=connection, state=broken, reason=Reason("too_many"), alerted_at=alerted_at
    )
    problems = connections.problems()
    assert [problem.is_post for problem in problems] == ([True] if alerted_at else [])
    assert all(problem.message.endswith("too_many") for problem in problems)
    assert all(problem.remedy.endswith(f"/accounts/{connection.pk}/check/") for problem in problems)


def test_a_token_that_nobody_could_renew_is_a_problem(connect: Connect) -> None:
    connect()
    Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=4), state_reason=Reason("wrong_secret"))
    [problem] = connections.problems()
    assert "ends on" in problem.message
    assert "wrong_secret" in problem.message
