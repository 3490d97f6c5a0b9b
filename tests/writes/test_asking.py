"""What may be asked for, and what becomes of it before it is sent: kept once, checked, cancelled, retried, marked."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.api.errors import Rejected
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault
from offorte_portal.writes import control, draining, performing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.support.factories import make_staff
from tests.writes.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def test_the_same_form_twice_is_one_operation(desk: Desk) -> None:
    key = uuid.uuid4()
    first = desk.do("create", "companies", {"name": "Nieuw BV"}, key=key)
    again = desk.do("create", "companies", {"name": "Nieuw BV"}, key=key)
    assert (again.pk, again.state, again.key) == (first.pk, State.DONE, key)
    assert len(desk.written()) == 1


def test_who_asked_is_kept_by_name(desk: Desk) -> None:
    assert desk.ask("create", "companies", {"name": "a"}).requested_by_name == "Sanne Jansen"
    assert desk.ask("create", "companies", {"name": "b"}, by=make_staff("pim")).requested_by_name == "pim@example.com"
    assert desk.ask("create", "companies", {"name": "c"}, by=None).requested_by_name == ""


def test_amounts_keep_their_digits(desk: Desk) -> None:
    directory = min(desk.account.directories)
    price = Decimal("1234567890.123")
    operation = desk.ask("create", "products", {"name": "Goud", "price": price}, parent_remote_id=directory)
    assert operation.draft == {"name": "Goud", "price": "1234567890.123"}
    performing.perform(operation)
    (request,) = desk.written()
    assert request.body == {"name": "Goud", "price": 1234567890.123}
    assert desk.account.products[operation.remote_id or 0]["price"] == price


def test_an_amount_that_cant_be_sent_exactly_is_rejected(desk: Desk) -> None:
    draft = {"name": "Goud", "price": "12345678901234567.123"}
    operation = desk.do("create", "products", draft, parent_remote_id=min(desk.account.directories))
    assert operation.state == State.REJECTED
    assert "too many digits" in put_into_words(operation.reason)
    assert desk.written() == []


@pytest.mark.parametrize(
    ("target", "draft", "field"),
    [
        ("companies", {"colour": "red"}, "colour"),
        ("companies", {"name": 12}, "name"),
        ("proposals", {"status": "maybe"}, "status"),
        ("proposals", {"company_contacts": ["x"]}, "company_contacts.0"),
        ("products", {"price": "a lot"}, "price"),
        ("webhooks", {"payload_content_type": "xml"}, "payload_content_type"),
    ],
)
def test_what_the_reference_does_not_know_is_not_kept(
    desk: Desk, target: str, draft: dict[str, Any], field: str
) -> None:
    with pytest.raises(Rejected) as caught:
        desk.ask("change", target, draft, remote_id=1)
    assert list(caught.value.field_errors) == [field]
    with pytest.raises(Rejected, match="nothing_to_change"):
        desk.ask("change", target, {}, remote_id=1)
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    ("verb", "target", "options"),
    [
        ("send", "companies", {"remote_id": 1}),
        ("change", "users", {"remote_id": 1}),
        ("change", "companies", {}),
        ("delete", "people", {"remote_id": 1}),
        ("create", "people", {}),
        ("create", "products", {}),
        ("delete", "companies", {"remote_id": 1, "draft": {"name": "x"}}),
    ],
)
def test_what_cant_be_asked_at_all(desk: Desk, verb: str, target: str, options: dict[str, Any]) -> None:
    drafts = {"change": {"name": "x"}, "create": {}, "delete": {}, "send": {"send_message": "x"}}
    with pytest.raises(ValueError, match=r"Offorte can't|takes the ID|takes its ID|no parameters"):
        desk.ask(verb, target, **{"draft": drafts[verb], **options})


def test_what_waits_can_be_cancelled(desk: Desk) -> None:
    operation = desk.ask("create", "companies", {"name": "x"})
    follower = desk.ask("create", "companies", {"name": "y"}, after=operation)
    assert control.cancel(operation, desk.person)
    assert (operation.state, operation.reason) == (State.CANCELLED, WriteReason.CANCELLED_BY(name="Sanne Jansen"))
    assert put_into_words(operation.reason) == "Cancelled by: Sanne Jansen"
    assert not control.cancel(operation, desk.person)
    follower.refresh_from_db()
    assert follower.state == State.CANCELLED
    draining.drain(desk.connection.pk)
    assert desk.simulator.requests == []
    assert control.retry(operation, desk.person)
    draining.drain(desk.connection.pk)
    assert set(Operation.objects.values_list("state", flat=True)) == {State.DONE}


def test_cancelling_says_where_it_may_be_too_late(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("drop_after", method="PATCH"))
    operation = desk.do("change", "companies", {"city": "Breda"}, remote_id=desk.company())
    assert control.cancel(operation, desk.person)
    assert operation.reason == WriteReason.CANCELLED_LATE_BY(name="Sanne Jansen")


def test_what_was_rejected_can_be_retried_by_another(desk: Desk) -> None:
    company = desk.company()
    desk.simulator.faults.add(Fault("status", method="PATCH", status=422))
    operation = desk.do("change", "companies", {"city": "Breda"}, remote_id=company)
    assert operation.state == State.REJECTED
    pim = make_staff("pim")
    assert control.retry(operation, pim)
    assert (operation.state, operation.reason, operation.finished_at) == (State.WAITING, None, None)
    assert (operation.requested_by, operation.requested_by_name) == (pim, "pim@example.com")
    assert not control.retry(operation, pim)
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 2)


def test_rows_are_marked_with_what_is_pending(desk: Desk) -> None:
    one, other, third = desk.company(), desk.company(), desk.company()
    first = desk.ask("change", "companies", {"city": "a"}, remote_id=one)
    second = desk.ask("change", "companies", {"city": "b"}, remote_id=one)
    desk.do("change", "companies", {"city": "c"}, remote_id=other)
    desk.ask("change", "directories", {"name": "d"}, remote_id=third)
    assert control.pending_for("companies", desk.connection.pk, [one, other, third]) == {one: [first, second]}
