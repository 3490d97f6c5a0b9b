"""A person's own bulk jobs that failed are on their call list, until they say that they have seen it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.desk.calls import dealing, reading
from offorte_portal.jobs.models import Job
from offorte_portal.staff.preferences import keep_failures_seen
from offorte_portal.staff.scope import Scope
from offorte_portal.writes.models import Batch, Operation
from proposals.models import Proposal
from tests.support.bulk import start_job
from tests.support.factories import make_proposal, make_staff

pytestmark = pytest.mark.django_db

State = Operation.State


@pytest.fixture
def sanne() -> User:
    return make_staff("sanne")


def fail(user: User, *states: str, days_ago: int = 0) -> Job:
    """A job of the person's that ended, with writes in these states."""
    rows: list[Any] = [make_proposal(name=f"Dak {number}") for number, _state in enumerate(states)]
    job = start_job(user, "proposals.mark_lost", rows)
    for operation, state in zip(job.operations.order_by("pk"), states, strict=True):
        Operation.objects.filter(pk=operation.pk).update(state=state)
    ended = ports.now() - timedelta(days=days_ago)
    Batch.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=ended)
    return job


def read(user: User) -> list[tuple[str, list[str]]]:
    """The names of the proposals whose row is about a job, with its reasons."""
    accounts = tuple(Connection.objects.values_list("pk", flat=True))
    page = reading.read(Scope(user, is_mine=True, accounts=accounts), "job")
    return [(call.proposal.name, call.reasons) for call in page.calls]


def test_a_job_with_failures_is_one_row_at_its_first(sanne: User) -> None:
    fail(sanne, State.DONE, State.REJECTED, State.FAILED)
    assert read(sanne) == [("Dak 1", ["not all of your bulk job was done: check"])]


@pytest.mark.parametrize("states", [[State.DONE], [State.SKIPPED], [State.UNKNOWN]])
def test_a_job_without_failures_is_no_row(sanne: User, states: list[str]) -> None:
    fail(sanne, *states)
    assert read(sanne) == []


def test_a_colleagues_job_an_old_one_and_one_that_was_seen_are_none(sanne: User) -> None:
    fail(make_staff("pieter"), State.FAILED)
    fail(sanne, State.FAILED, days_ago=8)
    assert read(sanne) == []
    fail(sanne, State.FAILED)
    assert len(read(sanne)) == 1
    keep_failures_seen(sanne, ports.now())
    assert read(User.objects.get(pk=sanne.pk)) == []


def test_done_takes_it_off_until_another_job_fails(sanne: User) -> None:
    fail(sanne, State.FAILED)
    dealing.finish(Proposal.objects.get(), None, sanne)
    assert read(sanne) == []
    fail(sanne, State.FAILED)
    assert len(read(sanne)) == 1


def test_the_row_leads_to_the_job(sanne: User, client: Client) -> None:
    job = fail(sanne, State.FAILED)
    client.force_login(sanne)
    html = client.get("/?who=mine&why=job").content.decode()
    assert f'href="{reverse("admin:jobs_job_change", args=[job.pk])}"' in html
