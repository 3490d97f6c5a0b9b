"""A proposal is never mailed twice: the portal looks whether it was."""

import pytest
from django.utils import timezone

from offorte_portal.writes import control, draining, settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.writes.conftest import Desk
from tests.writes.settling.losses import age, lose, send_lost

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def test_a_proposal_that_was_mailed_is_found_in_its_mails(desk: Desk) -> None:
    operation = send_lost(desk, "drop_after")
    (mail,) = settling.look(operation).candidates
    assert (mail.label, mail.is_exact) == ("Hallo", True)
    Operation.objects.update(retry_at=timezone.now())
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.proposals))
    assert len(desk.simulator.sent_mails) == 2
    assert Proposal.objects.get(remote_id=operation.remote_id or 0).emails.count() == 2


def test_a_proposal_that_was_not_mailed_is_not_mailed_by_itself(desk: Desk) -> None:
    operation = send_lost(desk, "drop_before")
    age(operation)
    follower = desk.ask("change", "proposals", {"name": "X"}, remote_id=operation.remote_id, after=operation)
    settling.settle(operation)
    assert (operation.state, operation.reason) == (State.FAILED, WriteReason.NOT_SENT())
    follower.refresh_from_db()
    assert follower.state == State.CANCELLED
    draining.drain(desk.connection.pk)
    assert len(desk.simulator.sent_mails) == 1
    assert control.retry(operation, desk.person)
    draining.drain(desk.connection.pk)
    assert len(desk.simulator.sent_mails) == 2


@pytest.mark.parametrize(("fault", "state"), [("drop_after", State.DONE), ("drop_before", State.FAILED)])
def test_what_is_mailed_by_hand_is_found_in_the_history(desk: Desk, fault: str, state: str) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    draft = {"send_message": "Hallo", "send_method": "self"}
    operation = lose(desk, fault, "send", "proposals", draft, remote_id=proposal)
    assert settling.settle(operation).state == state
    assert desk.simulator.sent_mails == []
