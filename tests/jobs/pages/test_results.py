"""What became of each write of a job, on its page and in files."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from offorte_portal.api.codes import Code
from offorte_portal.jobs.models import Job
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from tests.jobs.pages.showing import end, path, show
from tests.support.bulk import start_job
from tests.support.factories import make_proposal

pytestmark = pytest.mark.django_db

State = Operation.State


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
