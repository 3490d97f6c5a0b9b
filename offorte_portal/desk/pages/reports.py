"""Reports: win rate, value, times, by month, seller or template; the funnel; the forecast.

Offorte's proposals and quotes of other systems never share a table or a sum: with both, each has a section of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal import ports
from offorte_portal.adminkit import money
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk import analytics
from offorte_portal.desk.origins import OtherSide, find_other_side
from offorte_portal.desk.pages import report_rows
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.sides import PARAMETER, Origin, Position, find_visible, is_offered, read_origin
from offorte_portal.staff.scope import Scope
from offorte_portal.text import worth

DIMENSIONS = {"month": gettext_lazy("Month"), "seller": gettext_lazy("Seller"), "template": gettext_lazy("Template")}
# What only Offorte's side can be grouped by. Each side's own dimension stands in for that of the other.
OWN_DIMENSION = "template"
DEFAULT_MONTHS = 12


@dataclass(frozen=True)
class ReportQuery:
    """What the address asks for; a parameter that can't be read gets its default."""

    scope: Scope
    origin: Origin
    by: str
    months: int

    @classmethod
    def read(cls, request: StaffRequest) -> "ReportQuery":
        by, months, side = request.GET.get("by", "month"), request.GET.get("months", ""), find_other_side()
        return cls(
            read_scope(request),
            read_origin(request, request.GET.get(PARAMETER, "")),
            by if by in DIMENSIONS or (side and by in side.dimensions) else "month",
            int(months) if months in {str(period) for period in analytics.PERIODS} else DEFAULT_MONTHS,
        )

    def url(self, **changes: str) -> str:
        """Return the address with these changes; an empty value leaves the parameter out."""
        systems = "" if self.origin == Origin.OFFORTE else self.origin.value
        asked = {"by": self.by, "months": str(self.months), "who": self.scope.who, PARAMETER: systems} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def choose(self, dimensions: Mapping[str, object], own: str) -> str:
        """Return the dimension asked for, or `own` for a side that does not have it."""
        return self.by if self.by in dimensions else own


@staff_view("proposals.view_proposal")
def reports(request: StaffRequest) -> HttpResponse:
    """Show the report that the address asks for."""
    asked = ReportQuery.read(request)
    sections = []
    reading = read_first_reading(request) if asked.origin != Origin.OTHER else None
    if asked.origin != Origin.OTHER and not (reading and reading.is_all):
        sections.append(_report_proposals(asked))
    if asked.origin != Origin.OFFORTE and (side := find_visible(request)):
        sections.append(_report_other(asked, side))
    context = {
        **admin.site.each_context(request),
        "title": _("Reports"),
        "scope": asked.scope,
        "keep": "&" + asked.url(who="").removeprefix("?"),
        "switch": _switch(asked) if is_offered(request) else [],
        "periods": [
            (
                ngettext("%(count)d month", "%(count)d months", months) % {"count": months},
                months == asked.months,
                asked.url(months=str(months)),
            )
            for months in analytics.PERIODS
        ],
        "sections": sections,
        "reading": reading,
        "is_both": asked.origin == Origin.BOTH,
    }
    return render(request, "desk/reports.html", context)


def _report_proposals(asked: ReportQuery) -> dict[str, Any]:
    scope, by, today = asked.scope, asked.choose(DIMENSIONS, OWN_DIMENSION), timezone.localdate(ports.now())
    report = analytics.read(scope, by=by, months=asked.months, today=today)
    monthly = analytics.read(scope, by="month", months=asked.months, today=today)
    expected = analytics.forecast(scope)
    return {
        "name": "offorte",
        "title": Origin.OFFORTE.label,
        "headings": report_rows.headings(),
        "rows": report_rows.list_rows(scope, report, by),
        "total": report_rows.total_row(scope, report),
        "charts": report_rows.draw_months(scope, monthly),
        "funnel": report_rows.draw_funnel(scope, report),
        "expectations": report_rows.list_expectations(scope, expected),
        **_share(asked, DIMENSIONS, by, expected),
    }


def _report_other(asked: ReportQuery, side: OtherSide) -> dict[str, Any]:
    by = asked.choose(side.dimensions, side.own_dimension)
    report = side.report(asked.scope, by=by, months=asked.months, today=timezone.localdate(ports.now()))
    return {
        "name": "other",
        "title": Origin.OTHER.label,
        "headings": report.headings,
        "rows": report.rows,
        "total": report.total,
        "charts": report.charts,
        "funnel": report.funnel,
        "expectations": report.expectations,
        "has_unowned": report.has_unowned,
        **_share(asked, side.dimensions, by, report.expected),
    }


def _share(
    asked: ReportQuery, known: Mapping[str, object], chosen: str, expected: list[analytics.Expectation]
) -> dict[str, Any]:
    """Return the part of the page's context that both sides have."""
    return {
        "dimension": known[chosen],
        "dimensions": [(name, label, name == chosen, asked.url(by=name)) for name, label in known.items()],
        "expected_total": money.write_worth(worth.total(each.expected for each in expected), is_whole=True),
    }


def _switch(asked: ReportQuery) -> list[Position]:
    found = []
    for origin in Origin:
        url = asked.url(**{PARAMETER: "" if origin == Origin.OFFORTE else origin.value})
        found.append(Position(str(origin.label), url, origin == asked.origin))
    return found
