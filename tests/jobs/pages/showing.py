"""A job's page as a person opens it."""

from typing import Any

from django.test import Client

from offorte_portal.jobs import ending
from offorte_portal.jobs.models import Job
from offorte_portal.writes.models import Operation


def path(job: Job, part: str = "change/") -> str:
    return f"/jobs/job/{job.pk}/{part}"


def show(client: Client, job: Job, query: str = "") -> str:
    response = client.get(path(job) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def end(job: Job, *states: str, **columns: Any) -> None:
    """Give the writes of the job these states, in their order."""
    waiting = job.operations.filter(state=Operation.State.WAITING).order_by("pk").values_list("pk", flat=True)
    for pk, state in zip(list(waiting), states, strict=False):
        Operation.objects.filter(pk=pk).update(state=state, **columns)
    ending.finish_ended()
    job.refresh_from_db()
