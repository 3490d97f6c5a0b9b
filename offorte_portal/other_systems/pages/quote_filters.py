"""The filters of the lists of imported quotes and their customers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.filters import (
    Chip,
    ChoicesFilter,
    ColumnFilter,
    DatesFilter,
    RangeFilter,
    TextFilter,
    YesNoFilter,
)
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.other_systems.models.quote import ImportedQuoteQuerySet
from offorte_portal.staff.identity import identify
from offorte_portal.text.keys import SORTED_CHARACTERS
from offorte_portal.writes.models import Operation

# The value in an address that stands for "none".
NOBODY = "none"


class SourceFilter(ColumnFilter):
    is_prominent = True
    title = _("System")
    name = column = "source"

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """Return the connections with their labels."""
        return [(str(pk), label) for pk, label in Source.objects.values_list("pk", "label")]


class StatusFilter(ColumnFilter):
    is_prominent = True
    title = _("Status")
    name = column = "status"
    options = ImportedQuote.Status.choices


class MineFilter(ChoicesFilter):
    """Finds a person's own quotes, whose owner has the e-mail address of the person's Offorte user."""

    is_prominent = True
    title = _("Mine")
    name = "mine"
    options = (("yes", _("Mine")),)

    @property
    def is_mine(self) -> bool:
        return self.is_active

    def chips(self, changelist: ChangeList) -> list[Chip]:
        return [replace(chip, title=gettext("Owner"), value=gettext("me")) for chip in super().chips(changelist)]

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return cast("ImportedQuoteQuerySet", queryset).own(identify(self.request.user).addresses)


class SellerFilter(TextFilter):
    """Finds the quotes of one seller by the whole e-mail address; NOBODY finds those without one."""

    is_prominent = True
    title = _("Owner")
    name = "seller"

    @property
    def value_text(self) -> str:
        return gettext("Unknown") if self.text == NOBODY else self.text

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(owner_key="" if text == NOBODY else text.lower()[:SORTED_CHARACTERS])


class CurrencyFilter(TextFilter):
    """Finds the quotes in one currency by its code, for example SEK; NOBODY finds those without one."""

    title = _("Currency")
    name = "currency"

    @property
    def value_text(self) -> str:
        return gettext("Unknown") if self.text == NOBODY else self.text.upper()

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(currency="" if text == NOBODY else text.upper())


class ValuedFilter(YesNoFilter):
    """Finds the quotes with, or without, a known total."""

    title = _("Has a total")
    name = "valued"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(total__isnull=values != ["yes"])


class BegunFilter(DatesFilter):
    """Finds quotes by the day that sums use."""

    is_prominent = True
    title = _("Created")
    name = "begun"
    column = "begun_on"


class DecidedFilter(DatesFilter):
    is_prominent = True
    title = _("Decided")
    name = "decided"
    column = "decided_on"


class TotalFilter(RangeFilter):
    is_prominent = True
    title = _("Total")
    name = column = "total"


class ModifiedFilter(DatesFilter):
    title = _("Modified")
    name = "modified"
    column = "remote_updated_at"


class NotesFilter(YesNoFilter):
    title = _("Has warnings")
    name = "notes"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.exclude(notes=[]) if values == ["yes"] else queryset.filter(notes=[])


class CopiedFilter(YesNoFilter):
    title = _("Copied to Offorte")
    name = "recreated"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        made = queryset.filter(created_with__state=Operation.State.DONE)
        return made if values == ["yes"] else queryset.exclude(pk__in=made.values("pk"))


class MissingFilter(ChoicesFilter):
    """Finds the quotes that the other system no longer has. They are hidden unless this filter is on."""

    title = _("No longer in the other system")
    name = "gone"
    options = (("yes", _("Yes")),)

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the quotes that are gone where the filter is on, else those that are there."""
        return queryset.filter(missing_since__isnull=not self.values)


class CustomerFilter(ColumnFilter):
    is_prominent = True
    title = _("Customer")
    name = "customer"
    column = "company__state"
    options = PartyMatch.State.choices


KINDS = ((PartyMatch.Kind.COMPANY.value, _("Companies")), (PartyMatch.Kind.PERSON.value, _("People")))


class KindFilter(ChoicesFilter):
    """Keeps companies and people in lists of their own, which the tabs lead to: companies unless people are chosen."""

    is_offered = False
    title = _("Kind")
    name = "kind"
    options = KINDS

    @classmethod
    def kind_of(cls, request: HttpRequest) -> str:
        """Return the kind that is listed."""
        asked = request.GET.get(cls.name, "")
        return asked if asked in dict(KINDS) else KINDS[0][0]

    @property
    def is_active(self) -> bool:
        """Whether the address has another kind; a tab is no filter, and shows itself what is chosen."""
        return self.is_unreadable

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.values[0] if self.values else KINDS[0][0])


class StateFilter(ColumnFilter):
    is_prominent = True
    title = _("Match")
    name = column = "state"
    options = PartyMatch.State.choices


class QuotedFilter(RangeFilter):
    is_prominent = True
    title = _("Number of quotes")
    name = "quotes"
    column = "number_of_quotes"


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
    CopiedFilter,
    MissingFilter,
)
MATCH_FILTERS = (KindFilter, StateFilter, SourceFilter, QuotedFilter)
