"""Undoing, and what must still hold at Offorte before anything is sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Product
from offorte_portal.api.codes import Code
from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from offorte_portal.writes import performing
from offorte_portal.writes import undoing as writes_undoing
from offorte_portal.writes.conflicts import is_same
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.writes.conftest import Desk
from tests.writes.factories import make_job

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def change(desk: Desk, **options: Any) -> Operation:
    """A change of a company's city from Oss to Breda."""
    company = desk.company(city="Oss")
    return desk.do("change", "companies", {"city": "Breda"}, before={"city": "Oss"}, remote_id=company, **options)


def test_a_change_is_undone(desk: Desk) -> None:
    operation = change(desk)
    assert writes_undoing.can_undo(operation) == ""
    undoing = writes_undoing.undo(operation, desk.person, make_job(desk.person))
    assert writes_undoing.can_undo(operation) == "This is already being undone."
    assert (undoing.draft, undoing.expected, undoing.before) == ({"city": "Oss"}, {"city": "Breda"}, {"city": "Breda"})
    assert writes_undoing.undo(operation, desk.person).pk == undoing.pk
    performing.perform(undoing)
    operation.refresh_from_db()
    assert (undoing.state, operation.state) == (State.DONE, State.UNDONE)
    assert desk.account.companies[operation.remote_id or 0]["city"] == "Oss"
    assert writes_undoing.can_undo(operation) == "This has already been undone."
    # Undoing can be undone.
    assert performing.perform(writes_undoing.undo(undoing, desk.person)).state == State.DONE


def test_what_was_changed_since_is_left_and_named(desk: Desk) -> None:
    operation = change(desk)
    desk.account.update_company(operation.remote_id or 0, city="Tilburg")
    undoing = performing.perform(writes_undoing.undo(operation, desk.person))
    assert (undoing.state, undoing.reason) == (State.SKIPPED, WriteReason.CHANGED_MEANWHILE())
    assert undoing.conflicts == {"city": "Tilburg"}
    assert [request.method for request in desk.written()] == ["PATCH"]
    operation.refresh_from_db()
    assert operation.state == State.DONE
    # Once Offorte holds our value again, it can be tried again.
    desk.account.update_company(operation.remote_id or 0, city="Breda")
    again = writes_undoing.undo(operation, desk.person)
    assert again.pk != undoing.pk
    assert performing.perform(again).state == State.DONE


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"verb": "delete"}, "Only changes can be undone."),
        ({"state": State.FAILED}, "This wasn’t done, so there’s nothing to undo."),
        ({"finished_at": timezone.now() - timedelta(days=31)}, "This was done more than 30 days ago."),
        ({"before": {}}, "The previous value is unknown."),
        ({"before": {"city": None}}, "The previous value is unknown."),
        ({"before": {"city": 12}}, "Offorte doesn’t accept the previous value."),
    ],
)
def test_what_cant_be_undone_says_why(desk: Desk, columns: dict[str, Any], reason: str) -> None:
    operation = change(desk)
    Operation.objects.update(**columns)
    operation.refresh_from_db()
    assert writes_undoing.can_undo(operation) == reason
    with pytest.raises(ValueError, match=reason):
        writes_undoing.undo(operation, desk.person)


def test_a_change_that_is_there_already_is_no_conflict(desk: Desk) -> None:
    """Its first try was carried out, but the answer was lost."""
    company = desk.company(city="Oss")
    desk.simulator.faults.add(Fault("drop_after", method="PATCH"))
    operation = desk.do("change", "companies", {"city": "Breda"}, expected={"city": "Oss"}, remote_id=company)
    assert operation.state == State.WAITING
    Operation.objects.update(retry_at=None)
    assert performing.perform(operation).state == State.DONE


def test_what_was_expected_and_is_gone(desk: Desk) -> None:
    company = desk.company(city="Oss")
    desk.account.delete_company(company)
    operation = desk.do("delete", "companies", expected={"city": "Oss"}, remote_id=company)
    assert operation.state == State.DONE
    assert desk.written() == []


def test_what_cant_be_compared_now_waits_unsent(desk: Desk) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.simulator.faults.add(Fault("error_500", method="GET", times=3))
    operation = desk.do("send", "proposals", {"send_message": "Hallo"}, expected={"status": "edit"}, remote_id=proposal)
    assert (operation.state, operation.sent_at) == (State.WAITING, None)
    Operation.objects.update(retry_at=None)
    desk.account.update_proposal(proposal, status="won")
    performing.perform(operation)
    assert (operation.state, operation.conflicts) == (State.SKIPPED, {"status": "won"})
    assert desk.simulator.sent_mails == []


def test_an_answer_that_cant_be_read_is_asked_for_again(desk: Desk) -> None:
    company = desk.company(city="Oss")
    desk.simulator.faults.add(Fault("html_200", method="GET"))
    operation = desk.do("change", "companies", {"city": "Breda"}, expected={"city": "Oss"}, remote_id=company)
    assert (operation.state, operation.reason) == (
        State.WAITING,
        Reason(Code.MALFORMED),
    )
    assert operation.attempts == 1


@pytest.mark.parametrize("vintage", ["2018", "live"])
def test_a_proposals_columns_are_compared_as_offorte_tells_them(desk: Desk, vintage: Any) -> None:
    desk.simulator.switches.vintage = vintage
    proposal = next(iter(desk.account.proposals))
    desk.account.update_proposal(proposal, price_total_override=None, status="open")
    desk.sync()
    row = Proposal.objects.get(remote_id=proposal)
    expected = {"price_total": str(row.price_total), "status": "open", "company_id": row.company_remote_id}
    draft = {"price_total": "99.95"}
    operation = desk.do("change", "proposals", draft, expected=expected, before=expected, remote_id=proposal)
    assert (operation.state, operation.conflicts) == (State.DONE, {})
    again = desk.do("change", "proposals", {"price_total": "1"}, expected=expected, remote_id=proposal)
    assert (again.state, again.conflicts) == (State.SKIPPED, {"price_total": "99.95"})


def test_where_offorte_cant_be_asked_the_mirror_is(desk: Desk) -> None:
    desk.sync()
    product = next(iter(desk.account.products))
    # A price that nobody knows is no conflict.
    first = desk.do("change", "products", {"price": "2"}, expected={"price": "1"}, remote_id=product)
    assert first.state == State.DONE
    assert str(Product.objects.get(remote_id=product).price) == "2.0000"
    second = desk.do("change", "products", {"price": "3"}, expected={"price": "1"}, remote_id=product)
    assert (second.state, second.conflicts) == (State.SKIPPED, {"price": "2"})
    third = desk.do("change", "products", {"price": "3"}, expected={"price": "2.00"}, remote_id=product)
    assert third.state == State.DONE
    unknown = desk.company()
    assert desk.do("change", "directories", {"name": "x"}, expected={"name": "y"}, remote_id=unknown).reason


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, "", True),
        ("", "x", False),
        ("a\r\nb ", "a\nb", True),
        (["b", "a"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (False, None, False),
        (1, 1, True),
        (1, 2, False),
    ],
)
def test_what_is_the_same_to_offorte(one: Any, other: Any, same: bool) -> None:
    assert is_same(one, other) == same
