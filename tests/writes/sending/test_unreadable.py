"""What Offorte did stays done, also where the portal can make nothing of its answer; the operation says so."""

from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.simulator import Fault
from offorte_portal.writes import draining
from offorte_portal.writes.reasons import WriteReason
from tests.sync.failures.test_refused import DEEP
from tests.writes.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)


def odd(method: str, name: str, path: str = ".*", times: int | None = 1) -> Fault:
    return Fault("unknown_field", method=method, path=path, name=name, value=DEEP, times=times)


def proposal_of(desk: Desk) -> int:
    person = next(iter(desk.account.people.values()))
    proposal: int = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    return proposal


def test_a_send_whose_answer_cannot_be_read_is_done(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    proposal = proposal_of(desk)
    desk.simulator.faults.add(odd("POST", "status"))
    operation = desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    assert (operation.state, operation.reason) == ("done", WriteReason.UNREADABLE())
    assert "Traceback" in caplog.text
    draining.drain(desk.connection.pk)
    assert len(desk.account.proposals[proposal]["emails"]) == 1


def test_a_send_that_cannot_be_read_back_is_done(desk: Desk) -> None:
    proposal = proposal_of(desk)
    desk.simulator.faults.add(odd("GET", "odd", f"/proposals/{proposal}/details", times=None))
    operation = desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    assert (operation.state, operation.reason) == ("done", WriteReason.UNREADABLE())


@pytest.mark.parametrize("verb", ["create", "change"])
def test_a_write_whose_answer_cannot_be_read_is_done(desk: Desk, verb: Any) -> None:
    company = desk.company()
    desk.sync()
    desk.simulator.faults.add(odd("POST", "odd"))
    desk.simulator.faults.add(odd("PATCH", "odd"))
    remote_id = company if verb == "change" else None
    operation = desk.do(verb, "companies", {"name": "Nieuw BV"}, remote_id=remote_id)
    assert operation.state == "done"
    assert sum(one["name"] == "Nieuw BV" for one in desk.account.companies.values()) == 1


def test_a_lost_create_that_is_found_but_cannot_be_read_is_done(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("drop_after", method="POST"))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == "unknown"
    desk.simulator.faults.add(odd("GET", "odd", "/companies.*", times=None))
    type(operation).objects.update(retry_at=timezone.now())
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == ("done", WriteReason.UNREADABLE())
