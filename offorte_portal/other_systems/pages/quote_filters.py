"""The filters of the lists of imported quotes and their customers."""

from collections.abc import Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.filters import (
    ChoicesFilter,
    ColumnFilter,
    DatesFilter,
    RangeFilter,
    TextFilter,
    YesNoFilter,
)
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.mirror.models.sorting import SORTED_CHARACTERS
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.other_systems.models.quote import ImportedQuoteQuerySet
from offorte_portal.staff.identity import identify
from offorte_portal.writes.models import Operation

# What the address says for "none".
NOBODY = "none"


class SourceFilter(ColumnFilter):
    title = _("System")
    name = column = "source"

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """The connections by their labels."""
        return [(str(pk), label) for pk, label in Source.objects.values_list("pk", "label")]


class StatusFilter(ColumnFilter):
    title = _("Status")
    name = column = "status"
    options = ImportedQuote.Status.choices


class MineFilter(ChoicesFilter):
    """The quotes of whoever is looking: their owner there has the address of the person's Offorte user."""

    title = _("Mine")
    name = "mine"
    options = (("yes", _("Mine")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return cast("ImportedQuoteQuerySet", queryset).own(identify(self.request.user).addresses)


class SellerFilter(TextFilter):
    """The quotes of one seller, by the whole e-mail address; those that name none by the word for it."""

    title = _("Seller")
    name = "seller"

    @property
    def value_text(self) -> str:
        return gettext("Unknown") if self.text == NOBODY else self.text

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(owner_key="" if text == NOBODY else text.lower()[:SORTED_CHARACTERS])


class CurrencyFilter(TextFilter):
    """By the code, such as SEK; what has no currency by the word for it."""

    title = _("Currency")
    name = "currency"

    @property
    def value_text(self) -> str:
        return gettext("Unknown") if self.text == NOBODY else self.text.upper()

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(currency="" if text == NOBODY else text.upper())


class ValuedFilter(YesNoFilter):
    """Whether its total is known."""

    title = _("Has a total")
    name = "valued"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(total__isnull=values != ["yes"])


class BegunFilter(DatesFilter):
    """By the day that sums are made by."""

    title = _("Begun")
    name = "begun"
    column = "begun_on"


class DecidedFilter(DatesFilter):
    title = _("Decided")
    name = "decided"
    column = "decided_on"


class TotalFilter(RangeFilter):
    title = _("Total")
    name = column = "total"


class ModifiedFilter(DatesFilter):
    title = _("Modified")
    name = "modified"
    column = "remote_updated_at"


class NotesFilter(YesNoFilter):
    title = _("Has notes")
    name = "notes"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.exclude(notes=[]) if values == ["yes"] else queryset.filter(notes=[])


class RecreatedFilter(YesNoFilter):
    title = _("Made in Offorte")
    name = "recreated"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        made = queryset.filter(created_with__state=Operation.State.DONE)
        return made if values == ["yes"] else queryset.exclude(pk__in=made.values("pk"))


class MissingFilter(ChoicesFilter):
    """What the other system has no more: hidden unless it is asked for, and then alone."""

    title = _("Gone there")
    name = "gone"
    options = (("yes", _("Yes")),)

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What is there, or what is gone."""
        return queryset.filter(missing_since__isnull=not self.values)


class CustomerFilter(ColumnFilter):
    title = _("Customer")
    name = "customer"
    column = "company__state"
    options = PartyMatch.State.choices


class KindFilter(ColumnFilter):
    title = _("Kind")
    name = column = "kind"
    options = PartyMatch.Kind.choices


class StateFilter(ColumnFilter):
    title = _("State")
    name = column = "state"
    options = PartyMatch.State.choices


QUOTE_FILTERS = (
    SourceFilter,
    StatusFilter,
    MineFilter,
    SellerFilter,
    TotalFilter,
    CurrencyFilter,
    ValuedFilter,
    BegunFilter,
    DecidedFilter,
    ModifiedFilter,
    CustomerFilter,
    NotesFilter,
    RecreatedFilter,
    MissingFilter,
)
MATCH_FILTERS = (SourceFilter, KindFilter, StateFilter)
