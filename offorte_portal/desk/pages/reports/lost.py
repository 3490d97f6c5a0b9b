"""Why we lose: count and value of lost proposals by reason, competitor, month, seller, team or template."""

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.money import UNKNOWN
from offorte_portal.adminkit.reports import Cell, Filters, Row, Table, count_cell, days, percent, worth_cell
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.adminkit.words import number
from offorte_portal.desk.pages.attention import proposals_url
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.reports import rows
from offorte_portal.desk.pages.reports.asked import DIMENSIONS, Asked
from offorte_portal.desk.pages.reports.files import send_file
from offorte_portal.desk.pages.reports.frame import frame
from offorte_portal.desk.reports import losses
from offorte_portal.desk.reports.losses import COLUMNS, NONE, OTHER, LostLine, LostReport
from offorte_portal.tracking.models import LostReason

ALL = {"reason": gettext_lazy("Reason"), "competitor": gettext_lazy("Competitor"), **DIMENSIONS}


@staff_view("proposals.view_proposal")
def report_lost(request: StaffRequest) -> HttpResponseBase:
    """Show why proposals were lost in the period that the address asks for, or send it as a file."""
    asked, reading = Asked.read(request, ALL), read_first_reading(request)
    by = asked.choose(ALL, "reason")
    table = total = None
    accounts = [asked.scope.account.pk] if asked.scope.account else asked.scope.accounts
    is_added_up = losses.is_added_up(accounts)
    if is_added_up and not (reading and reading.is_all):
        report = losses.read(asked.scope, by=by, period=asked.period, versus=asked.compared)
        table, total = _build_table(asked, report, by), report.total
    context = frame(request, asked, "report_lost") | {
        "table": table,
        "reading": reading,
        "is_adding_up": not (reading or is_added_up),
        "figures": _list_figures(asked, total) if total else [],
        "dimensions": [(label, name == by, asked.url(by=name)) for name, label in ALL.items()],
    }
    return send_file(request, [table] if table else []) or render(request, "desk/reports/lost.html", context)


def _list_figures(asked: Asked, total: LostLine) -> list[tuple[str, Cell]]:
    lost = {"status": "lost", **days("decided", asked.period.first, asked.period.last)}
    url, before = proposals_url(asked.scope, **lost), total.before
    unexplained = proposals_url(asked.scope, lost_reason=NONE, **lost)
    rest = count_cell(total.count - total.explained, unexplained, before.count - before.explained if before else None)
    return [
        (_("Lost"), count_cell(total.count, url, before.count if before else None)),
        (_("Value lost"), worth_cell(total.value, url, before.value if before else None)),
        (_("No reason given"), rest),
    ]


def _build_table(asked: Asked, report: LostReport, by: str) -> Table:
    reasons = _read_reasons()
    names = reasons if by == "reason" else rows.read_names(by)
    build = partial(_row, asked, report, reasons if by in COLUMNS else None)
    lines = [build(line, _identify(line, by, names)) for line in report.lines]
    more = [_("With a reason"), _("Most often")] if by in COLUMNS else [_("Share")]
    title = _("By %(dimension)s") % {"dimension": str(ALL[by]).lower()}
    headings = [_("Lost"), _("Value lost"), *more]
    return Table("lost", title, str(ALL[by]), headings, lines, build(report.total, (_("Total"), {})))


def _read_reasons() -> dict[Any, str]:
    """Return the names of all reasons, archived ones too. One query."""
    return {reason.pk: str(reason) for reason in LostReason.objects.all()} | {OTHER: _("Another reason")}


def _identify(line: LostLine, by: str, names: dict[Any, str]) -> tuple[str, Filters | None]:
    """Return the label of a line and the filters for its proposals; None where the list can't be narrowed to them."""
    if by == "reason":
        label = _("No reason given") if line.key == NONE else names.get(line.key, str(line.key))
        return label, {"lost_reason": str(line.key)}
    if by == "competitor":
        return (_("No competitor named"), None) if line.key == NONE else (line.name, {"competitor": line.name})
    return rows.identify(line.key, by, names)


def _row(
    asked: Asked,
    report: LostReport,
    reasons: dict[Any, str] | None,
    line: LostLine,
    named: tuple[str, Filters | None],
) -> Row:
    """Return a row with links; with `reasons`, how many have one and the most frequent, else the share of the total."""
    label, filters = named
    first, last = (line.key, line.key) if isinstance(line.key, date) else (report.period.first, report.period.last)
    lost = {"status": "lost", **days("decided", first, last)}
    url, before = "" if filters is None else proposals_url(asked.scope, **lost, **filters), line.before
    cells = [
        count_cell(line.count, url, before.count if before else None),
        worth_cell(line.value, url, before.value if before else None),
    ]
    if reasons is None:
        return Row(label, [*cells, _share(line.count, report.total.count)])
    most = line.reasons.most_common(1)
    often = f"{reasons.get(most[0][0], '')} ({number(most[0][1])})" if most else UNKNOWN
    return Row(label, [*cells, _share(line.explained, line.count), Cell(often)])


def _share(count: int, total: int) -> Cell:
    share = round(100 * count / total, 1) if total else None
    return Cell(percent(share), value=share, bar=share, unit="%")
