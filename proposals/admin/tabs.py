"""The tabs above the list of proposals: all, mine, and one for each status, with their numbers."""

from typing import Any

from django.core.cache import caches
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.record_hooks import Tab
from offorte_portal.adminkit.unindexed import bar_indexes
from offorte_portal.staff.access import own
from offorte_portal.staff.identity import identify
from proposals.models import Proposal
from proposals.pages.badge import keep_proposals

COUNT_SECONDS = 30

TABS: dict[str, tuple[Any, dict[str, str]]] = {
    "all": (_("All"), {}),
    "mine": (_("Mine open"), {"mine": "yes", "status": "open"}),
    "open": (_("Open"), {"status": "open"}),
    "unseen": (_("Open, not seen"), {"unseen": "yes"}),
    "edit": (_("In edit"), {"status": "edit"}),
    "won": (_("Won"), {"status": "won"}),
    "lost": (_("Lost"), {"status": "lost"}),
    "closed": (_("Closed"), {"status": "closed"}),
}


def build_tabs(request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
    """Return the tabs of the chosen account; a tab is active if exactly its filters are set, without a search."""
    counts = read_counts(request, changelist)
    given = {name: ",".join(values) for name, values in changelist.get_filters_params().items()}
    return [
        Tab(
            label=str(label),
            count=number_format(counts.get(key, 0), use_l10n=True, force_grouping=True),
            # Without any parameter the list would open with the person's default view.
            url=f"?{urlencode(params or {'view': 'all'})}",
            is_active=not changelist.query and given == params,
        )
        for key, (label, params) in TABS.items()
    ]


def read_counts(request: HttpRequest, changelist: FilteredChangeList) -> dict[str, int]:
    """Return the number of proposals in each tab, at most half a minute old."""
    account = changelist.account
    key = f"proposals:tabs:{account.pk if account else 'all'}:{identify(request.user).mark}"
    known: dict[str, int] | None = caches["local"].get(key)
    if known is None:
        everywhere = Proposal.objects.filter(removed_at__isnull=True)
        present = everywhere.filter(connection=account) if account else everywhere
        opened = present.filter(status=Proposal.Status.OPEN)
        # One query, which uses the indexes.
        by_status = bar_indexes(present).order_by().values_list("status").annotate(n=Count("pk"))
        mine = _count(own(opened, request.user), "mine")
        unseen = _count(opened.filter(view_count=0), "unseen")
        counts = dict(by_status.union(mine, unseen, all=True))
        known = counts | {"all": sum(n for key, n in counts.items() if key not in {"mine", "unseen"})}
        caches["local"].set(key, known, COUNT_SECONDS)
        keep_proposals(account, known["all"])
    return known


def _count(rows: QuerySet[Any], tab: str) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = rows.order_by().annotate(tab=Value(tab)).values_list("tab").annotate(n=Count("pk"))
    return counted
