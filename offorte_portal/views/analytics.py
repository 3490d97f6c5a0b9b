"""Reports: win rate, value, times, by month, seller or template; the funnel; the forecast.

Offorte's proposals and quotes of other systems never share a table or a sum: with both, one lies below the other.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from offorte_portal.adminkit import worth_words
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.desk import analytics, worth
from offorte_portal.desk.attention import Scope
from offorte_portal.desk.pages import report_rows as report_words
from offorte_portal.desk.pages.sides import PARAMETER, Origin, Position, is_offered, read_origin
from offorte_portal.other_systems import sums
from offorte_portal.other_systems.pages import quote_report
from offorte_portal.staff.identity import identify

DIMENSIONS = {"month": gettext_lazy("Month"), "seller": gettext_lazy("Seller"), "template": gettext_lazy("Template")}
OTHER_DIMENSIONS = {"month": DIMENSIONS["month"], "seller": DIMENSIONS["seller"], "system": gettext_lazy("System")}
# What only one side knows is, on the other side, what comes closest.
CLOSEST = {"template": "system", "system": "template"}
DEFAULT_MONTHS = 12


@dataclass(frozen=True)
class Question:
    """What the address asks for; what can't be read is the default."""

    scope: Scope
    origin: Origin
    by: str
    months: int

    @classmethod
    def read(cls, request: HttpRequest) -> "Question":
        """The question of this request."""
        by, months = request.GET.get("by", "month"), request.GET.get("months", "")
        return cls(
            read_scope(request),
            read_origin(request, request.GET.get(PARAMETER, "")),
            by if by in DIMENSIONS | OTHER_DIMENSIONS else "month",
            int(months) if months in {str(one) for one in analytics.PERIODS} else DEFAULT_MONTHS,
        )

    def url(self, **changes: str) -> str:
        """The address of the same question with these changes; an empty one leaves the parameter out."""
        systems = "" if self.origin == Origin.OFFORTE else self.origin.value
        asked = {"by": self.by, "months": str(self.months), "who": self.scope.who, PARAMETER: systems} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def choose(self, dimensions: dict[str, Any]) -> str:
        """The dimension for a side that knows these."""
        return self.by if self.by in dimensions else CLOSEST[self.by]


@require_GET
@admin.site.admin_view
@permission_required("proposals.view_proposal", raise_exception=True)
def reports(request: HttpRequest) -> HttpResponse:
    """Show the report that the address asks for."""
    asked = Question.read(request)
    sections = []
    if asked.origin != Origin.OTHER:
        sections.append(_report_proposals(asked))
    if asked.origin != Origin.OFFORTE:
        sections.append(_report_quotes(asked))
    context = {
        **admin.site.each_context(request),
        "title": _("Reports"),
        "scope": asked.scope,
        "keep": "&" + asked.url(who="").removeprefix("?"),
        "switch": _switch(asked) if is_offered(request) else [],
        "periods": [(_period(one), one == asked.months, asked.url(months=str(one))) for one in analytics.PERIODS],
        "sections": sections,
        "is_both": asked.origin == Origin.BOTH,
    }
    return render(request, "analytics/reports.html", context)


def _report_proposals(asked: Question) -> dict[str, Any]:
    scope, by, today = asked.scope, asked.choose(DIMENSIONS), timezone.localdate()
    report = analytics.read(scope, by=by, months=asked.months, today=today)
    monthly = analytics.read(scope, by="month", months=asked.months, today=today)
    expected = analytics.forecast(scope)
    return {
        "name": "offorte",
        "title": Origin.OFFORTE.label,
        "headings": report_words.headings(),
        "rows": report_words.list_rows(scope, report, by),
        "total": report_words.total_row(scope, report),
        "charts": report_words.draw_months(scope, monthly),
        "funnel": report_words.draw_funnel(scope, report),
        "expectations": report_words.list_expectations(scope, expected),
        **_share(asked, DIMENSIONS, expected),
    }


def _report_quotes(asked: Question) -> dict[str, Any]:
    desk = sums.Desk(identify(asked.scope.user).addresses if asked.scope.is_mine else None)
    links, by, today = (
        quote_report.QuoteLinks(asked.scope.is_mine),
        asked.choose(OTHER_DIMENSIONS),
        timezone.localdate(),
    )
    report = sums.read_report(desk, by=by, months=asked.months, today=today)
    monthly = sums.read_report(desk, by="month", months=asked.months, today=today)
    expected = sums.forecast(desk)
    return {
        "name": "other",
        "title": Origin.OTHER.label,
        "headings": quote_report.headings(),
        "rows": quote_report.list_rows(links, report, by),
        "total": quote_report.total_row(links, report),
        "charts": quote_report.draw_months(links, monthly),
        "funnel": quote_report.draw_funnel(links, report),
        "expectations": quote_report.list_expectations(links, expected),
        "has_unowned": sums.has_unowned(desk),
        **_share(asked, OTHER_DIMENSIONS, expected),
    }


def _share(asked: Question, known: dict[str, Any], expected: list[analytics.Expectation]) -> dict[str, Any]:
    """What both sides have."""
    chosen = asked.choose(known)
    return {
        "dimension": known[chosen],
        "dimensions": [(name, label, name == chosen, asked.url(by=name)) for name, label in known.items()],
        "expected_total": worth_words.write_worth(worth.total(one.expected for one in expected), is_whole=True),
    }


def _switch(asked: Question) -> list[Position]:
    values = {one: "" if one == Origin.OFFORTE else one.value for one in Origin}
    return [Position(str(one.label), asked.url(**{PARAMETER: values[one]}), one == asked.origin) for one in Origin]


def _period(months: int) -> str:
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
