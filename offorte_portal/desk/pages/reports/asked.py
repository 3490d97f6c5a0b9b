"""What the address of a report asks for: whose proposals, which months, and which months they are compared with.

Parameters: `period` (month, quarter, year) or `months` (a number), or `from` and `to` as 2026-03; `versus` (before,
year, none); `by`; `who`; `systems`; and those of one report alone. One that can't be read gets its default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal import ports
from offorte_portal.adminkit.filters.ranges import begin_period
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.desk.origins import find_other_side
from offorte_portal.desk.pages.sides import PARAMETER, Origin, read_origin
from offorte_portal.staff.scope import TEAM, Scope
from offorte_portal.text.months import Period, months_back, read_month, write_month

DIMENSIONS = {
    "month": gettext_lazy("Month"),
    "seller": gettext_lazy("Seller"),
    "team": gettext_lazy("Team"),
    "template": gettext_lazy("Template"),
}
# The periods that are a click away, with what each is compared with: so many months earlier.
CURRENT = {"month": 1, "quarter": 3, "year": 12}
MONTHS = (12, 24)
MOST_MONTHS = 60
# Older addresses ask for 3 and 6 months, too.
ANY_MONTHS = {"3", "6", "12", "24"}
BEFORE, YEAR, NONE = "before", "year", "none"


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `choice` is a key of CURRENT, a number of months, or "" for `from` and `to`.

    `who` is what the links keep of whose it is: a report that `is_of_all` keeps what the address says, for the others.
    `own` are the parameters of this report alone, "" where they have their default.
    """

    scope: Scope
    who: str
    origin: Origin
    by: str
    choice: str
    period: Period
    versus: str
    is_shortened: bool
    own: Mapping[str, str]

    @classmethod
    def read(
        cls,
        request: StaffRequest,
        dimensions: Mapping[str, object] = DIMENSIONS,
        *,
        is_of_all: bool = False,
        **own: str,
    ) -> "Asked":
        """Read the address of a report that can be broken down by these dimensions, usually by the first."""
        usual, side = next(iter(dimensions), ""), find_other_side()
        by, known = request.GET.get("by", usual), {*dimensions, *(side.dimensions if side else ())}
        versus = request.GET.get("versus", BEFORE)
        choice, period = _read_period(request, timezone.localdate(ports.now()).replace(day=1))
        is_shortened = period.count > MOST_MONTHS
        scope = read_scope(request, TEAM if is_of_all else "")
        return cls(
            scope,
            scope.who if "who" in request.GET or not is_of_all else "",
            read_origin(request, request.GET.get(PARAMETER, "")),
            by if by in known else usual,
            choice,
            Period.until(period.last, MOST_MONTHS) if is_shortened else period,
            versus if versus in {BEFORE, YEAR, NONE} else BEFORE,
            is_shortened,
            own,
        )

    @property
    def compared(self) -> Period | None:
        """The months that the figures are compared with: as many, so that a month in progress meets its like."""
        if self.versus == NONE:
            return None
        return self.period.back(12 if self.versus == YEAR else CURRENT.get(self.choice, self.period.count))

    @property
    def is_unfinished(self) -> bool:
        """Whether the last month is the current one."""
        return self.period.last == timezone.localdate(ports.now()).replace(day=1)

    def url(self, **changes: str) -> str:
        """Return the address with these changes; an empty value leaves the parameter out."""
        asked = {"by": self.by, **self.months, "who": self.who, **self.kept, **self.own} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def months(self) -> dict[str, str]:
        """The parameters of the period."""
        if self.choice in CURRENT:
            return {"period": self.choice}
        if self.choice:
            return {"months": self.choice}
        return {"from": write_month(self.period.first), "to": write_month(self.period.last)}

    @property
    def kept(self) -> dict[str, str]:
        """The parameters of the comparison and of the side, where they are not the default."""
        systems = {} if self.origin == Origin.OFFORTE else {PARAMETER: self.origin.value}
        return systems | ({} if self.versus == BEFORE else {"versus": self.versus})

    def choices(self) -> list[tuple[str, bool, str]]:
        """Return the label, whether it is the current one, and the address of each period that is a click away."""
        none = dict.fromkeys(("period", "months", "from", "to"), "")
        labels = {"month": _("This month"), "quarter": _("This quarter"), "year": _("This year")}
        found = [(label, name == self.choice, self.url(**none | {"period": name})) for name, label in labels.items()]
        for count in MONTHS:
            label = ngettext("%(count)d month", "%(count)d months", count) % {"count": count}
            found.append((label, str(count) == self.choice, self.url(**none | {"months": str(count)})))
        return found

    def comparisons(self) -> list[tuple[str, str, bool]]:
        """Return the value, the label, and whether it is the current one, of each comparison."""
        labels = {BEFORE: _("the period before"), YEAR: _("a year earlier"), NONE: _("nothing")}
        return [(value, label, value == self.versus) for value, label in labels.items()]

    def choose(self, dimensions: Mapping[str, object], own: str) -> str:
        """Return the dimension asked for, or `own` for a side that does not have it."""
        return self.by if self.by in dimensions else own


def _read_period(request: StaffRequest, this_month: date) -> tuple[str, Period]:
    given = request.GET
    first, last = (read_month(given.get(name, "")) for name in ("from", "to"))
    if first or last:
        last = min(last or this_month, this_month)
        first = min(first or months_back(last, 11), this_month)
        return "", Period(min(first, last), max(first, last))
    choice = given.get("period", "")
    if choice in CURRENT:
        first = this_month.replace(month=1) if choice == "year" else begin_period(choice, this_month)
        return choice, Period(first, this_month)
    months = given.get("months", "")
    months = months if months in ANY_MONTHS else "12"
    return months, Period.until(this_month, int(months))
