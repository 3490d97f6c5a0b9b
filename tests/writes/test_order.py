"""Which operation may be sent when, and that only one process sends it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from offorte_portal.connections import budget
from offorte_portal.jobs.models import Job
from offorte_portal.text.reason import Reason
from offorte_portal.writes import claims, draining, performing, sessions
from offorte_portal.writes.claims import claim
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.writes.conftest import Desk
from tests.writes.factories import make_job

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def states() -> list[str]:
    """The states of all operations, oldest first."""
    return list(Operation.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("pending", [State.WAITING, State.SENDING, State.UNKNOWN])
def test_order_is_kept_on_one_object(desk: Desk, pending: str) -> None:
    company = desk.company()
    first = desk.ask("change", "companies", {"city": "Oss"}, remote_id=company)
    second = desk.ask("change", "companies", {"city": "Breda"}, remote_id=company)
    until = timezone.now() + timedelta(hours=1)
    Operation.objects.filter(pk=first.pk).update(state=pending, retry_at=until, lease_until=until, lease="x")
    assert claim(second) is None
    Operation.objects.filter(pk=first.pk).update(state=State.FAILED)
    assert claim(second) is not None


def test_other_things_do_not_wait(desk: Desk) -> None:
    company = desk.company()
    desk.ask("change", "companies", {"city": "Oss"}, remote_id=company)
    assert claim(desk.ask("change", "companies", {"city": "Oss"}, remote_id=desk.company()))
    assert claim(desk.ask("change", "directories", {"name": "Oss"}, remote_id=company))
    assert claim(desk.ask("create", "companies", {"name": "Oss"}))


def test_of_many_processes_one_sends(desk: Desk) -> None:
    operation = desk.ask("create", "companies", {"name": "Nieuw BV"})
    taken: list[Any] = []
    barrier = threading.Barrier(4)

    def try_it() -> None:
        mine = Operation.objects.get(pk=operation.pk)
        barrier.wait()
        taken.append(claim(mine))
        connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in taken) == 1
    assert len(taken) == 4


def test_who_lost_the_lease_does_not_send(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = desk.ask("create", "companies", {"name": "Nieuw BV"})
    real = sessions.Permit.take_turn

    def stall(self: sessions.Permit, patience: float | None = None) -> None:
        Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        draining.sweep()
        real(self, patience)

    with monkeypatch.context() as patch:
        patch.setattr(sessions.Permit, "take_turn", stall)
        assert performing.perform(operation).state == State.WAITING
    assert desk.simulator.requests == []
    assert performing.perform(operation).state == State.DONE


def test_a_turn_that_is_over_is_taken_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[None] = []
    acquire, leave = budget.AccountGate.acquire, claims.Claim.leave

    def leave_late(self: claims.Claim) -> None:
        leave(self)
        monkeypatch.setattr(sessions, "TURN_SECONDS", 60.0)

    monkeypatch.setattr(budget.AccountGate, "acquire", lambda self: taken.append(acquire(self)))
    monkeypatch.setattr(sessions, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(claims.Claim, "leave", leave_late)
    assert desk.do("create", "companies", {"name": "Nieuw BV"}).state == State.DONE
    assert (len(taken), len(desk.simulator.requests)) == (2, 1)


def test_steps_follow_each_other_and_hand_on_their_ids(desk: Desk) -> None:
    company = desk.ask("create", "companies", {"name": "Nieuw BV"})
    person = desk.ask(
        "create",
        "people",
        {"fullname": "Sanne Bos", "email": "s@bos.nl", "parent_remote_id": {"operation": company.pk}},
        after=company,
    )
    draft = {
        "name": "Dak",
        "company_id": {"operation": company.pk},
        "company_contacts": [{"operation": person.pk}],
    }
    proposal = desk.ask("create", "proposals", draft, after=person)
    sending = {"send_message": "Hallo", "remote_id": {"operation": proposal.pk}}
    sent = desk.ask("send", "proposals", sending, after=proposal)
    assert performing.perform(sent).reason == WriteReason.STEP_PENDING()
    assert performing.perform(company).state == State.DONE
    draining.drain(desk.connection.pk)
    assert states() == [State.DONE] * 4
    (mail,) = desk.simulator.sent_mails
    assert mail.receivers == ("s@bos.nl",)
    row = Proposal.objects.get()
    assert row.company is not None
    assert (row.company.name, row.receivers.get().fullname) == ("Nieuw BV", "Sanne Bos")
    sent.refresh_from_db()
    assert (sent.draft, sent.remote_id) == ({"send_message": "Hallo"}, row.remote_id)


def test_an_id_that_is_still_to_come_is_waited_for(desk: Desk) -> None:
    company = desk.ask("create", "companies", {"name": "Nieuw BV"})
    draft = {"fullname": "A", "email": "a@b.nl", "parent_remote_id": {"operation": company.pk}}
    person = desk.do("create", "people", draft)
    assert (person.state, person.reason) == (State.WAITING, WriteReason.STEP_PENDING())
    assert person.retry_at is not None
    draining.drain(desk.connection.pk)
    assert states() == [State.DONE, State.WAITING]
    Operation.objects.update(retry_at=None)
    draining.drain(desk.connection.pk)
    assert states() == [State.DONE, State.DONE]


@pytest.mark.parametrize("ended", [State.REJECTED, State.SKIPPED])
def test_an_id_that_never_comes_fails_the_step(desk: Desk, ended: str) -> None:
    company = desk.ask("create", "companies", {"name": "Nieuw BV"})
    Operation.objects.update(state=ended)
    draft = {"fullname": "A", "email": "a@b.nl", "parent_remote_id": {"operation": company.pk}}
    person = desk.do("create", "people", draft)
    assert (person.state, person.reason) == (State.FAILED, WriteReason.NO_STEP_ID())


def test_what_follows_a_failed_step_is_cancelled_to_the_last(desk: Desk) -> None:
    first = desk.ask("create", "companies", {"name": "x", "email": "nonsense"})
    second = desk.ask("create", "companies", {"name": "y"}, after=first)
    desk.ask("create", "companies", {"name": "z"}, after=second)
    performing.perform(first)
    assert states() == [State.REJECTED, State.CANCELLED, State.CANCELLED]
    assert set(Operation.objects.exclude(pk=first.pk).values_list("reason", flat=True)) == {WriteReason.STEP_FAILED()}


@pytest.mark.parametrize("find", [lambda desk: draining.sweep(), lambda desk: draining.drain(desk.connection.pk)])
def test_followers_that_a_dead_process_left_behind_are_cancelled(desk: Desk, find: Any) -> None:
    first = desk.ask("create", "companies", {"name": "x"})
    desk.ask("create", "companies", {"name": "y"}, after=first)
    Operation.objects.filter(pk=first.pk).update(state=State.FAILED)
    find(desk)
    assert states() == [State.FAILED, State.CANCELLED]


def test_what_comes_back_to_a_cancelled_job_is_cancelled(desk: Desk) -> None:
    job = make_job(desk.person, state=Job.State.CANCELLED)
    operation = desk.ask("create", "companies", {"name": "x"}, job=job)
    draining.sweep()
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == (State.CANCELLED, WriteReason.JOB_CANCELLED())


@pytest.mark.parametrize(
    ("verb", "has_left", "state", "reason"),
    [
        ("change", True, State.WAITING, WriteReason.INTERRUPTED()),
        ("change", False, State.WAITING, WriteReason.INTERRUPTED()),
        ("create", False, State.WAITING, WriteReason.INTERRUPTED()),
        ("create", True, State.UNKNOWN, WriteReason.LOST()),
    ],
)
def test_what_a_dead_process_was_sending(desk: Desk, verb: str, has_left: bool, state: str, reason: Reason) -> None:
    company = desk.company() if verb == "change" else None
    taken = claim(desk.ask(verb, "companies", {"name": "Nieuw BV"}, remote_id=company))
    assert taken
    if has_left:
        taken.leave()
    draining.sweep()
    assert states() == [State.SENDING]
    Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    draining.sweep()
    operation = Operation.objects.get()
    assert (operation.state, operation.reason, operation.lease) == (state, reason, "")


def test_a_lease_from_before_the_clock_was_set_back_is_over(desk: Desk) -> None:
    claim(desk.ask("create", "companies", {"name": "x"}))
    Operation.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    draining.sweep()
    assert states() == [State.WAITING]


def test_what_kills_its_process_every_time_fails_in_the_end(desk: Desk) -> None:
    taken = claim(desk.ask("change", "companies", {"city": "x"}, remote_id=desk.company()))
    assert taken
    taken.leave()
    past = timezone.now() - timedelta(seconds=1)
    Operation.objects.update(lease_until=past, attempts=claims.MOST_TRIES)
    draining.sweep()
    operation = Operation.objects.get()
    assert (operation.state, operation.reason) == (State.FAILED, WriteReason.TOO_OFTEN())
