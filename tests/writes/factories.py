"""Rows that only writes need."""

import uuid
from typing import Any

from django.contrib.auth.models import User

from offorte_portal.jobs.models import Job


def make_job(person: User | None, **fields: Any) -> Job:
    """A job that runs."""
    defaults = {"action": "companies.field", "state": Job.State.RUNNING, "key": uuid.uuid4(), "requested_by": person}
    return Job.objects.create(**(defaults | fields))
