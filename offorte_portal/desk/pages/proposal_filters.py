"""Filters of the list of proposals by where they stand."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.filters import ChoicesFilter, DatesFilter
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.desk import attention, thresholds
from offorte_portal.desk.models import ProposalStats, Team
from offorte_portal.desk.reports import cohorts, expectations, teams
from offorte_portal.staff.sellers import sold_by


def within_days(steps: Iterable[int]) -> list[tuple[str, Text]]:
    """Return the choices of a filter for numbers of days."""
    return [(str(step), ngettext_lazy("within %d day", "within %d days") % step) for step in steps]


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
        stats_rows = ProposalStats.objects.filter(expectations.condition(values[0], thresholds.read()))
        return attention.among(queryset, stats_rows)


class LookedFilter(ChoicesFilter):
    """Whether the prospect has ever viewed it."""

    title = _("Seen at least once")
    name = "looked"
    within = "views"
    options = (("yes", _("Yes")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return attention.among(queryset, ProposalStats.objects.filter(viewed_at__isnull=False))


class TeamFilter(TextFilter):
    """The proposals of a team's sellers, by its key, or of sellers in no team."""

    title = _("Team")
    name = "team"
    is_offered = False

    @property
    def value_text(self) -> str:
        """The team's name."""
        if self.text == teams.NO_TEAM:
            return gettext("none")
        is_key = self.text.isascii() and self.text.isdecimal() and len(self.text) < 19
        team = Team.objects.filter(pk=int(self.text)).first() if is_key else None
        return team.name if team else gettext("unknown")

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(teams.sold_by_team(text))


class SentFilter(StatsDatesFilter):
    """When it was first sent."""

    title = _("First sent")
    name = "sent"
    column = "sent_at"


class SeenWithinFilter(ChoicesFilter):
    """Seen within a number of days after it was first sent."""

    title = _("Seen after sending")
    name = "seen_within"
    is_offered = False
    options = within_days(cohorts.SEEN_DAYS)
    condition = staticmethod(cohorts.seen_within)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        # Checked for each row: reports link here with a period, so that there are few.
        found = ProposalStats.objects.filter(self.condition(int(values[0])), pk=OuterRef("pk"))
        return queryset.filter(Exists(found))


class SignedWithinFilter(SeenWithinFilter):
    """Signed within a number of days after it was first sent."""

    title = _("Signed after sending")
    name = "signed_within"
    options = within_days(cohorts.SIGNED_DAYS)
    condition = staticmethod(cohorts.signed_within)


ALL = (
    AttentionFilter,
    SellerFilter,
    DecidedFilter,
    BegunFilter,
    StageFilter,
    LookedFilter,
    TeamFilter,
    SentFilter,
    SeenWithinFilter,
    SignedWithinFilter,
)
