"""What can't be sent now or got no answer: it waits, is repeated where that is safe, and goes out once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from offorte_portal import writes
from offorte_portal.models import Connection, Operation
from offorte_portal.simulator import Fault
from offorte_portal.writes import claims
from offorte_portal.writes.reasons import (
    BUSY,
    EARLIER_PENDING,
    JOB_HALTED,
    LOST,
    MAY_BE_DONE,
    OVER_BUDGET,
    QUEUED,
    STEP_PENDING,
    TOO_OFTEN,
)
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
    assert operation.reason == "Offorte can't answer at the moment."
    assert operation.retry_at is not None
    assert timedelta(0) < operation.retry_at - timezone.now() <= timedelta(seconds=30)
    Operation.objects.update(retry_at=timezone.now())
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 1)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "error_500", "redirect"])
@pytest.mark.parametrize("verb", ["change", "delete"])
def test_a_lost_answer_to_what_can_be_repeated_is_repeated(desk: Desk, verb: str, fault: Any) -> None:
    company = desk.company()
    mirror(desk, company)
    desk.simulator.faults.add(Fault(fault, method="PATCH" if verb == "change" else "DELETE"))
    operation = desk.do(verb, "companies", DRAFTS[verb], remote_id=company)
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, MAY_BE_DONE, 1)
    Operation.objects.update(retry_at=timezone.now())
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == (State.DONE, "")
    assert len(desk.written()) == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "error_500", "redirect"])
def test_a_lost_answer_to_a_create_is_not_repeated(desk: Desk, fault: Any) -> None:
    desk.simulator.faults.add(Fault(fault, method="POST"))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.reason) == (State.UNKNOWN, LOST)
    assert operation.sent_at is not None
    assert operation.retry_at is not None
    assert operation.retry_at - operation.sent_at == timedelta(seconds=35)
    writes.drain(desk.connection.pk)
    assert len(desk.simulator.requests) == 1


def test_after_too_many_tries_a_person_has_to_look(desk: Desk) -> None:
    company = desk.company()
    operation = desk.ask("change", "companies", {"city": "Breda"}, remote_id=company)
    desk.simulator.faults.add(Fault("error_500", method="PATCH", times=None))
    pauses = []
    for _ in range(claims.MOST_TRIES):
        Operation.objects.update(retry_at=None)
        writes.perform(operation)
        pauses.append(operation.retry_at and round((operation.retry_at - timezone.now()).total_seconds()))
    assert (operation.state, operation.reason) == (State.FAILED, TOO_OFTEN)
    assert pauses == [30, 60, 120, 240, 480, *[900] * 6, None]
    desk.simulator.faults.clear()
    assert writes.retry(operation, desk.person)
    assert writes.perform(operation).state == State.DONE
    assert operation.attempts == claims.MOST_TRIES + 1


def test_429_makes_it_wait_for_the_account(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("rate_limited", method="POST", retry_after=1))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, OVER_BUDGET, 0)
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 1)
    assert len(desk.written()) == 2


def test_over_budget_nothing_is_sent(desk: Desk, settings: Any) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 1
    assert desk.do("create", "companies", {"name": "Een"}).state == State.DONE
    operation = desk.do("create", "companies", {"name": "Twee"})
    assert (operation.state, operation.reason, operation.sent_at) == (State.WAITING, OVER_BUDGET, None)
    assert len(desk.simulator.requests) == 1


def test_without_a_connection_it_waits_and_goes_out_after_the_reconnect(desk: Desk) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    desk.connection.refresh_from_db()
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    other = desk.ask("create", "companies", {"name": "Ander BV"})
    words = "This account is not connected to Offorte."
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, words, 0)
    writes.sweep()
    other.refresh_from_db()
    assert other.reason == words
    Connection.objects.update(state=Connection.State.CONNECTED)
    writes.drain(desk.connection.pk)
    assert set(Operation.objects.values_list("state", "reason")) == {(State.DONE, "")}


def test_a_refused_token_makes_it_wait_for_the_reconnect(desk: Desk) -> None:
    desk.account.tokens.revoke_all()
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.WAITING
    assert "connected again" in operation.reason
    other = desk.ask("create", "companies", {"name": "Ander BV"})
    desk.simulator.log.clear()
    writes.drain(desk.connection.pk)
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
    assert writes.perform(operation).state == State.DONE
    assert [one["name"] for one in desk.account.companies.values()].count("Nieuw BV") == 1


def test_a_database_that_is_locked_before_anything_left_makes_it_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock(*args: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(claims.Claim, "leave", lock)
        operation = desk.do("create", "companies", {"name": "Nieuw BV"})
        assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, BUSY, 0)
        writes.drain(desk.connection.pk)
    assert desk.simulator.requests == []
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert operation.state == State.DONE


def test_what_waits_says_why(desk: Desk) -> None:
    company = desk.company()
    first = desk.ask("change", "companies", {"city": "Oss"}, remote_id=company)
    assert desk.do("change", "companies", {"city": "Breda"}, remote_id=company).reason == EARLIER_PENDING
    assert desk.do("create", "companies", {"name": "Nieuw BV"}, after=first).reason == STEP_PENDING
    job = make_job(desk.person, state="paused")
    assert desk.do("create", "companies", {"name": "Ander BV"}, job=job).reason == JOB_HALTED
    later = desk.ask("create", "companies", {"name": "Later BV"})
    Operation.objects.filter(pk=later.pk).update(retry_at=timezone.now() + timedelta(hours=1))
    assert writes.perform(later).reason == QUEUED
    assert desk.simulator.requests == []


def test_what_has_ended_is_not_sent_again(desk: Desk) -> None:
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert writes.perform(operation).state == State.DONE
    assert len(desk.simulator.requests) == 1
