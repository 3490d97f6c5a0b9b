from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.rights import visible_jobs

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


register(Group.SETTINGS, list_of("jobs.job", _("Jobs"), icon="list-checks", position=30, count=count_active_jobs))
