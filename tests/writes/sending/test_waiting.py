"""What can't be sent now or got no answer: it waits, is repeated where that is safe, and goes out once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from offorte_portal.writes import claims, control, draining, performing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.writes.conftest import Desk
from tests.writes.factories import make_job
from tests.writes.sending.rows import mirror

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State
DRAFTS: dict[str, dict[str, Any]] = {"create": {"name": "Nieuw BV"}, "change": {"city": "Breda"}, "delete": {}}


@pytest.mark.parametrize("verb", ["create", "change", "delete"])
def test_maintenance_makes_it_wait_and_it_goes_out_later(desk: Desk, verb: str) -> None:
    company = None if verb == "create" else desk.company()
    desk.simulator.faults.add(Fault("unavailable_503_html"))
    operation = desk.do(verb, "companies", DRAFTS[verb], remote_id=company)
    assert (operation.state, operation.attempts) == (State.WAITING, 0)
    assert operation.reason == Reason(Code.CANT_ANSWER)
    assert operation.retry_at is not None
    assert timedelta(0) < operation.retry_at - timezone.now() <= timedelta(seconds=30)
    Operation.objects.update(retry_at=timezone.now())
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 1)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "error_500", "redirect"])
@pytest.mark.parametrize("verb", ["change", "delete"])
def test_a_lost_answer_to_what_can_be_repeated_is_repeated(desk: Desk, verb: str, fault: Any) -> None:
    company = desk.company()
    mirror(desk, company)
    desk.simulator.faults.add(Fault(fault, method="PATCH" if verb == "change" else "DELETE"))
    operation = desk.do(verb, "companies", DRAFTS[verb], remote_id=company)
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, WriteReason.MAY_BE_DONE(), 1)
    Operation.objects.update(retry_at=timezone.now())
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == (State.DONE, None)
    assert len(desk.written()) == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "error_500", "redirect"])
def test_a_lost_answer_to_a_create_is_not_repeated(desk: Desk, fault: Any) -> None:
    desk.simulator.faults.add(Fault(fault, method="POST"))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.reason) == (State.UNKNOWN, WriteReason.LOST())
    assert operation.sent_at is not None
    assert operation.retry_at is not None
    assert operation.retry_at - operation.sent_at == timedelta(seconds=35)
    draining.drain(desk.connection.pk)
    assert len(desk.simulator.requests) == 1


def test_after_too_many_tries_a_person_has_to_look(desk: Desk) -> None:
    company = desk.company()
    operation = desk.ask("change", "companies", {"city": "Breda"}, remote_id=company)
    desk.simulator.faults.add(Fault("error_500", method="PATCH", times=None))
    pauses = []
    for _ in range(claims.MOST_TRIES):
        Operation.objects.update(retry_at=None)
        performing.perform(operation)
        pauses.append(operation.retry_at and round((operation.retry_at - timezone.now()).total_seconds()))
    assert (operation.state, operation.reason) == (State.FAILED, WriteReason.TOO_OFTEN())
    assert pauses == [30, 60, 120, 240, 480, *[900] * 6, None]
    desk.simulator.faults.clear()
    assert control.retry(operation, desk.person)
    assert performing.perform(operation).state == State.DONE
    assert operation.attempts == claims.MOST_TRIES + 1


def test_429_makes_it_wait_for_the_account(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("rate_limited", method="POST", retry_after=1))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, WriteReason.OVER_BUDGET(), 0)
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 1)
    assert len(desk.written()) == 2


def test_over_budget_nothing_is_sent(desk: Desk, settings: Any) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 1
    assert desk.do("create", "companies", {"name": "Een"}).state == State.DONE
    operation = desk.do("create", "companies", {"name": "Twee"})
    assert (operation.state, operation.reason, operation.sent_at) == (State.WAITING, WriteReason.OVER_BUDGET(), None)
    assert len(desk.simulator.requests) == 1


def test_without_a_connection_it_waits_for_the_reconnect(desk: Desk) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    desk.connection.refresh_from_db()
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    other = desk.ask("create", "companies", {"name": "Ander BV"})
    reason = Reason(Code.NOT_CONNECTED)
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, reason, 0)
    draining.sweep()
    other.refresh_from_db()
    assert other.reason == reason
    Connection.objects.update(state=Connection.State.CONNECTED)
    draining.drain(desk.connection.pk)
    assert set(Operation.objects.values_list("state", "reason")) == {(State.DONE, None)}


def test_a_refused_token_makes_it_wait_for_the_reconnect(desk: Desk) -> None:
    desk.account.tokens.revoke_all()
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.WAITING
    assert "reconnected" in put_into_words(operation.reason)
    other = desk.ask("create", "companies", {"name": "Ander BV"})
    desk.simulator.log.clear()
    draining.drain(desk.connection.pk)
    other.refresh_from_db()
    assert (other.state, desk.simulator.requests) == (State.WAITING, [])


def test_the_token_that_cant_be_renewed_now_leaves_it_undone(desk: Desk) -> None:
    token = desk.account.issue_token()
    desk.connection.access_token, desk.connection.refresh_token = "old", token["refresh_token"]
    desk.connection.save()
    desk.simulator.faults.add(Fault("unavailable_503_html", path="/oauth2/refresh-token/?"))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.WAITING
    Operation.objects.update(retry_at=None)
    assert performing.perform(operation).state == State.DONE
    assert [one["name"] for one in desk.account.companies.values()].count("Nieuw BV") == 1


def test_a_locked_database_before_the_request_makes_it_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def lock(*args: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(claims.Claim, "leave", lock)
        operation = desk.do("create", "companies", {"name": "Nieuw BV"})
        assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, WriteReason.BUSY(), 0)
        draining.drain(desk.connection.pk)
    assert desk.simulator.requests == []
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert operation.state == State.DONE


def test_what_waits_says_why(desk: Desk) -> None:
    company = desk.company()
    first = desk.ask("change", "companies", {"city": "Oss"}, remote_id=company)
    assert desk.do("change", "companies", {"city": "Breda"}, remote_id=company).reason == WriteReason.EARLIER_PENDING()
    assert desk.do("create", "companies", {"name": "Nieuw BV"}, after=first).reason == WriteReason.STEP_PENDING()
    job = make_job(desk.person, state="paused")
    assert desk.do("create", "companies", {"name": "Ander BV"}, job=job).reason == WriteReason.JOB_HALTED()
    later = desk.ask("create", "companies", {"name": "Later BV"})
    Operation.objects.filter(pk=later.pk).update(retry_at=timezone.now() + timedelta(hours=1))
    assert performing.perform(later).reason == WriteReason.QUEUED()
    assert desk.simulator.requests == []


def test_what_has_ended_is_not_sent_again(desk: Desk) -> None:
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert performing.perform(operation).state == State.DONE
    assert len(desk.simulator.requests) == 1
