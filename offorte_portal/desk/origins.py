"""Proposals of other systems, shown beside Offorte's on the board, in reports and in saved views.

Another room registers them in its `origins` module, which `DeskConfig` imports. Without one, these pages show Offorte's
proposals alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from offorte_portal.adminkit.charts import Chart
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.adminkit.reports import Expected, MonthChart, Row
from offorte_portal.desk.board import Total
from offorte_portal.desk.reports.expectations import Expectation
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period


@dataclass(frozen=True)
class OtherCard:
    """A card that nobody can move: `template` renders `row`, in the column of `status`."""

    template: str
    row: Any
    status: str
    at: datetime | None
    amount: str


@dataclass(frozen=True)
class OtherReport:
    """The report of the other side; `has_unowned` if rows without an owner are left out of a person's own report."""

    headings: list[str]
    rows: list[Row]
    total: Row
    charts: list[MonthChart]
    funnel: Chart
    expectations: list[Expected]
    expected: list[Expectation]
    has_unowned: bool


class OtherSide(ABC):
    """Proposals that are not Offorte's, which the portal only reads."""

    # The permission to see them.
    permission: ClassVar[str]
    narrowed: ClassVar[type[Narrowed]]
    # The URL name of their list, and the filters for those whose total is unknown.
    list_name: ClassVar[str]
    unvalued: ClassVar[Mapping[str, str]]
    # What their report can be grouped by, and the one dimension that only they have.
    dimensions: ClassVar[Mapping[str, str | Promise]]
    own_dimension: ClassVar[str]

    @abstractmethod
    def exists(self) -> bool:
        """Return whether there is anything to switch to. One query."""

    @abstractmethod
    def sum_by_status(self, rows: QuerySet[Any]) -> Mapping[str, Total]:
        """Return the totals of these rows by status. One query."""

    @abstractmethod
    def newest_cards(self, rows: QuerySet[Any]) -> Iterable[OtherCard]:
        """Return the newest of these rows in each status, newest first. Two queries."""

    @abstractmethod
    def report(self, scope: Scope, *, by: str, period: Period, versus: Period | None) -> OtherReport:
        """Return the report of a scope on a period, compared with another one."""


_announced: list[OtherSide] = []


def register(side: OtherSide) -> None:
    _announced.append(side)


def find_other_side() -> OtherSide | None:
    """Return the other side; None if no room registers one."""
    return _announced[0] if _announced else None
