from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import background
from offorte_portal.adminkit.navigation import Group, list_of, oversees, register
from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Export


def find_own(exports: QuerySet[Export], user: User, account: Connection | None) -> QuerySet[Export]:
    """Return the person's own exports, whatever accounts they are of."""
    return exports.filter(requested_by=user)


def have_failed(since: datetime) -> Q:
    return Q(state=Export.State.FAILED, finished_at__gt=since)


background.announce(
    background.Section(
        model="files.export",
        title=_("Exports"),
        columns=("title", "state_pill", "rows", "asked"),
        own=find_own,
        runs=Q(state__in=Export.ACTIVE),
        failed=have_failed,
    )
)
register(Group.SETTINGS, list_of("files.export", _("Exports"), icon="download", position=50, shown_to=oversees))
