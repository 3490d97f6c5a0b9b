"""Filters of the list of proposals by where they stand."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.filters import ChoicesFilter, DatesFilter
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.desk import analytics, attention, thresholds
from offorte_portal.desk.models import ProposalStats
from offorte_portal.staff.sellers import sold_by


class AttentionFilter(ChoicesFilter):
    """What the home page counts as needing attention."""

    is_prominent = True
    title = _("Needs attention")
    name = "attention"
    options = (
        ("hot", _("Hot")),
        ("seen", _("Seen recently, still open")),
        ("unseen", _("Open and not seen for days")),
        ("silent", _("Seen, and silent for days")),
        ("stale", _("Nothing heard for long: clean up")),
    )

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        is_mine = self.request.GET.get("mine") == "yes"
        return attention.narrow(queryset, values[0], self.request.user if is_mine else None)


class SellerFilter(TextFilter):
    """The proposals of one seller in all accounts, by the whole e-mail address, or by account and id."""

    title = _("Owner")
    name = "seller"
    within = "owner"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(sold_by(text))


class StatsDatesFilter(DatesFilter):
    """A period of a date in the stats."""

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_set:
            return queryset
        stats_rows = super().restrict(ProposalStats.objects.all())
        return attention.among(queryset, stats_rows)


class DecidedFilter(StatsDatesFilter):
    is_prominent = True
    title = _("Decided")
    name = "decided"
    column = "decided_at"


class BegunFilter(StatsDatesFilter):
    """When it was created, as reports count it: if Offorte doesn't return it, the first moment in its log or mails."""

    title = _("Created")
    name = "begun"
    within = "created"
    column = "created_at"


class StageFilter(ChoicesFilter):
    """What may still be won, by the kinds of the forecast."""

    title = _("Forecast")
    name = "stage"
    options = (
        ("hot", _("Hot")),
        ("seen", _("Seen")),
        ("unseen", _("Not seen")),
        ("edit", _("In edit")),
    )

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        stats_rows = ProposalStats.objects.filter(analytics.condition(values[0], thresholds.read()))
        return attention.among(queryset, stats_rows)


class LookedFilter(ChoicesFilter):
    """Whether the prospect has ever viewed it."""

    title = _("Seen at least once")
    name = "looked"
    within = "views"
    options = (("yes", _("Yes")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return attention.among(queryset, ProposalStats.objects.filter(viewed_at__isnull=False))


ALL = (AttentionFilter, SellerFilter, DecidedFilter, BegunFilter, StageFilter, LookedFilter)
