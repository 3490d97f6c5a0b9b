"""Reports in words and links: every number links to the proposals that it counts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from offorte_portal.adminkit.charts import Bar, Chart, Slot, draw
from offorte_portal.adminkit.money import write_worth
from offorte_portal.adminkit.reports import (
    Cell,
    Expected,
    Filters,
    MonthChart,
    Row,
    days,
    draw_currencies,
    percent,
)
from offorte_portal.adminkit.words import number as write_number
from offorte_portal.desk.analytics import Expectation, Report, ReportRow
from offorte_portal.desk.pages.attention import proposals_url
from offorte_portal.desk.pages.overview import duration
from offorte_portal.staff.scope import Scope
from proposals.currencies import DEFAULT_CURRENCY
from proposals.models import AccountUser, DesignTemplate


def headings() -> list[str]:
    """Return the headings of a report's columns."""
    return [_("Created"), _("Won"), _("Lost"), _("Win rate"), _("Value won"), _("To first view"), _("To signature")]


def list_rows(scope: Scope, report: Report, by: str) -> list[Row]:
    """Return the rows of a report with labels and links."""
    names = _names(by)
    rows = []
    for line in report.lines:
        filters: Filters | None = {}
        if by == "month":
            label = date_format(line.key, "F Y")
        else:
            label = names.get(line.key) or (str(line.key) if line.key else _("Unknown"))
            # The list can't be narrowed to proposals without a seller or a template.
            filters = {"seller" if by == "seller" else "template": str(line.key)} if line.key else None
        rows.append(_row(scope, line, label, filters, report))
    return rows


def total_row(scope: Scope, report: Report) -> Row:
    return _row(scope, report.total, _("Total"), {}, report)


def _names(by: str) -> dict[Any, str]:
    if by == "seller":
        users = AccountUser.objects.exclude(email="").values_list("email", "firstname", "lastname")
        return {email.lower()[:80]: f"{first} {last}".strip() or email for email, first, last in users}
    if by == "template":
        return dict(DesignTemplate.objects.values_list("pk", "name"))
    return {}


def _row(scope: Scope, line: ReportRow, label: str, filters: Filters | None, report: Report) -> Row:
    """Return a row with links; without links if `filters` is None."""
    first, last = (line.key, line.key) if isinstance(line.key, date) else (report.first, report.last)
    decided, begun = days("decided", first, last), days("begun", first, last)

    def cell(text: str, **more: str) -> Cell:
        return Cell(text, proposals_url(scope, **filters, **more) if filters is not None else "")

    return Row(
        label,
        [
            cell(write_number(line.created), **begun),
            cell(write_number(line.won), status="won", **decided),
            cell(write_number(line.lost), status="lost", **decided),
            cell(percent(line.rate), status="won,lost", **decided),
            cell(write_worth(line.value, is_whole=True), status="won", **decided),
            cell(duration(line.view_hours), looked="yes", **begun),
            cell(duration(line.sign_hours), status="won", **decided),
        ],
    )


def draw_months(scope: Scope, report: Report) -> list[MonthChart]:
    """Draw won and lost by month, one chart for each currency, because heights compare in one only."""

    def link(status: str, month: date, _currency: str) -> str:
        return proposals_url(scope, status=status, **days("decided", month, month))

    return draw_currencies(report.lines, link, DEFAULT_CURRENCY)


def draw_funnel(scope: Scope, report: Report) -> Chart:
    """Draw how many of the proposals created were sent, seen and won."""
    begun = days("begun", report.first, report.last)
    total = report.total
    steps: list[tuple[str, int, Filters]] = [
        (_("Created"), total.created, {}),
        (_("Sent"), total.sent, {"status": "open,won,lost,closed"}),
        (_("Seen"), total.seen, {"looked": "yes"}),
        (_("Won"), total.created_won, {"status": "won"}),
    ]
    slots = []
    for name, count, filters in steps:
        number = write_number(count)
        share = percent(100 * count / total.created) if total.created else ""
        url = proposals_url(scope, **begun, **filters)
        text = f"{number} ({share})" if share else number
        slots.append(Slot(name, [Bar(Decimal(count), f"{name}: {text}", url, text=text, label=number)]))
    return draw(slots, series=[_("Proposals")])


def list_expectations(scope: Scope, found: Iterable[Expectation]) -> list[Expected]:
    """Return the rows of the forecast."""
    labels = {
        "hot": _("Open and hot"),
        "seen": _("Open and seen"),
        "unseen": _("Open and not seen"),
        "edit": _("In edit"),
    }
    rows = []
    for each in found:
        url = proposals_url(scope, stage=each.kind)
        count = Cell(write_number(each.count), url)
        value = Cell(write_worth(each.value, is_whole=True), url)
        expected = Cell(write_worth(each.expected, is_whole=True), url)
        rows.append(Expected(labels[each.kind], count, value, each.chance, expected))
    return rows
