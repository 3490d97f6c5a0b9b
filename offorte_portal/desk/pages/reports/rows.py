"""Reports in words and links: every number links to the proposals that it counts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from offorte_portal.adminkit.charts import Bar, Chart, Slot, draw
from offorte_portal.adminkit.reports import (
    Cell,
    Expected,
    Filters,
    MonthChart,
    Row,
    count_cell,
    days,
    draw_currencies,
    percent,
    rate_cell,
    worth_cell,
)
from offorte_portal.adminkit.words import number as write_number
from offorte_portal.desk.models import Team
from offorte_portal.desk.pages.attention import proposals_url
from offorte_portal.desk.pages.overview import duration
from offorte_portal.desk.reports.expectations import Expectation
from offorte_portal.desk.reports.results import Report, ReportRow
from offorte_portal.desk.reports.teams import NO_TEAM
from offorte_portal.staff.scope import Scope
from offorte_portal.staff.sellers import sold_by
from proposals.currencies import DEFAULT_CURRENCY
from proposals.models import AccountUser, DesignTemplate, Proposal


def headings() -> list[str]:
    """Return the headings of a report's columns."""
    return [_("Created"), _("Won"), _("Lost"), _("Win rate"), _("Value won"), _("To first view"), _("To signature")]


def list_rows(scope: Scope, report: Report, by: str) -> list[Row]:
    """Return the rows of a report with labels and links."""
    names = read_names(by)
    return [_row(scope, line, *identify(line.key, by, names), report) for line in report.lines]


def total_row(scope: Scope, report: Report) -> Row:
    return _row(scope, report.total, _("Total"), {}, report)


def identify(key: Any, by: str, names: dict[Any, str]) -> tuple[str, Filters | None]:
    """Return the label of a row and the filters for its proposals; None where the list can't be narrowed to them."""
    if by == "month":
        return date_format(key, "F Y"), {}
    if by == "team":
        return names.get(key) or _("No team"), {"team": str(key) if key else NO_TEAM}
    label = names.get(key) or (by == "seller" and _name_former(str(key))) or (str(key) if key else _("Unknown"))
    return label, {by: str(key)} if key else None


def _name_former(seller: str) -> str:
    """Return the name of a seller whom an account no longer has, as their newest proposal tells it; "" for others."""
    if "#" not in seller:
        return ""
    named = Proposal.objects.filter(sold_by(seller)).exclude(owner_name="").order_by("-pk")
    return named.values_list("owner_name", flat=True).first() or ""


def read_names(by: str) -> dict[Any, str]:
    """Return the names of all sellers, teams or templates by their key in reports. One query; none for months."""
    if by == "seller":
        users = AccountUser.objects.exclude(email="").values_list("email", "firstname", "lastname")
        return {email.lower()[:80]: f"{first} {last}".strip() or email for email, first, last in users}
    if by == "team":
        return dict(Team.objects.values_list("pk", "name"))
    if by == "template":
        return dict(DesignTemplate.objects.values_list("pk", "name"))
    return {}


def _row(scope: Scope, line: ReportRow, label: str, filters: Filters | None, report: Report) -> Row:
    """Return a row with links; without links if `filters` is None."""
    period = report.period
    first, last = (line.key, line.key) if isinstance(line.key, date) else (period.first, period.last)
    decided, begun = days("decided", first, last), days("begun", first, last)
    before = line.before

    def link(**more: str) -> str:
        return proposals_url(scope, **filters, **more) if filters is not None else ""

    return Row(
        label,
        [
            count_cell(line.created, link(**begun), before.created if before else None),
            count_cell(line.won, link(status="won", **decided), before.won if before else None),
            count_cell(line.lost, link(status="lost", **decided), before.lost if before else None),
            rate_cell(line.rate, link(status="won,lost", **decided), before),
            worth_cell(line.value, link(status="won", **decided), before.value if before else None),
            _hours_cell(line.view_hours, link(looked="yes", **begun), before.view_hours if before else None),
            _hours_cell(line.sign_hours, link(status="won", **decided), before.sign_hours if before else None),
        ],
    )


def _hours_cell(hours: int | None, url: str, before: int | None) -> Cell:
    was = "" if before is None else duration(before)
    return Cell(duration(hours), url, value=hours, before=was, unit=_("hours"))


def draw_months(scope: Scope, report: Report) -> list[MonthChart]:
    """Draw won and lost by month, one chart for each currency, because heights compare in one only."""

    def link(status: str, month: date, _currency: str) -> str:
        return proposals_url(scope, status=status, **days("decided", month, month))

    return draw_currencies(report.lines, link, DEFAULT_CURRENCY)


def draw_funnel(scope: Scope, report: Report) -> Chart:
    """Draw how many of the proposals created were sent, seen and won."""
    begun = days("begun", report.period.first, report.period.last)
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
        value, expected = worth_cell(each.value, url), worth_cell(each.expected, url)
        rows.append(Expected(labels[each.kind], count_cell(each.count, url), value, each.chance, expected))
    return rows
