"""A job is paused, resumed, cancelled, tried again and undone, by who may."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.bulk import make_member, sign_in, start_job
from tests.support.factories import link, make_proposal, make_staff

pytestmark = pytest.mark.django_db


CONTROLS = ("pause", "resume", "cancel", "retry", "undo")


@pytest.mark.parametrize("what", CONTROLS)
def test_jobs_are_controlled_by_post_and_by_those_who_may(
    account: Connection, opened: list[Proposal], manager: User, what: str
) -> None:
    job = start_job(manager, "proposals.mark_lost", opened)
    url = reverse(f"job_{what}", args=[job.pk])
    before = Job.objects.values().get()
    assert sign_in(manager).get(url).status_code == 405
    for stranger in (make_member("Seller", "sam"), make_member("Viewer", "vic")):
        assert sign_in(stranger).post(url).status_code == 403
    assert Job.objects.values().get() == before
    assert sign_in(make_staff()).post(url).status_code == 302
    assert sign_in(manager).post(reverse(f"job_{what}", args=[job.pk + 99])).status_code == 404


def test_one_s_own_job_needs_the_permission_of_its_action_still(account: Connection) -> None:
    seller = make_member("Seller", "sam")
    proposal = make_proposal(owner_remote_id=link(seller).remote_id)
    job = start_job(seller, "proposals.mark_lost", [proposal])
    client = sign_in(seller)
    assert client.post(reverse("job_pause", args=[job.pk])).status_code == 302
    seller.groups.clear()
    assert client.post(reverse("job_resume", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.state == Job.State.PAUSED


def test_a_job_is_paused_resumed_and_cancelled(client: Client, opened: list[Proposal], manager: User) -> None:
    job = start_job(manager, "proposals.mark_lost", opened)
    states = []
    for what in ("pause", "resume", "cancel"):
        client.post(reverse(f"job_{what}", args=[job.pk]))
        job.refresh_from_db()
        states.append(job.state)
    assert states == [Job.State.PAUSED, Job.State.RUNNING, Job.State.CANCELLED]
    response = client.post(reverse("job_cancel", args=[job.pk]), follow=True)
    assert "The job has already finished." in response.content.decode()


def test_what_failed_is_tried_again(client: Client, opened: list[Proposal], manager: User) -> None:
    job = start_job(manager, "proposals.mark_lost", opened)
    job.operations.update(state=Operation.State.DONE)
    failed = job.operations.order_by("pk")[0]
    Operation.objects.filter(pk=failed.pk).update(state=Operation.State.FAILED)
    client.post(reverse("job_retry", args=[job.pk]))
    failed.refresh_from_db()
    assert failed.state == Operation.State.WAITING
    job.operations.update(state=Operation.State.DONE)
    response = client.post(reverse("job_retry", args=[job.pk]), follow=True)
    assert "There’s nothing to retry." in response.content.decode()


def test_undoing_is_a_job_of_its_own_started_once(client: Client, opened: list[Proposal], manager: User) -> None:
    job = start_job(manager, "proposals.mark_lost", opened)
    url = reverse("job_undo", args=[job.pk])
    response = client.post(url, follow=True)
    assert "This can’t be undone. The job hasn’t finished yet." in response.content.decode()
    job.operations.update(state=Operation.State.DONE)
    Job.objects.update(state=Job.State.DONE)
    page = client.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    answers = {client.post(url, {"key": key[1]})["Location"] for _ in range(2)}
    undoing = Job.objects.get(undoes=job)
    assert answers == {reverse("admin:jobs_job_change", args=[undoing.pk])}
