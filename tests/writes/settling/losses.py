"""Operations whose answer is lost."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from offorte_portal.simulator import Fault
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.writes.conftest import Desk

State = Operation.State


def lose(desk: Desk, fault: Any, verb: str, target: str, draft: dict[str, Any], **options: Any) -> Operation:
    """Do something of which the answer is lost, three minutes ago."""
    desk.simulator.faults.add(Fault(fault, method="POST"))
    operation = desk.do(verb, target, draft, **options)
    assert (operation.state, operation.reason) == (State.UNKNOWN, WriteReason.LOST())
    return age(operation)


def age(operation: Operation, minutes: float = 3) -> Operation:
    """Let the request have been sent so long ago."""
    sent_at = (operation.sent_at or timezone.now()) - timedelta(minutes=minutes)
    Operation.objects.filter(pk=operation.pk).update(sent_at=sent_at, retry_at=timezone.now())
    operation.refresh_from_db()
    return operation


def send_lost(desk: Desk, fault: str, **draft: Any) -> Operation:
    """A send whose answer is lost."""
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.account.send_proposal(proposal, message="Een eerdere mail")
    desk.sync()
    desk.simulator.faults.add(Fault(fault, method="POST"))  # type: ignore[arg-type]
    operation = desk.do("send", "proposals", {"send_message": "Hallo", **draft}, remote_id=proposal)
    assert (operation.state, len(operation.known_ids)) == (State.UNKNOWN, 1)
    return operation
