"""The proposals that jobs have created."""

from django.db.models import Q, QuerySet

from offorte_portal.jobs.models import Job
from offorte_portal.writes.models import Operation


def made_by(jobs: QuerySet[Job]) -> Q:
    """Return the condition for the proposals that these jobs have created, except those deleted by an undo."""
    created = Operation.objects.filter(
        job__in=jobs, target="proposals", verb=Operation.Verb.CREATE, state=Operation.State.DONE
    )
    accounts = list(created.order_by().values_list("connection", flat=True).distinct())
    found = Q(pk__in=[])
    for account in accounts:
        found |= Q(connection=account, remote_id__in=created.filter(connection=account).values("remote_id"))
    return found
