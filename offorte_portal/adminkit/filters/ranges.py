"""Filters by ranges of numbers and dates."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit.filters.base import FilterControl, MirrorFilter, Text


class RangeFilter(MirrorFilter):
    """A filter by a range of numbers, both ends included; either may be left open. Unknown values are in no range."""

    kind = "range"
    suffixes = ("_min", "_max")
    column: ClassVar[str]
    number: ClassVar[forms.Field] = forms.DecimalField(required=False, max_digits=19, decimal_places=4)

    def read(self) -> None:
        """Read both ends as numbers."""
        self.low = self._number(f"{self.name}_min")
        self.high = self._number(f"{self.name}_max")

    def _number(self, name: str) -> Decimal | int | None:
        try:
            value: Decimal | int | None = self.number.clean(self.given.get(name, ""))
        except ValidationError as error:
            self.errors += error.messages
            return None
        return value

    @property
    def is_active(self) -> bool:
        """Whether either end is set."""
        return self.low is not None or self.high is not None

    @property
    def value_text(self) -> str:
        """The range in the reader's notation."""
        low, high = (
            None if end is None else number_format(end, use_l10n=True, force_grouping=True)
            for end in (self.low, self.high)
        )
        return describe_range(low, high)

    def control(self) -> FilterControl:
        """Return two fields, with what was typed."""
        low, high = (self.given.get(name, "") for name in self.parameters)
        return FilterControl(str(self.title), self.name, "range", min=low, max=high, error=" ".join(self.errors))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows whose number is in the range."""
        if self.low is not None:
            queryset = queryset.filter(**{f"{self.column}__gte": self.low})
        if self.high is not None:
            queryset = queryset.filter(**{f"{self.column}__lte": self.high})
        return queryset


PERIODS: dict[str, Text] = {
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("This week"),
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
}


def begin_period(period: str, today: date) -> date:
    """Return the first day of the period that contains `today`; weeks begin on Monday."""
    match period:
        case "week":
            return today - timedelta(days=today.weekday())
        case "month":
            return today.replace(day=1)
        case "quarter":
            return today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return today


class DatesFilter(MirrorFilter):
    """A filter from the start of a current period, or by a range of days, ends included, in the portal's time zone."""

    kind = "dates"
    suffixes = ("", "_from", "_to")
    column: ClassVar[str]
    day: ClassVar[forms.Field] = forms.DateField(
        required=False, validators=[MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
    )

    def read(self) -> None:
        """Read the period and both days."""
        self.period = self.given.get(self.name, "")
        if self.period and self.period not in PERIODS:
            self.errors.append(_("“%s” is not one of the choices.") % self.period[:60])
            self.period = ""
        self.first = self._day(f"{self.name}_from")
        self.last = self._day(f"{self.name}_to")

    def _day(self, name: str) -> date | None:
        try:
            value: date | None = self.day.clean(self.given.get(name, ""))
        except ValidationError as error:
            self.errors += error.messages
            return None
        return value

    @property
    def is_active(self) -> bool:
        """Whether a period or either day is set."""
        return bool(self.period or self.first or self.last)

    @property
    def value_text(self) -> str:
        """The period's name, or the days."""
        if self.period:
            return str(PERIODS[self.period])
        first, last = (date_format(day, "SHORT_DATE_FORMAT") if day else None for day in (self.first, self.last))
        return describe_range(first, last)

    def control(self) -> FilterControl:
        """Return the periods, and two fields with what was typed."""
        return FilterControl(
            title=str(self.title),
            name=self.name,
            kind="dates",
            choices=[(value, str(label), value == self.period) for value, label in PERIODS.items()],
            value=self.period,
            min=self.given.get(f"{self.name}_from", ""),
            max=self.given.get(f"{self.name}_to", ""),
            error=" ".join(self.errors),
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows whose moment is in the period or the range of days."""
        first = begin_period(self.period, timezone.localdate(ports.now())) if self.period else self.first
        if first:
            queryset = queryset.filter(**{f"{self.column}__gte": _midnight(first)})
        if self.last and not self.period:
            queryset = queryset.filter(**{f"{self.column}__lt": _midnight(self.last + timedelta(days=1))})
        return queryset


def describe_range(low: str | None, high: str | None) -> str:
    """Write a range: "5 – 10", "from 5" or "up to 10"."""
    if low is None:
        return _("up to %s") % high
    return _("from %s") % low if high is None else f"{low} – {high}"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
