"""What Offorte refuses, hides or no longer has."""

import pytest

from offorte_portal.api.codes import Code
from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from tests.writes.conftest import Desk
from tests.writes.sending.rows import mirror

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def said(detail: str) -> Reason:
    return Reason(Code.REJECTED_BECAUSE, {"detail": detail})


def test_a_refusal_tells_offortes_words_by_field(desk: Desk) -> None:
    company = desk.company()
    operation = desk.do("change", "companies", {"email": "nonsense"}, remote_id=company)
    assert (operation.state, operation.reason) == (State.REJECTED, said("Your request is invalid."))
    assert operation.field_errors == {"email": ["must be an e-mail address"]}
    assert operation.finished_at is not None


def test_a_refusal_without_words_is_told_in_the_portals(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("status", method="PATCH", status=405))
    operation = desk.do("change", "companies", {"city": "Breda"}, remote_id=desk.company())
    assert (operation.state, operation.reason) == (State.REJECTED, said("A scripted answer."))


def test_a_directory_that_holds_products_stays_in_offortes_words(desk: Desk) -> None:
    product = next(iter(desk.account.products.values()))
    operation = desk.do("delete", "directories", remote_id=product["directory_id"])
    assert operation.state == State.REJECTED
    assert operation.reason == said("The directory contains products and can't be deleted.")


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(("verb", "state"), [("change", State.FAILED), ("delete", State.DONE)])
def test_what_is_gone_is_removed_from_the_mirror(desk: Desk, verb: str, state: str, status: int) -> None:
    desk.simulator.switches.removed_status = status  # type: ignore[assignment]
    company = desk.company()
    row = mirror(desk, company)
    desk.account.delete_company(company)
    operation = desk.do(verb, "companies", {"city": "Breda"} if verb == "change" else {}, remote_id=company)
    assert operation.state == state
    row.refresh_from_db()
    assert row.removed_at is not None


def test_what_is_hidden_is_marked_and_not_removed(desk: Desk) -> None:
    company = desk.company()
    row = mirror(desk, company)
    desk.account.hide("company", company)
    operation = desk.do("change", "companies", {"city": "Breda"}, remote_id=company)
    assert (operation.state, operation.reason) == (State.FAILED, Reason(Code.HIDDEN))
    row.refresh_from_db()
    assert (row.is_hidden, row.removed_at) == (True, None)


def test_a_create_in_something_gone_removes_nothing(desk: Desk) -> None:
    operation = desk.do("create", "people", {"fullname": "A", "email": "a@b.nl"}, parent_remote_id=987654)
    assert (operation.state, operation.reason) == (State.FAILED, Reason(Code.NOT_FOUND))
