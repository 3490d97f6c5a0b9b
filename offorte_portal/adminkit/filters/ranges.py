"""Filters by ranges of numbers and dates."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit.fields import AmountField
from offorte_portal.adminkit.filters.base import FilterControl, MirrorFilter, Text
from offorte_portal.text.dates import read_date


class RangeFilter(MirrorFilter):
    """A filter by a range of numbers, both ends included; either may be left open. Unknown values are in no range."""

    kind = "range"
    suffixes = ("_min", "_max")
    column: ClassVar[str]
    number: ClassVar[AmountField] = AmountField("")

    def read(self) -> None:
        """Read both ends as numbers, as people write them in their language."""
        self.low = self._number(f"{self.name}_min")
        self.high = self._number(f"{self.name}_max")

    def _number(self, name: str) -> Decimal | int | None:
        try:
            value: Decimal | int | None = self.number.clean(self.given.get(name, ""))
        except ValidationError as error:
            self.errors.append(say_unread(self.given[name], error))
            return None
        return int(value) if value is not None and value == int(value) else value

    @property
    def is_set(self) -> bool:
        """Whether either end is set."""
        return self.low is not None or self.high is not None

    @property
    def canonical(self) -> dict[str, str]:
        """Both ends in digits that no language reads in another way."""
        ends = zip(self.parameters, (self.low, self.high), strict=True)
        return {name: write_plain(end) for name, end in ends if end is not None}

    @property
    def value_text(self) -> str:
        """The range in the reader's notation."""
        return describe_range(*(None if end is None else self.write(end) for end in (self.low, self.high)))

    def write(self, end: Decimal | int) -> str:
        """Write an end of the range in the reader's notation."""
        return number_format(end, use_l10n=True, force_grouping=True)

    def control(self) -> FilterControl:
        """Return two fields, with the numbers in the reader's notation, and with what was typed where it is none."""
        low, high = (
            self.given.get(name, "") if end is None else number_format(end, use_l10n=True)
            for name, end in zip(self.parameters, (self.low, self.high), strict=True)
        )
        return FilterControl(str(self.title), self.name, "range", min=low, max=high, error=" ".join(self.errors))

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows whose number is in the range."""
        if self.low is not None:
            queryset = queryset.filter(**{f"{self.column}__gte": self.low})
        if self.high is not None:
            queryset = queryset.filter(**{f"{self.column}__lte": self.high})
        return queryset


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
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

    def read(self) -> None:
        """Read the period and both days."""
        self.period = self.given.get(self.name, "")
        if self.period and self.period not in PERIODS:
            self.errors.append(_("“%s” isn’t a valid choice.") % self.period[:60])
            self.period = ""
        self.first = self._day(f"{self.name}_from")
        self.last = self._day(f"{self.name}_to")

    def _day(self, name: str) -> date | None:
        text = self.given.get(name, "")
        if not text:
            return None
        found = read_date(text, today=timezone.localdate(ports.now()))
        if found is None or not FIRST_DAY <= found <= LAST_DAY:
            self.errors.append(_("“%(text)s” isn’t a date. Write it like 31-12-2026.") % {"text": text[:60]})
            return None
        return found

    @property
    def is_set(self) -> bool:
        """Whether a period or either day is set."""
        return bool(self.period or self.first or self.last)

    @property
    def canonical(self) -> dict[str, str]:
        """Both days with the year first."""
        days = {f"{self.name}_from": self.first, f"{self.name}_to": self.last}
        return {name: day.isoformat() for name, day in days.items() if day}

    @property
    def value_text(self) -> str:
        """The period's name, or the days."""
        if self.period:
            return str(PERIODS[self.period])
        first, last = (date_format(day, "SHORT_DATE_FORMAT") if day else None for day in (self.first, self.last))
        return describe_days(first, last)

    def control(self) -> FilterControl:
        """Return the periods, and two days with the year first, as browsers' fields for dates take them."""
        return FilterControl(
            title=str(self.title),
            name=self.name,
            kind="dates",
            choices=[(value, str(label), value == self.period) for value, label in PERIODS.items()],
            value=self.period,
            min=self.first.isoformat() if self.first else "",
            max=self.last.isoformat() if self.last else "",
            error=" ".join(self.errors),
        )

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows whose moment is in the period or the range of days."""
        first = begin_period(self.period, timezone.localdate(ports.now())) if self.period else self.first
        if first:
            queryset = queryset.filter(**{f"{self.column}__gte": _midnight(first)})
        if self.last and not self.period:
            queryset = queryset.filter(**{f"{self.column}__lt": _midnight(self.last + timedelta(days=1))})
        return queryset


def write_plain(number: Decimal | int) -> str:
    """Write a number with a decimal point; of three decimals a fourth keeps it from being taken for thousands."""
    text = f"{Decimal(number):f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def say_unread(text: str, error: ValidationError) -> str:
    """Return what is wrong with a value, with the value."""
    return f"“{text[:60]}”: {' '.join(error.messages)}"


def describe_range(low: str | None, high: str | None) -> str:
    """Write a range of numbers: "5 to 10", "5 or more" or "10 or less"."""
    if low is None:
        return _("%s or less") % high
    return _("%s or more") % low if high is None else _("%(first)s to %(last)s") % {"first": low, "last": high}


def describe_days(first: str | None, last: str | None) -> str:
    """Write a range of days: "1 Nov to 5 Nov", "since 1 Nov" or "until 5 Nov"."""
    if first is None:
        return _("until %s") % last
    return _("since %s") % first if last is None else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
