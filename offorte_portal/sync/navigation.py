from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import background
from offorte_portal.adminkit.accounts import annotate, available, number_of, selected
from offorte_portal.adminkit.navigation import Group, list_of, oversees, register
from offorte_portal.connections.models import Connection
from offorte_portal.sync.models import SyncRun


def find_active_run(request: HttpRequest) -> Subquery:
    """Return a subquery for the key of an account's sync that has not ended."""
    return Subquery(SyncRun.objects.filter(connection=OuterRef("pk"), state__in=SyncRun.ACTIVE).values("pk")[:1])


def count_running_syncs(request: HttpRequest) -> int:
    """Return how many syncs have not ended, of the chosen account or of all."""
    account = selected(request)
    return sum(number_of(each, "active_run") is not None for each in ([account] if account else available(request)))


def find_of_account(runs: QuerySet[SyncRun], user: User, account: Connection | None) -> QuerySet[SyncRun]:
    """Return the syncs of the account, or of all: they bring everybody's data."""
    return runs.filter(connection=account) if account else runs


def have_failed(since: datetime) -> Q:
    """Return the condition for syncs that failed since that moment, with no later one of their account."""
    newest = SyncRun.objects.filter(connection=OuterRef("connection")).order_by("-pk").values("pk")[:1]
    return Q(state=SyncRun.State.FAILED, finished_at__gt=since, pk=Subquery(newest))


annotate("active_run", find_active_run)
background.announce(
    background.Section(
        model="sync.syncrun",
        title=_("Syncs"),
        columns=("title", "state_pill", "started"),
        own=find_of_account,
        runs=Q(state__in=SyncRun.ACTIVE),
        failed=have_failed,
    )
)
register(
    Group.SETTINGS,
    list_of("sync.syncrun", _("Syncs"), icon="refresh-cw", position=60, shown_to=oversees, count=count_running_syncs),
)
