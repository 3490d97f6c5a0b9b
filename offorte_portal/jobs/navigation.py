from datetime import datetime

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import background
from offorte_portal.adminkit.navigation import Group, list_of, oversees, register
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.counts import FAILURES
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.rights import visible_jobs
from offorte_portal.writes.models import Operation

SECONDS = 15


def count_active_jobs(request: HttpRequest) -> int:
    """Return the number of active jobs that the person may see, at most 15 seconds old."""
    user = staff_user(request)
    key = f"badge:jobs:{user.pk}"
    known: int | None = caches["local"].get(key)
    if known is None:
        known = visible_jobs(user).filter(state__in=Job.ACTIVE).count()
        caches["local"].set(key, known, SECONDS)
    return known


def find_own(jobs: QuerySet[Job], user: User, account: Connection | None) -> QuerySet[Job]:
    """Return the person's own jobs: each may be about several accounts."""
    return jobs.filter(requested_by=user)


def have_failed(since: datetime) -> Q:
    """Return the condition for jobs that ended since that moment with writes that failed."""
    return Q(Exists(Operation.objects.filter(job=OuterRef("pk"), state__in=FAILURES)), finished_at__gt=since)


background.announce(
    background.Section(
        model="jobs.job",
        title=_("Bulk jobs"),
        columns=("title", "state_pill", "outcome", "started"),
        own=find_own,
        runs=Q(state__in=Job.ACTIVE),
        failed=have_failed,
    )
)
register(
    Group.SETTINGS,
    list_of("jobs.job", _("Bulk jobs"), icon="list-checks", position=30, shown_to=oversees, count=count_active_jobs),
)
