"""A job's page and the list of jobs: how far, what became of each write, and for whose eyes."""

import re
from typing import Any

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
from offorte_portal.jobs import control, ending
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.bulk import make_member, sign_in, start_job
from tests.support.factories import link, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db

State = Operation.State


@pytest.fixture
def account() -> Connection:
    caches["local"].clear()
    return make_connection(label="De Vries")


@pytest.fixture
def manager(account: Connection) -> User:
    return make_member("Manager", "mia")


@pytest.fixture
def client(manager: User) -> Client:
    return sign_in(manager)


@pytest.fixture
def job(manager: User) -> Job:
    """A running job with three writes and one row that is left out."""
    rows = [make_proposal(name=f"Dak {number}") for number in range(3)] + [make_proposal(name="Oud", status="lost")]
    return start_job(manager, "proposals.mark_lost", rows)


def path(job: Job, part: str = "change/") -> str:
    return f"/jobs/job/{job.pk}/{part}"


def show(client: Client, job: Job, query: str = "") -> str:
    response = client.get(path(job) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def end(job: Job, *states: str, **columns: Any) -> None:
    """Give the writes of the job these states, in their order."""
    waiting = job.operations.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True)
    for pk, state in zip(list(waiting), states, strict=False):
        Operation.objects.filter(pk=pk).update(state=state, **columns)
    ending.finish_ended()
    job.refresh_from_db()


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


def test_each_result_names_number_and_company_and_leads_to_its_record(client: Client, manager: User) -> None:
    row = make_proposal(name="Dakkapel", number="2026-0042", company_name="Bakker & Zn")
    job = start_job(manager, "proposals.mark_lost", [row])
    html = show(client, job)
    assert f'href="/proposals/proposal/{row.pk}/change/"' in html
    for text in ("Dakkapel", "2026-0042", "Bakker &amp; Zn", "Change proposal"):
        assert text in html.split('id="results"')[1]
    assert re.search(r"/operation/\d+/change/", html)


def test_results_of_a_large_job_take_the_same_queries(client: Client, manager: User) -> None:
    def count(job: Job, query: str = "") -> int:
        caches["local"].clear()
        show(client, job, query)
        with CaptureQueriesContext(database) as queries:
            show(client, job, query)
        return len(queries)

    small = start_job(manager, "proposals.mark_lost", [make_proposal()])
    large = start_job(manager, "proposals.mark_lost", [make_proposal() for _ in range(3)])
    first = large.operations.get(pk=min(large.operations.values_list("pk", flat=True)))
    copies = [
        Operation(connection=first.connection, job=first.job, verb="change", target="proposals", remote_id=number)
        for number in range(20_000)
    ]
    Operation.objects.bulk_create(copies, batch_size=2_000)
    assert count(large, "?page=400") == count(small)
    assert "19,951–20,000 of 20,003" in show(client, large, "?page=400")


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


def test_results_tell_what_became_of_each(client: Client, job: Job) -> None:
    end(job, State.DONE, State.REJECTED, State.FAILED, reason=Reason(Code.REJECTED))
    html = show(client, job)
    for text in (
        "Done",
        "Rejected by Offorte",
        "Offorte did not accept this.",
        "Already lost.",
        "failed or need checking",
    ):
        assert text in html
    assert "Retry failed items" in html
    assert "hx-get" not in html.split('id="job-live"')[1].split(">")[0]
    rejected = show(client, job, "?state=rejected")
    assert re.findall(r"/operation/(\d+)/change/", rejected) == [
        str(pk) for pk in job.operations.filter(state=State.REJECTED).values_list("pk", flat=True)
    ]
    assert show(client, job, "?state=nonsense&page=99")


def test_results_are_shown_fifty_at_a_time(client: Client, manager: User) -> None:
    job = start_job(manager, "proposals.mark_lost", [make_proposal(name=f"Dak {number:03}.") for number in range(60)])
    assert len(re.findall(r"/operation/\d+/change/", show(client, job))) == 50
    assert len(re.findall(r"/operation/\d+/change/", show(client, job, "?page=2&state=waiting"))) == 10
    assert len(re.findall(r"/operation/\d+/change/", show(client, job, "?state=done"))) == 0


def test_results_can_be_taken_along(client: Client, job: Job) -> None:
    Operation.objects.filter(state=State.SKIPPED).update(label="=1+1")
    response = client.get(path(job, "results.csv"), {"state": "skipped"})
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    assert "Already lost." in lines[1]
    assert len(b"".join(client.get(path(job, "results.csv")).streaming_content).splitlines()) == 5  # type: ignore[attr-defined]


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
