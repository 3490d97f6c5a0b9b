"""Undoing a copy: its proposals go, and the customers and people created for them unless something else uses them."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning, undoing
from offorte_portal.jobs.companions import in_chains
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.other_systems import copying, deciding
from offorte_portal.other_systems.copy_plan import Choice
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.simulator import Simulator
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.support.factories import make_person

pytestmark = pytest.mark.django_db
State = Operation.State


def finish(account: Connection) -> None:
    for _ in range(60):
        for job in Job.objects.filter(state=Job.State.PLANNING):
            planning.plan(job.pk)
        draining.drain(account.pk)
        deciding.settle_made()
        ending.finish_ended()
        if not Operation.objects.filter(state__in=Operation.PENDING).exists():
            return
    raise AssertionError(list(Operation.objects.values_list("verb", "target", "state", "reason")))


def copy(source: Source, account: Connection, staff: User, count: int = 8) -> Job:
    choice = Choice(account, "pricetable1", "EUR", Decimal(21), makes_unknown_customers=True)
    pks = list(source.quotes.order_by("pk").values_list("pk", flat=True)[:count])
    job = copying.start(pks, choice, by=staff, key=uuid.uuid4())
    finish(account)
    job.refresh_from_db()
    return job


def undo(job: Job, account: Connection, staff: User) -> Job:
    made = undoing.undo(job, by=staff)
    finish(account)
    made.refresh_from_db()
    assert made.state == Job.State.DONE
    return made


def counts(simulator: Simulator) -> tuple[int, int, int]:
    remote = simulator.account("bouw")
    return len(remote.companies), len(remote.people), len(remote.proposals)


def kept(job: Job) -> dict[str, Any]:
    """Return why operations were not undone, by what they had created."""
    left = job.operations.exclude(state=State.DONE)
    return {f"{one.target} {one.label}": one.reason for one in left}


def test_all_that_was_created_goes_and_can_be_copied_again(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    before = counts(simulator)
    job = copy(source, account, staff)
    assert counts(simulator) > before
    undone = undo(job, account, staff)
    assert (counts(simulator), kept(undone)) == (before, {})
    assert set(job.operations.values_list("state", flat=True)) == {State.UNDONE}
    assert copying.release_undone() == 8
    assert copying.release_undone() == 0
    assert not source.quotes.exclude(created_with=None).exists()
    assert not source.matches.exclude(state=PartyMatch.State.OPEN, remote_id=None, created_with=None).exists()
    again = copy(source, account, staff)
    assert not again.operations.exclude(state=State.DONE).exists()
    assert counts(simulator)[2] == before[2] + 8
    assert not set(again.operations.values_list("pk", flat=True)) & set(job.operations.values_list("pk", flat=True))


def test_a_proposal_that_was_sent_stays_with_its_company_and_people(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    job = copy(source, account, staff)
    quote = source.quotes.exclude(people=None).order_by("pk")[0]
    assert quote.created_with is not None
    simulator.account("bouw").update_proposal(quote.created_with.remote_id or 0, status="open")
    Proposal.objects.filter(remote_id=quote.created_with.remote_id or 0).update(status="open")
    undone = undo(job, account, staff)
    company = str(quote.company)
    assert kept(undone)[f"proposals {quote}"] == JobReason.NO_DRAFT_ANY_MORE()
    assert kept(undone)[f"companies {company}"] == JobReason.IN_USE()
    remote = simulator.account("bouw")
    record = remote.proposals[quote.created_with.remote_id or 0]
    assert record["company_id"] in remote.companies
    assert set(record["contacts"]) <= set(remote.people)
    assert all(reason == JobReason.PERSON_IN_USE() for label, reason in kept(undone).items() if "people" in label)
    assert len(remote.companies) < len(Company.objects.all())


def test_a_proposal_that_was_sent_a_moment_ago_keeps_its_company(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    """The mirror does not know it yet, Offorte does."""
    job = copy(source, account, staff)
    quote = source.quotes.exclude(people=None).order_by("pk")[0]
    assert quote.created_with is not None
    remote = simulator.account("bouw")
    remote.update_proposal(quote.created_with.remote_id or 0, status="open")
    undone = undo(job, account, staff)
    assert kept(undone)[f"proposals {quote}"] == WriteReason.CHANGED_MEANWHILE()
    assert kept(undone)[f"companies {quote.company}"].code == WriteReason.STEP_FAILED
    record = remote.proposals[quote.created_with.remote_id or 0]
    assert record["company_id"] in remote.companies
    assert set(record["contacts"]) <= set(remote.people)


def test_a_company_with_somebody_else_stays(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    job = copy(source, account, staff, count=1)
    operation = job.operations.get(target="companies")
    company = Company.objects.get(connection=account, remote_id=operation.remote_id or 0)
    make_person(account, company=company, company_remote_id=company.remote_id)
    undone = undo(job, account, staff)
    assert kept(undone) == {f"companies {operation.label}": JobReason.IN_USE()}
    assert company.remote_id in simulator.account("bouw").companies
    assert source.quotes.get(created_with__job=job).created_with is not None
    copying.release_undone()
    match = PartyMatch.objects.get(created_with=operation)
    assert (match.state, match.remote_id) == (PartyMatch.State.CONFIRMED, operation.remote_id)


def test_a_company_that_was_changed_since_stays(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    job = copy(source, account, staff, count=1)
    operation = job.operations.get(target="companies")
    simulator.account("bouw").companies[operation.remote_id or 0]["name"] = "Renamed"
    undone = undo(job, account, staff)
    assert kept(undone) == {f"companies {operation.label}": WriteReason.CHANGED_MEANWHILE()}
    assert operation.remote_id in simulator.account("bouw").companies


def test_people_at_a_company_that_was_there_before(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    quote = source.quotes.exclude(people=None).order_by("pk")[0]
    company = Company.objects.present().filter(connection=account).order_by("pk")[0]
    assert quote.company is not None
    deciding.confirm(quote.company, company, by=staff)
    before = counts(simulator)
    choice = Choice(account, "pricetable1", "EUR", Decimal(21))
    job = copying.start([quote.pk], choice, by=staff, key=uuid.uuid4())
    finish(account)
    job.refresh_from_db()
    person = job.operations.get(target="people")
    assert (person.state, person.parent_remote_id) == (State.DONE, company.remote_id)
    assert Person.objects.present().filter(remote_id=person.remote_id or 0, company=company).exists()
    undone = undo(job, account, staff)
    assert (counts(simulator), kept(undone)) == (before, {})


def test_who_may_not_delete_companies_keeps_them(source: Source, account: Connection, staff: User) -> None:
    operations = list(copy(source, account, staff, count=2).operations.order_by("-pk"))
    found = list(in_chains(operations, lambda permission: permission != "contacts.delete_company"))
    assert [one.operation.target for one in found if one.reason == JobReason.MAY_NOT_DELETE_THIS()] == ["companies"] * 2
    assert all((one.reason is None) == (one.operation.target != "companies") for one in found)
    found = list(in_chains(operations, lambda permission: permission != "proposals.delete_proposal"))
    reasons = {one.operation.target: one.reason for one in found}
    assert (reasons["proposals"], reasons["companies"]) == (JobReason.MAY_NOT_DELETE(), JobReason.IN_USE())
