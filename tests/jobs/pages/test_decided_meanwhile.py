"""Proposals that somebody else decided about after the preview of a bulk job: the job leaves them as they are."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, planning, undoing
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.tracking import losses
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.jobs.conftest import work_off
from tests.jobs.pages.showing import show
from tests.support.bulk import ConfirmPage, open_confirm, sign_in
from tests.support.factories import make_staff
from tests.support.feed import bring_up_to_date
from tests.support.mirrored import mirror_account
from tests.webhooks.posting import drain, now, post

pytestmark = pytest.mark.django_db

State = Operation.State
WHY = {"reason": "other", "words": "te duur"}
CHANGED = "Its status has changed since the preview, so nothing was sent."


@pytest.fixture
def account(simulator: Simulator, connect: Callable[..., Connection]) -> Connection:
    """An account that has been read."""
    connection = connect()
    mirror_account(connection, simulator)
    bring_up_to_date()
    return connection


@pytest.fixture
def at_offorte(account: Connection, simulator: Simulator) -> Account:
    return simulator.account("bouw")


@pytest.fixture
def rows(account: Connection) -> list[Proposal]:
    """Two open proposals."""
    return list(Proposal.objects.filter(status="open").order_by("pk")[:2])


@pytest.fixture
def sanne(account: Connection) -> Client:
    return sign_in(make_staff("sanne", first_name="Sanne", last_name="Bos"))


def win(client: Client, proposal: Proposal) -> None:
    """Mark a proposal as won on the board."""
    data = {"status": "won", "seen": "open", "key": str(uuid.uuid4()), "next": "/board/"}
    client.post(reverse("board_move", args=[proposal.pk]), data)


def win_at_offorte(at_offorte: Account, proposal: Proposal, *, status: str = "won") -> None:
    """Decide in Offorte, which posts an event."""
    at_offorte.proposals[proposal.remote_id]["status"] = status
    post(proposal.connection, f"proposal_{status}", {"proposal_id": proposal.remote_id}, now())
    drain(proposal.connection)


def preview(client: Client, rows: list[Proposal], action: str = "proposals.mark_lost") -> ConfirmPage:
    page = open_confirm(client, action, rows)
    if action == "proposals.mark_lost":
        page.preview(**WHY)
    return page


def confirm(page: ConfirmPage, **options: Any) -> Job:
    assert page.confirm(**options).status_code == 302, page.complaints
    return Job.objects.latest("pk")


def states(job: Job) -> dict[int | None, str]:
    return {operation.remote_id: operation.state for operation in job.operations.all()}


def status_at(at_offorte: Account, proposal: Proposal) -> Any:
    return at_offorte.proposals[proposal.remote_id]["status"]


def test_a_win_between_preview_and_confirmation_stays(
    client: Client, sanne: Client, rows: list[Proposal], at_offorte: Account
) -> None:
    beaten, other = rows
    page = preview(client, rows)
    win(sanne, beaten)
    job = work_off(confirm(page, **WHY))
    assert [status_at(at_offorte, row) for row in rows] == ["won", "lost"]
    assert states(job) == {beaten.remote_id: State.SKIPPED, other.remote_id: State.DONE}
    assert set(losses.current(rows)) == {other.pk}
    html = show(client, job)
    assert f"{CHANGED} <bdi>Sanne Bos marked it as won just now.</bdi>" in html
    assert "failed or need checking" not in html
    client.post(reverse("job_retry", args=[job.pk]))
    assert status_at(at_offorte, beaten) == "won"
    assert states(work_off(job))[beaten.remote_id] == State.SKIPPED


@pytest.mark.parametrize("action", ["proposals.mark_won", "proposals.mark_closed", "proposals.mark_edit"])
def test_it_is_so_for_each_status(client: Client, rows: list[Proposal], at_offorte: Account, action: str) -> None:
    page = preview(client, rows, action)
    win_at_offorte(at_offorte, rows[0], status="lost")
    job = work_off(confirm(page))
    assert status_at(at_offorte, rows[0]) == "lost"
    skipped = job.operations.get(state=State.SKIPPED)
    assert skipped.reason == WriteReason.STATUS_CHANGED(status="lost")
    assert f"{CHANGED} <bdi>In Offorte, it’s marked as lost.</bdi>" in show(client, job)


def test_what_offorte_told_while_a_row_waited_stays(client: Client, rows: list[Proposal], at_offorte: Account) -> None:
    beaten, other = rows
    job = confirm(preview(client, rows), **WHY)
    planning.plan(job.pk)
    win_at_offorte(at_offorte, beaten)
    job = work_off(job)
    assert [status_at(at_offorte, row) for row in rows] == ["won", "lost"]
    skipped = job.operations.get(state=State.SKIPPED)
    assert (skipped.remote_id, skipped.sent_at) == (beaten.remote_id, None)
    assert (skipped.reason, skipped.conflicts) == (WriteReason.STATUS_CHANGED(status="won"), {"status": "won"})
    assert f"{CHANGED} <bdi>In Offorte, it’s marked as won.</bdi>" in show(client, job)
    assert set(losses.current(rows)) == {other.pk}


def test_the_same_decision_by_another_is_not_undone_with_the_job(
    client: Client, rows: list[Proposal], at_offorte: Account, manager: User
) -> None:
    job = confirm(preview(client, rows), **WHY)
    planning.plan(job.pk)
    win_at_offorte(at_offorte, rows[0], status="lost")
    work_off(undoing.undo(work_off(job), by=manager))
    assert [status_at(at_offorte, row) for row in rows] == ["lost", "open"]


def test_a_job_that_is_resumed_overwrites_nothing(
    client: Client, rows: list[Proposal], at_offorte: Account, manager: User
) -> None:
    job = confirm(preview(client, rows), **WHY)
    planning.plan(job.pk)
    assert control.cancel(job, manager)
    win_at_offorte(at_offorte, rows[0])
    assert control.resume(job, manager)
    work_off(job)
    assert [status_at(at_offorte, row) for row in rows] == ["won", "lost"]


def test_a_lost_answer_is_no_decision_of_another(client: Client, rows: list[Proposal], at_offorte: Account) -> None:
    job = confirm(preview(client, rows[:1]), **WHY)
    planning.plan(job.pk)
    # The first try was carried out, its answer did not arrive, and the event came before the second.
    job.operations.update(attempts=1, sent_at=now())
    win_at_offorte(at_offorte, rows[0], status="lost")
    assert states(work_off(job)) == {rows[0].remote_id: State.DONE}
    assert set(losses.current(rows)) == {rows[0].pk}


def test_a_fresh_preview_may_overwrite(client: Client, rows: list[Proposal], at_offorte: Account) -> None:
    win_at_offorte(at_offorte, rows[0])
    job = work_off(confirm(preview(client, rows), **WHY))
    assert [status_at(at_offorte, row) for row in rows] == ["lost", "lost"]
    assert set(states(job).values()) == {State.DONE}


def test_what_was_undone_meanwhile_at_offorte_says_so(
    client: Client, rows: list[Proposal], at_offorte: Account, manager: User
) -> None:
    job = work_off(confirm(preview(client, rows[:1]), **WHY))
    win_at_offorte(at_offorte, rows[0])
    undo = work_off(undoing.undo(job, by=manager))
    assert status_at(at_offorte, rows[0]) == "won"
    assert "In Offorte, it’s marked as won." in show(client, undo)


def test_statuses_that_were_tampered_with_are_shown_again(client: Client, rows: list[Proposal]) -> None:
    page = preview(client, rows)
    page.html = page.html.replace('name="seen" value="', 'name="seen" value="x')
    assert page.confirm(**WHY).status_code == 200
    assert "Review them, then confirm" in page.html
    assert not Job.objects.exists()
