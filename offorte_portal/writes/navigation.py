from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import background
from offorte_portal.adminkit.navigation import Group, list_of, oversees, register
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation


def find_own(operations: QuerySet[Operation], user: User, account: Connection | None) -> QuerySet[Operation]:
    """Return the changes that the person asked for one at a time; those of a job count as the job."""
    own = operations.filter(requested_by=user, job=None)
    return own.filter(connection=account) if account else own


def have_failed(since: datetime) -> Q:
    """Return the condition for changes that ended since that moment without being made."""
    return Q(state__in=(Operation.State.FAILED, Operation.State.REJECTED), finished_at__gt=since)


background.announce(
    background.Section(
        model="writes.operation",
        title=_("Changes"),
        columns=("title", "state_pill", "reason_text", "asked"),
        own=find_own,
        runs=Q(state__in=Operation.PENDING),
        failed=have_failed,
    )
)
register(
    Group.SETTINGS,
    list_of("writes.operation", _("Change log"), icon="scroll-text", position=40, shown_to=oversees),
)
