"""A job's page and the list of jobs: how far, what became of each write, and for whose eyes."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.jobs.pages.showing import end, path, show
from tests.support.bulk import make_member, sign_in, start_job
from tests.support.factories import link, make_proposal, make_staff

pytestmark = pytest.mark.django_db

State = Operation.State


def test_a_running_job_renews_its_progress(client: Client, job: Job) -> None:
    html = show(client, job)
    for text in ("1 of 4", "<progress", 'aria-live="polite"', "Mark as lost", "te duur", "Pause", "Cancel job"):
        assert text in html
    assert f'hx-get="{path(job, "progress/")}"' in html
    assert "Resume" not in html
    assert "Undo</button>" not in html


def test_what_is_left_is_told_with_what_goes_before(client: Client, job: Job, settings: Settings) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 30
    other = start_job(make_staff("piet"), "proposals.mark_won", [make_proposal() for _ in range(3)])
    assert "about 1 minute left" in client.get(path(job, "progress/")).content.decode()
    Operation.objects.filter(job=other).update(job=None)
    waiting = Operation.objects.filter(job=None)
    Operation.objects.bulk_create(
        Operation(connection=each.connection, verb=each.verb, target=each.target) for each in list(waiting) * 29
    )
    caches["local"].clear()
    html = client.get(path(job, "progress/")).content.decode()
    assert "about 4 minutes left, 3 of them for 90 changes queued before" in html


@pytest.mark.parametrize("role", ["Manager", "Seller", ""])
def test_a_poll_takes_eight_queries(account: Connection, role: str) -> None:
    user = make_member(role, "sam") if role else make_staff("root")
    mine = make_proposal(owner_remote_id=link(user).remote_id)
    job = start_job(user, "proposals.mark_won", [mine])
    client = sign_in(user)
    poll = {"told": "", "was": job.state}
    client.get(path(job, "progress/"), poll)
    with CaptureQueriesContext(database) as queries:
        response = client.get(path(job, "progress/"), poll, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "0 of 1" in response.content.decode()
    assert len(queries) <= 8, [query["sql"] for query in queries]


def test_a_poll_renews_progress_counts_results_and_the_header_together(client: Client, job: Job) -> None:
    end(job, State.DONE, State.REJECTED, reason=Reason(Code.REJECTED))
    html = client.get(path(job, "progress/"), {"was": job.state, "state": "rejected"}).content.decode()
    assert "3 of 4" in html
    assert 'id="job-problem" hx-swap-oob="true"' in html
    assert re.search(r'id="job-retry" hx-swap-oob="true">', html)
    assert "Offorte did not accept this." in html
    assert "Already lost." not in html
    assert re.search(r'hx-get="[^"]*\?state=rejected"', html)


def test_a_stage_is_read_out_once(client: Client, job: Job) -> None:
    assert "job-stage" in client.get(path(job, "progress/")).content.decode()
    assert "job-stage" not in client.get(path(job, "progress/"), {"told": "20% done"}).content.decode()


def test_the_page_reloads_when_the_job_ended_or_was_paused(client: Client, job: Job) -> None:
    poll = {"was": job.state}
    assert "HX-Refresh" not in client.get(path(job, "progress/"), poll)
    control.pause(job, job.requested_by or make_staff())
    assert client.get(path(job, "progress/"), poll)["HX-Refresh"] == "true"
    Job.objects.update(state=Job.State.DONE)
    assert client.get(path(job, "progress/"))["HX-Refresh"] == "true"


def test_a_job_that_is_done_can_be_undone_and_says_so(client: Client, job: Job) -> None:
    end(job, State.DONE, State.DONE, State.DONE)
    html = show(client, job)
    assert f'action="{reverse("job_undo", args=[job.pk])}"' in html
    assert "Pause" not in html
    undoing = jobs_undoing.undo(job, by=job.requested_by)  # type: ignore[arg-type]
    assert "This job is being undone." in show(client, job)
    html = show(client, undoing)
    assert "Undo: Mark as lost" in html
    assert path(job) in html


def test_why_a_job_can_not_be_undone_is_told(client: Client, manager: User, account: Connection) -> None:
    job = start_job(manager, "proposals.delete", [make_proposal()])
    end(job, State.DONE)
    html = show(client, job)
    assert "Can’t be undone." in html
    assert "Offorte can’t undo this." in html
    assert reverse("job_undo", args=[job.pk]) not in html


def test_a_cancelled_job_can_go_on(client: Client, job: Job) -> None:
    control.cancel(job, job.requested_by or make_staff())
    html = show(client, job)
    assert "Resume" in html
    assert "Cancelled" in html


def test_a_seller_sees_their_own_jobs_only(account: Connection, job: Job) -> None:
    seller = make_member("Seller", "sam")
    own = start_job(seller, "proposals.mark_won", [make_proposal(owner_remote_id=link(seller).remote_id)])
    client = sign_in(seller)
    html = client.get("/jobs/job/").content.decode()
    assert path(own) in html
    assert path(job) not in html
    assert client.get(path(job)).status_code == 302
    assert client.get(path(job, "progress/")).status_code == 403
    assert client.get(path(job, "results.csv")).status_code == 404
    assert client.get(path(own)).status_code == 200


def test_who_may_see_no_jobs_sees_none(job: Job) -> None:
    client = sign_in(make_member("Viewer", "vic"))
    for part in ("change/", "progress/", "results.csv"):
        assert client.get(path(job, part)).status_code == 403
    assert client.get("/jobs/job/").status_code == 403
    assert "/jobs/job/" not in client.get("/").content.decode()


def test_who_may_not_do_what_a_job_does_gets_no_buttons(job: Job) -> None:
    user = make_member("Viewer", "vic")
    manager = make_member("Manager", "max")
    for name in ("view_job", "view_others_jobs"):
        user.user_permissions.add(manager.groups.get().permissions.get(codename=name))
    html = show(sign_in(user), job)
    assert "Pause" not in html
    assert not re.search(r"\baction=\"/jobs/", html)


def test_the_list_tells_each_job_in_a_line_and_is_filtered(client: Client, job: Job, manager: User) -> None:
    other = start_job(make_staff("piet"), "proposals.mark_won", [make_proposal()])
    html = client.get("/jobs/job/").content.decode()
    for text in ("Mark as lost", "4 proposals", "1 of 4", "Running", path(other)):
        assert text in html
    for query, shown, hidden in (
        ("?mine=yes", job, other),
        ("?action=proposals.mark_won", other, job),
        ("?state=done", None, job),
        ("?started=today", job, None),
    ):
        html = client.get("/jobs/job/" + query).content.decode()
        assert shown is None or path(shown) in html
        assert hidden is None or path(hidden) not in html


def test_a_list_of_jobs_costs_the_same_whatever_their_number(client: Client, manager: User) -> None:
    def count() -> int:
        caches["local"].clear()
        with CaptureQueriesContext(database) as queries:
            client.get("/jobs/job/")
        return len(queries)

    start_job(manager, "proposals.mark_lost", [make_proposal()])
    count()
    few = count()
    for _ in range(5):
        start_job(manager, "proposals.mark_lost", [make_proposal()])
    assert count() == few


def test_active_jobs_are_counted_in_the_navigation(client: Client, job: Job) -> None:
    caches["local"].clear()
    html = client.get("/").content.decode()
    assert re.search(r'href="/jobs/job/".*?nav-badge"[^>]*>1<', html, re.DOTALL)


def test_a_job_of_an_action_that_is_no_more_can_be_looked_at(client: Client, manager: User) -> None:
    job = Job.objects.create(
        action="proposals.gone", key="0" * 32, size=2, planned=2, requested_by=manager, state="done"
    )
    html = show(client, job)
    assert "proposals.gone" in html
    assert "2 items" in html
    assert "2 items" in client.get("/jobs/job/").content.decode()


def test_a_job_that_reads_counts_what_it_has_read(client: Client, manager: User, account: Connection) -> None:
    rows = [make_proposal() for _ in range(4)]
    job = Job.objects.create(
        action="proposals.refresh", key="1" * 32, size=4, planned=3, requested_by=manager, state="running",
        selection=[row.pk for row in rows],
    )  # fmt: skip
    assert "3 of 4" in show(client, job)


def test_jobs_can_not_be_made_changed_or_deleted_by_forms(client: Client, job: Job) -> None:
    for part in ("delete/",):
        assert client.get(path(job, part)).status_code == 403
    assert client.get("/jobs/job/add/").status_code == 403
    assert client.post(path(job), {"state": "done"}).status_code == 403
    assert Proposal.objects.count() == 4
