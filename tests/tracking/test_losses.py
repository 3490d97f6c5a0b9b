"""Why proposals are lost: kept with the change at Offorte, as long as the proposal is lost."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from offorte_portal import ports
from offorte_portal.changes.recording import Source, recording
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.engine import apply_list
from offorte_portal.simulator import Simulator
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes import control, performing, undoing
from offorte_portal.writes.models import Operation
from proposals.mirror import PROPOSALS
from proposals.models import Proposal
from tests.support.factories import make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db

State = Operation.State


@pytest.fixture
def pieter() -> User:
    return make_staff("pieter")


def lose(proposal: Proposal, why: Why, by: User, **fields: Any) -> Operation:
    operation = losses.lose(proposal, why, by=by, key=fields.pop("key", uuid.uuid4()), **fields)
    proposal.refresh_from_db()
    return operation


def why_of(proposal: Proposal) -> str:
    """Why the proposal is lost, "" where no loss counts."""
    loss = losses.current([proposal]).get(proposal.pk)
    return losses.describe(loss) if loss else ""


def tell_status(proposal: Proposal, status: str) -> None:
    """Let Offorte tell another status."""
    with recording(proposal.connection_id, Source.SYNC):
        item = {"id": proposal.remote_id, "status": status}
        apply_list(proposal.connection_id, PROPOSALS, [item], as_of=ports.now())
    proposal.refresh_from_db()


def test_a_loss_keeps_its_reason(mirrored: Proposal, pieter: User, expensive: LostReason, simulator: Simulator) -> None:
    operation = lose(mirrored, Why(expensive, "Voor de helft elders", "Bouwcombi"), pieter)
    assert operation.state == State.DONE
    assert simulator.account("bouw").proposals[mirrored.remote_id]["status"] == "lost"
    assert why_of(mirrored) == "Too expensive · Competitor: Bouwcombi · “Voor de helft elders”"
    loss = losses.current([mirrored])[mirrored.pk]
    assert (loss.by, loss.operation, loss.connection) == (pieter, operation, mirrored.connection)


def test_the_same_key_twice_loses_once(mirrored: Proposal, pieter: User, expensive: LostReason) -> None:
    key = uuid.uuid4()
    assert lose(mirrored, Why(expensive), pieter, key=key) == lose(mirrored, Why(words="Nee"), pieter, key=key)
    assert [str(loss) for loss in Loss.objects.all()] == ["Too expensive"]


def test_a_loss_that_waits_is_not_asked_for_again(mirrored: Proposal, pieter: User, expensive: LostReason) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    first = lose(mirrored, Why(expensive), pieter)
    assert first.state == State.WAITING
    assert why_of(mirrored) == "", "it is not lost yet"
    assert lose(mirrored, Why(words="Toch niet"), pieter) == first
    Connection.objects.update(state=Connection.State.CONNECTED)
    performing.perform(first)
    assert why_of(mirrored) == "Toch niet"
    assert Operation.objects.count() == 1


def test_what_offorte_refuses_leaves_no_loss_that_counts(
    mirrored: Proposal, pieter: User, expensive: LostReason
) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    operation = lose(mirrored, Why(expensive), pieter)
    control.cancel(operation, pieter)
    tell_status(mirrored, "lost")
    assert why_of(mirrored) == ""
    losses.explain(mirrored, Why(words="Geen zin"), by=pieter)
    assert why_of(mirrored) == "Geen zin"


def test_a_loss_that_is_retried_counts_again(mirrored: Proposal, pieter: User, expensive: LostReason) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    operation = lose(mirrored, Why(expensive), pieter)
    control.cancel(operation, pieter)
    tell_status(mirrored, "open")
    Connection.objects.update(state=Connection.State.CONNECTED)
    control.retry(operation, pieter)
    performing.perform(operation)
    mirrored.refresh_from_db()
    assert why_of(mirrored) == "Too expensive"


def test_a_status_that_somebody_changed_is_not_overwritten(
    mirrored: Proposal, pieter: User, expensive: LostReason, simulator: Simulator
) -> None:
    simulator.account("bouw").proposals[mirrored.remote_id]["status"] = "won"
    operation = lose(mirrored, Why(expensive), pieter)
    assert (operation.state, operation.conflicts) == (State.SKIPPED, {"status": "won"})
    assert why_of(mirrored) == ""
    assert lose(mirrored, Why(expensive), pieter, seen="won").state == State.DONE
    assert why_of(mirrored) == "Too expensive"


def test_undoing_ends_the_loss(mirrored: Proposal, pieter: User, expensive: LostReason) -> None:
    operation = lose(mirrored, Why(expensive), pieter)
    performing.perform(undoing.undo(operation, pieter))
    mirrored.refresh_from_db()
    assert mirrored.status == "open"
    assert Loss.objects.get().ended_at
    tell_status(mirrored, "lost")
    assert why_of(mirrored) == "", "it was lost again, for another reason"


def test_reopening_in_offorte_ends_the_loss(mirrored: Proposal, pieter: User, expensive: LostReason) -> None:
    lose(mirrored, Why(expensive), pieter)
    tell_status(mirrored, "open")
    assert Loss.objects.get().ended_at


def test_a_reason_is_given_afterwards_and_corrected(pieter: User, expensive: LostReason) -> None:
    proposal = make_proposal(status="lost")
    losses.explain(proposal, Why(expensive), by=pieter)
    losses.explain(proposal, Why(words="Verhuisd"), by=pieter)
    assert why_of(proposal) == "Verhuisd"
    assert [loss.ended_at is None for loss in Loss.objects.order_by("pk")] == [False, True]
    assert not Operation.objects.exists()


def test_a_corrected_loss_still_ends_with_its_change(mirrored: Proposal, pieter: User, expensive: LostReason) -> None:
    operation = lose(mirrored, Why(expensive), pieter)
    losses.explain(mirrored, Why(words="Verhuisd"), by=pieter)
    assert why_of(mirrored) == "Verhuisd"
    performing.perform(undoing.undo(operation, pieter))
    mirrored.refresh_from_db()
    assert not Loss.objects.filter(ended_at=None).exists()


def test_a_competitor_is_spelled_as_before_in_the_account(pieter: User) -> None:
    first, second = make_proposal(status="lost"), make_proposal(status="lost")
    elsewhere = make_proposal(make_connection("zuid"), status="lost")
    losses.explain(first, Why(words="x", competitor="Bouwcombinatie É"), by=pieter)
    losses.explain(second, Why(words="x", competitor="bouwcombinatie e"), by=pieter)
    losses.explain(elsewhere, Why(words="x", competitor="Anders"), by=pieter)
    assert losses.known_competitors([first.connection_id]) == ["Bouwcombinatie É"]


def test_a_default_reason_is_shown_in_the_readers_language_until_it_is_renamed(expensive: LostReason) -> None:
    expensive.default, expensive.name = "", "Prijs"
    assert str(expensive) == "Prijs"
    with translation.override("en"):
        shown = [str(reason) for reason in LostReason.objects.all()]
    assert shown[:2] == ["Too expensive", "Chose a competitor"]
