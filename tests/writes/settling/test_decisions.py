"""A person says what became of an operation whose answer was lost."""

import pytest

from contacts.models import Company
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes import control, performing, settling
from offorte_portal.writes.models import Operation
from tests.writes.conftest import Desk
from tests.writes.settling.losses import lose, send_lost

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def test_a_person_says_which_it_is(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    found = max(desk.account.companies)
    assert settling.decide(operation, remote_id=found, is_done=True, by=desk.person)
    assert (operation.state, operation.remote_id) == (State.DONE, found)
    assert put_into_words(operation.reason) == "Checked and marked as done by: Sanne Jansen"
    assert Company.objects.get(remote_id=found).name == "Nieuw BV"
    assert not settling.decide(operation, remote_id=None, is_done=False, by=desk.person)
    assert operation.state == State.DONE


def test_a_person_says_that_it_was_done_under_an_unknown_id(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    assert settling.decide(operation, remote_id=None, is_done=True, by=desk.person)
    assert (operation.state, operation.remote_id) == (State.DONE, None)
    draft = {"fullname": "A", "email": "a@b.nl", "parent_remote_id": {"operation": operation.pk}}
    assert desk.do("create", "people", draft, after=operation).state == State.FAILED


def test_a_person_says_that_it_was_not_done(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    follower = desk.ask("create", "companies", {"name": "Ander BV"}, after=operation)
    assert settling.decide(operation, remote_id=None, is_done=False, by=desk.person)
    assert (operation.state, put_into_words(operation.reason)) == (
        State.FAILED,
        "Checked and marked as not done by: Sanne Jansen",
    )
    follower.refresh_from_db()
    assert follower.state == State.CANCELLED
    assert control.retry(operation, desk.person)
    assert performing.perform(operation).state == State.DONE
    follower.refresh_from_db()
    assert follower.state == State.WAITING


def test_a_person_decides_about_a_send(desk: Desk) -> None:
    operation = send_lost(desk, "drop_after")
    proposal = operation.remote_id
    assert settling.decide(operation, remote_id=None, is_done=True, by=desk.person)
    assert (operation.state, operation.remote_id) == (State.DONE, proposal)
