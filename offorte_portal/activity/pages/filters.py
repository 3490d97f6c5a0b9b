"""The filters of the feed."""

from collections.abc import Sequence
from typing import Any

from django.core.cache import caches
from django.db.models import F, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy

from offorte_portal.activity.models import Activity
from offorte_portal.adminkit.filters import ChoicesFilter, DatesFilter, JobFilter
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.mirror.models.sorting import Unindexed
from offorte_portal.staff.sellers import sold_by
from offorte_portal.text.keys import SORTED_CHARACTERS
from proposals.models import AccountUser

OPTIONS_SECONDS = 30


class KindFilter(ChoicesFilter):
    """One kind of happening: the index can't find several in the feed's order."""

    title = gettext_lazy("What")
    name = "kind"
    options = Activity.Kind.choices

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        """Return the rows of this kind. Won includes signed: two kinds are read in the feed's order, not looked up."""
        if values[0] == Activity.Kind.WON:
            return queryset.filter(In(Unindexed(F("kind")), [Activity.Kind.SIGNED, Activity.Kind.WON]))
        return queryset.filter(kind=values[0])


class SellerFilter(ChoicesFilter):
    """One owner's proposals, by the owner's e-mail address at Offorte."""

    title = gettext_lazy("Owner")
    name = "owner"

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """Return all users of the accounts, by name; at most half a minute old."""
        known: list[tuple[str, Text]] | None = caches["local"].get("options:activity")
        if known is None:
            people = AccountUser.objects.present().exclude(email="").order_by("firstname", "lastname", "pk")
            named = {user.email.lower()[:SORTED_CHARACTERS]: str(user) for user in people.defer("payload")}
            known = list(named.items())
            caches["local"].set("options:activity", known, OPTIONS_SECONDS)
        return known

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(sold_by(values[0]))


class PeriodFilter(DatesFilter):
    """When it happened."""

    title = gettext_lazy("When")
    name = "when"
    column = "happened_at"


FILTERS = (KindFilter, SellerFilter, JobFilter, PeriodFilter)
