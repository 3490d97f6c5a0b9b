"""Sent to signed: of the proposals sent in each month, how many were seen and signed within a number of days."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.adminkit.money import UNKNOWN
from offorte_portal.adminkit.reports import Cell, Row, Table, count_cell, days, percent
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.pages.attention import proposals_url
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.reports.asked import Asked
from offorte_portal.desk.pages.reports.files import send_file
from offorte_portal.desk.pages.reports.frame import frame
from offorte_portal.desk.reports import cohorts
from offorte_portal.desk.reports.cohorts import SEEN_DAYS, SIGNED_DAYS, Cohort

# The depths of colour behind a percentage, each of so many per cent.
SHADES, SHADE = 5, 20


@staff_view("proposals.view_proposal")
def report_cohorts(request: StaffRequest) -> HttpResponseBase:
    """Show the cohorts of the period that the address asks for, or send them as a file."""
    asked, reading = Asked.read(request), read_first_reading(request)
    table = None if reading and reading.is_all else _build_table(asked)
    file = send_file(request, [table] if table else [])
    context = {"table": table, "reading": reading, "without_comparison": True, "compared": ""}
    return file or render(request, "desk/reports/cohorts.html", frame(request, asked, "report_cohorts") | context)


def _build_table(asked: Asked) -> Table:
    *months, total = cohorts.read(asked.scope, asked.period)
    headings = [
        _("Sent"),
        *(ngettext("Seen within %(count)d day", "Seen within %(count)d days", n) % {"count": n} for n in SEEN_DAYS),
        *(
            ngettext("Signed within %(count)d day", "Signed within %(count)d days", n) % {"count": n}
            for n in SIGNED_DAYS
        ),
    ]
    rows = [_row(asked, cohort, date_format(cohort.month, "F Y")) for cohort in months if cohort.month]
    return Table(
        "sent-to-signed", _("By month of sending"), _("Sent in"), headings, rows, _row(asked, total, _("Total"))
    )


def _row(asked: Asked, cohort: Cohort, label: str) -> Row:
    period = (cohort.month, cohort.month) if cohort.month else (asked.period.first, asked.period.last)
    sent = days("sent", *period)
    cells = [count_cell(cohort.sent, proposals_url(asked.scope, **sent))]
    for name, steps, counted in (("seen", SEEN_DAYS, cohort.seen), ("signed", SIGNED_DAYS, cohort.signed)):
        for step in steps:
            url = proposals_url(asked.scope, **sent, **{f"{name}_within": str(step)})
            cells.append(_share(asked, cohort, counted[step], step, url))
    return Row(label, cells)


def _share(asked: Asked, cohort: Cohort, count: int, step: int, url: str) -> Cell:
    """Return the percentage of a cohort, which may still grow until the days have passed for all of it."""
    if not cohort.sent:
        return Cell(UNKNOWN)
    rate = 100 * count / cohort.sent
    shade = min(int(rate // SHADE), SHADES - 1) + 1 if count else 0
    is_over = cohort.is_over(step, asked.period, timezone.localdate(ports.now()))
    note = "" if is_over else _("so far")
    return Cell(percent(rate), url, value=round(rate, 1), change=note, tint=f"shade-{shade}", unit="%")
