"""Forecasts: what sellers commit to win in a month, what managers make of it, and what came.

A forecast is of one seller, month and currency, in all accounts together. Rows are only added, so that every change
stays known: the newest counts. Offorte knows no day on which a proposal will be decided. So what the portal expects is
not of one month: it is the value of all that a seller has open, times the chances of the thresholds, as of today; with
each forecast, as of the moment when it was submitted.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import models
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import Forecast, ForecastAdjustment, Rollup, TeamMember
from offorte_portal.desk.reports.expectations import SECONDS, expect_by_owner
from offorte_portal.desk.reports.people import Sellers
from offorte_portal.staff.identity import OwnerKey
from offorte_portal.text.months import Period, months_back
from proposals.currencies import read_currencies
from proposals.models import Proposal

SUBMIT, ADJUST = "desk.add_forecast", "desk.adjust_forecast"
# A seller forecasts the current month and as many after it.
MONTHS_AHEAD = 3


class State(models.TextChoices):
    """Whether a forecast was submitted, and in time."""

    SUBMITTED = "submitted", _("Submitted")
    LATE = "late", _("Submitted late")
    DUE = "due", _("Due")
    MISSING = "missing", _("Not submitted")


class Key(NamedTuple):
    """Whose forecast it is, and in which currency: a user, or the name that is left of one; 0 for no user."""

    seller: int
    name: str
    currency: str


class Entry(NamedTuple):
    """What a seller submits for a month."""

    month: date
    currency: str
    committed: Decimal
    best_case: Decimal
    note: str = ""


@dataclass
class Line:
    """A seller's forecast for a month in one currency, beside what was expected and what came."""

    month: date
    seller: int
    name: str
    currency: str
    team: str = ""
    forecast: Forecast | None = None
    first_at: datetime | None = None
    adjustment: ForecastAdjustment | None = None
    # By the chances, as of today; None for a month that is over.
    expected: Decimal | None = None
    # What was won in the month; None for a month that has not begun.
    came: Decimal | None = None

    @property
    def computed(self) -> Decimal | None:
        """What the chances came to when the forecast was submitted; without one, what they come to today."""
        return self.forecast.expected if self.forecast else self.expected

    @property
    def is_adjusted(self) -> bool:
        """Whether a manager's amount counts in place of the seller's."""
        return self.adjustment is not None and self.adjustment.amount is not None

    @property
    def counted(self) -> Decimal | None:
        """The manager's amount, else what the seller committed; None where neither is known."""
        if self.adjustment and self.adjustment.amount is not None:
            return self.adjustment.amount
        return self.forecast.committed if self.forecast else None

    @property
    def difference(self) -> Decimal | None:
        """What came beyond what counted; None where either is not known."""
        return None if self.came is None or self.counted is None else self.came - self.counted

    def state(self, today: date) -> State:
        """Return whether it was submitted by the day that is set in the thresholds."""
        due = due_on(self.month)
        if self.first_at:
            return State.SUBMITTED if timezone.localtime(self.first_at).date() <= due else State.LATE
        return State.DUE if today <= due else State.MISSING


def due_on(month: date) -> date:
    """Return the day by which the forecast for a month is to be submitted."""
    return month.replace(day=thresholds.read().forecast_day)


def open_months(today: date) -> list[date]:
    """Return the months that can be forecast."""
    return [months_back(today.replace(day=1), -ahead) for ahead in range(MONTHS_AHEAD + 1)]


