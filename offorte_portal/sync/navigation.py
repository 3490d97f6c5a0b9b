from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.accounts import annotate, available, number_of, selected
from offorte_portal.adminkit.navigation import Group, list_of, register
from offorte_portal.sync.models import SyncRun


def find_active_run(request: HttpRequest) -> Subquery:
    """Return a subquery for the key of an account's sync that has not ended."""
    return Subquery(SyncRun.objects.filter(connection=OuterRef("pk"), state__in=SyncRun.ACTIVE).values("pk")[:1])


def count_running_syncs(request: HttpRequest) -> int:
    """Return how many syncs have not ended, of the chosen account or of all."""
    account = selected(request)
    return sum(number_of(each, "active_run") is not None for each in ([account] if account else available(request)))


annotate("active_run", find_active_run)
register(
    Group.SETTINGS,
    list_of("sync.syncrun", _("Syncs"), icon="refresh-cw", position=60, count=count_running_syncs),
)
