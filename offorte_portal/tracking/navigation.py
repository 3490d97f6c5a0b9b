from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.badges import announce
from offorte_portal.adminkit.navigation import Entry, Group, register
from offorte_portal.connections.models import Connection
from offorte_portal.tracking import followups


def find_due(user: User, account: Connection | None) -> QuerySet[Any]:
    """Return the person's follow-ups that are due today or earlier."""
    return followups.due(user, is_mine=True, account=account)


register(
    Group.SELL,
    Entry(
        title=_("Follow-ups"),
        url_name="followups",
        icon="calendar-clock",
        position=80,
        permissions=("tracking.view_followup",),
        count=announce("due", find_due),
        key="f",
    ),
)
register(
    Group.SETTINGS,
    Entry(
        title=_("Lost reasons"),
        url_name="lost_reasons",
        icon="circle-slash",
        position=85,
        permissions=("tracking.change_lostreason",),
    ),
)
