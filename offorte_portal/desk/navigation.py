from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.accounts import annotate
from offorte_portal.adminkit.badges import announce
from offorte_portal.adminkit.navigation import Entry, Group, register
from offorte_portal.connections.models import Connection
from offorte_portal.desk import inbox
from offorte_portal.desk.models import Rollup
from offorte_portal.desk.reports.forecasts import ADJUST, SUBMIT
from offorte_portal.prices import memory

VIEW = ("proposals.view_proposal",)


def find_newest_sum(request: HttpRequest) -> Subquery:
    """Return the key of the newest sum: cached figures are read again when it changes."""
    return Subquery(Rollup.objects.order_by("-pk").values("pk")[:1])


def find_questions(user: User, account: Connection | None) -> QuerySet[Any]:
    """Return the unread questions that the person has to answer."""
    return inbox.unread(inbox.questions(user, is_mine=True, account=account))


annotate("sums", find_newest_sum)

register(
    Group.SELL,
    Entry(title=_("Home"), url_name="home", icon="house", position=10, key="h", is_phone=True),
    Entry(title=_("Pipeline"), url_name="board", icon="square-kanban", position=60, permissions=VIEW, key="b"),
    Entry(
        title=_("Inbox"),
        url_name="inbox",
        icon="inbox",
        position=70,
        permissions=VIEW,
        count=announce("questions", find_questions),
        key="i",
        is_phone=True,
    ),
)
register(
    Group.INSIGHT,
    Entry(
        title=_("Reports"),
        url_name="reports",
        icon="chart-line",
        permissions=VIEW,
        key="r",
        children=(
            Entry(title=_("Sent to signed"), url_name="report_cohorts", permissions=VIEW),
            Entry(title=_("Why we lose"), url_name="report_lost", permissions=VIEW),
            Entry(title=_("Products that win"), url_name="report_products", permissions=(memory.VIEW,)),
            Entry(title=_("Forecast"), url_name="report_forecast", permissions=(SUBMIT, ADJUST)),
            Entry(title=_("Teams"), url_name="report_teams", permissions=("desk.change_team",)),
        ),
    ),
)
register(
    Group.SETTINGS,
    Entry(
        title=_("Thresholds"),
        url_name="desk_settings",
        icon="sliders-horizontal",
        position=90,
        permissions=("desk.change_desksettings",),
    ),
)