class Book:
    """The forecasts of a period with what belongs to them, of one seller or of everyone. Ten queries at most.

    `is_known` is false while all accounts are read for the first time: what is expected and what came is not known.
    """

    def __init__(self, period: Period, version: int, only: User | None = None, *, is_known: bool = True) -> None:
        self.period = period
        self.today = timezone.localdate(ports.now())
        self.sellers = Sellers()
        self._only = only
        self._is_known = is_known
        self._teams = dict(TeamMember.objects.order_by().values_list("seller", "team__name"))
        self._forecasts: dict[tuple[date, Key], list[Forecast]] = defaultdict(list)
        self._adjustments: dict[tuple[date, Key], list[ForecastAdjustment]] = defaultdict(list)
        for row in self._rows(Forecast.objects.all()):
            self._forecasts[row.month, _key(row)].append(row)
        for made in self._rows(ForecastAdjustment.objects.select_related("by")):
            self._adjustments[made.month, _key(made)].append(made)
        self._came = self._read_came(version)
        self._expected = self._sum_owners(expect_by_owner(version).items())

    def _rows(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        rows = rows.filter(month__gte=self.period.first, month__lte=self.period.last).order_by("pk")
        return rows.filter(seller=self._only) if self._only else rows

    def _read_came(self, version: int) -> dict[date, dict[tuple[int, str], Decimal]]:
        """Return what each seller won, by month. One query; none if cached."""
        period = self.period
        key = f"desk:forecast:came:{period}:{version}".replace(" ", "")
        by_month: dict[date, list[tuple[OwnerKey, Decimal]]] | None = caches["local"].get(key)
        if by_month is None:
            won = Rollup.objects.filter(basis=Rollup.Basis.DECIDED, status=Proposal.Status.WON).order_by()
            won = won.filter(month__gte=period.first, month__lte=period.last)
            by_month = {}
            for month, account, owner, value in won.values_list("month", "connection", "owner_key").annotate(
                v=Sum("value")
            ):
                if month and value:
                    by_month.setdefault(month, []).append(((account, owner), value))
            caches["local"].set(key, by_month, SECONDS)
        return {month: self._sum_owners(values) for month, values in by_month.items()}

    def _sum_owners(self, values: Iterable[tuple[OwnerKey, Decimal]]) -> dict[tuple[int, str], Decimal]:
        """Return amounts by user and currency."""
        found = list(values)
        currencies = read_currencies({account for (account, _owner), _value in found})
        sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for owner, value in found:
            sums[self.sellers.find(owner), currencies[owner[0]]] += value
        return sums

    def lines(self, month: date) -> list[Line]:
        """Return a line for everyone who sells, who submitted a forecast or who won something; by team and name.

        What people won who are no staff, or left, and have no forecast, is one line for each currency at the end.
        """
        people = [self._only] if self._only else self.sellers.people.values()
        lines = {
            Key(user.pk, "", currency): self._line(month, user.pk, str(user.get_full_name() or user), currency)
            for user in people
            for currency in self.sellers.currencies.get(user.pk, [])
        }
        named = {key: rows[-1].seller_name for key, rows in self._forecasts.items()}
        named |= {key: made[-1].seller_name for key, made in self._adjustments.items()}
        for (of_month, key), name in named.items():
            if of_month == month and key not in lines:
                lines[key] = self._line(month, key.seller, name, key.currency)
        for key, line in lines.items():
            self._fill(line, key)
        ordered = sorted(
            lines.values(), key=lambda line: (line.team == "", line.team, line.name.lower(), line.currency)
        )
        return ordered if self._only else [*ordered, *self._others(month, ordered)]

    def _line(self, month: date, seller: int, name: str, currency: str) -> Line:
        team = self._teams.get(self.sellers.addresses.get(seller, ""), "")
        return Line(month, seller, name, currency, team)

    def _fill(self, line: Line, key: Key) -> None:
        forecasts = self._forecasts.get((line.month, key), [])
        adjustments = self._adjustments.get((line.month, key), [])
        if forecasts:
            line.forecast, line.first_at = forecasts[-1], forecasts[0].submitted_at
        if adjustments:
            line.adjustment = adjustments[-1]
        if not self._is_known:
            return
        if line.month <= self.today:
            line.came = self._came.get(line.month, {}).get((line.seller, line.currency), Decimal())
        if not line.seller:
            line.came = None
        if line.seller and line.month >= self.today.replace(day=1):
            line.expected = self._expected.get((line.seller, line.currency), Decimal())

    def _others(self, month: date, lines: list[Line]) -> list[Line]:
        known = {(line.seller, line.currency) for line in lines if line.seller}
        rest: dict[str, Decimal] = defaultdict(Decimal)
        for (seller, currency), value in self._came.get(month, {}).items():
            if value and (seller, currency) not in known:
                rest[currency] += value
        return [Line(month, 0, "", currency, came=value) for currency, value in sorted(rest.items())]

    def history(self, line: Line) -> list[Forecast | ForecastAdjustment]:
        """Return every forecast and adjustment of a line, oldest first."""
        key = Key(line.seller, "" if line.seller else line.name, line.currency)
        rows: list[Forecast | ForecastAdjustment] = [
            *self._forecasts.get((line.month, key), []),
            *self._adjustments.get((line.month, key), []),
        ]
        return sorted(rows, key=lambda row: row.submitted_at if isinstance(row, Forecast) else row.at)


def _key(row: Forecast | ForecastAdjustment) -> Key:
    return Key(row.seller_id or 0, "" if row.seller_id else row.seller_name, row.currency)


def submit(seller: User, entries: Iterable[Entry], version: int, *, is_known: bool = True) -> int:
    """Store what a seller forecasts, where it differs from what counts now; return how many months it is of.

    Entries for months that can't be forecast, or in a currency that the seller does not sell in, are left out.
    """
    now = ports.now()
    months = open_months(timezone.localdate(now))
    book = Book(Period(months[0], months[-1]), version, seller, is_known=is_known)
    lines = {(line.month, line.currency): line for month in months for line in book.lines(month)}
    rows = []
    for entry in entries:
        line = lines.get((entry.month, entry.currency))
        if line is None or (line.forecast and _amounts(line.forecast) == entry[2:]):
            continue
        rows.append(
            Forecast(
                seller=seller,
                seller_name=str(seller.get_full_name() or seller),
                month=entry.month,
                currency=entry.currency,
                committed=entry.committed,
                best_case=entry.best_case,
                note=entry.note,
                expected=line.expected,
                submitted_at=now,
            )
        )
    Forecast.objects.bulk_create(rows)
    return len(rows)


def _amounts(forecast: Forecast) -> tuple[Decimal, Decimal, str]:
    return forecast.committed, forecast.best_case, forecast.note


def adjust(line: Line, *, amount: Decimal | None, note: str, by: User) -> bool:
    """Store a manager's amount for a line, or with None that the seller's counts again; return whether it changed."""
    current = (line.adjustment.amount, line.adjustment.note) if line.adjustment else (None, "")
    if current == (amount, note) or not line.seller:
        return False
    ForecastAdjustment.objects.create(
        seller_id=line.seller,
        seller_name=line.name,
        month=line.month,
        currency=line.currency,
        amount=amount,
        note=note,
        by=by,
        by_name=str(by.get_full_name() or by),
        at=ports.now(),
    )
    return True
