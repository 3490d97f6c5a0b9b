"""Results: win rate, value and times by month, seller, team or template; the funnel; what may still be won.

Offorte's proposals and quotes of other systems never share a table or a sum: with both, each has a section of its own.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from offorte_portal.adminkit import money
from offorte_portal.adminkit.reports import Cell, Expected, Row, Table
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.origins import OtherSide
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.reports import rows
from offorte_portal.desk.pages.reports.asked import DIMENSIONS, Asked
from offorte_portal.desk.pages.reports.files import send_file
from offorte_portal.desk.pages.reports.frame import frame
from offorte_portal.desk.pages.sides import PARAMETER, Origin, Position, find_visible, is_offered
from offorte_portal.desk.reports import expectations, results
from offorte_portal.desk.reports.expectations import Expectation
from offorte_portal.text import worth

# What only Offorte's side can be grouped by. Each side's own dimension stands in for that of the other.
OWN_DIMENSION = "template"


@staff_view("proposals.view_proposal")
def reports(request: StaffRequest) -> HttpResponseBase:
    """Show the report that the address asks for, or send one of its tables as a file."""
    asked = Asked.read(request)
    sections = []
    reading = read_first_reading(request) if asked.origin != Origin.OTHER else None
    if asked.origin != Origin.OTHER and not (reading and reading.is_all):
        sections.append(_report_proposals(asked))
    if asked.origin != Origin.OFFORTE and (side := find_visible(request)):
        sections.append(_report_other(asked, side))
    file = send_file(request, [section[name] for section in sections for name in ("table", "chances")])
    context = {
        "switch": _switch(asked) if is_offered(request) else [],
        "sections": sections,
        "reading": reading,
        "is_both": asked.origin == Origin.BOTH,
    }
    return file or render(request, "desk/reports/results.html", frame(request, asked, "reports") | context)


def _report_proposals(asked: Asked) -> dict[str, Any]:
    scope, by = asked.scope, asked.choose(DIMENSIONS, OWN_DIMENSION)
    report = results.read(scope, by=by, period=asked.period, versus=asked.compared)
    monthly = report if by == "month" else results.read(scope, by="month", period=asked.period, has_medians=False)
    expected = expectations.forecast(scope)
    lines, total = rows.list_rows(scope, report, by), rows.total_row(scope, report)
    shown = rows.list_expectations(scope, expected)
    own = {
        "name": "offorte",
        "title": Origin.OFFORTE.label,
        "charts": rows.draw_months(scope, monthly),
        "funnel": rows.draw_funnel(scope, report),
        "expectations": shown,
    }
    table = Table("results", _by(DIMENSIONS[by]), str(DIMENSIONS[by]), rows.headings(), lines, total)
    return own | _share(asked, DIMENSIONS, table, shown, expected)


def _report_other(asked: Asked, side: OtherSide) -> dict[str, Any]:
    by = asked.choose(side.dimensions, side.own_dimension)
    report = side.report(asked.scope, by=by, period=asked.period, versus=asked.compared)
    own = {
        "name": "other",
        "title": Origin.OTHER.label,
        "charts": report.charts,
        "funnel": report.funnel,
        "expectations": report.expectations,
        "has_unowned": report.has_unowned,
    }
    dimension = side.dimensions[by]
    table = Table("quotes", _by(dimension), str(dimension), report.headings, report.rows, report.total)
    return own | _share(asked, side.dimensions, table, report.expectations, report.expected)


def _by(dimension: object) -> str:
    return _("By %(dimension)s") % {"dimension": str(dimension).lower()}


def _share(
    asked: Asked, known: Mapping[str, Any], table: Table, shown: list[Expected], expected: list[Expectation]
) -> dict[str, Any]:
    """Return the part of the page's context that both sides have; `table` is under a dimension of those `known`."""
    return {
        "table": table,
        "chances": _list_chances(table.name, shown),
        "dimensions": [(label, str(label) == table.dimension, asked.url(by=name)) for name, label in known.items()],
        "expected_total": money.write_worth(worth.total(each.expected for each in expected), is_whole=True),
    }


def _list_chances(name: str, shown: list[Expected]) -> Table:
    """Return what may still be won as a table for files."""
    headings = [_("Count"), _("Value"), _("Chance"), _("Expected")]
    lines = [
        Row(line.label, [line.count, line.value, Cell(f"{line.chance} %", value=line.chance, unit="%"), line.expected])
        for line in shown
    ]
    return Table(f"{name}-open", _("What may still be won"), _("Where it stands"), headings, lines)


def _switch(asked: Asked) -> list[Position]:
    found = []
    for origin in Origin:
        url = asked.url(**{PARAMETER: "" if origin == Origin.OFFORTE else origin.value})
        found.append(Position(str(origin.label), url, origin == asked.origin))
    return found
