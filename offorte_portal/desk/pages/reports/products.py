"""Products that win: how often each product was offered, won and lost, and for how much."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from offorte_portal.adminkit.money import UNKNOWN
from offorte_portal.adminkit.records import may_see
from offorte_portal.adminkit.reports import Cell, Row, Table, count_cell, rate_cell, worth_cell
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.reports.asked import Asked
from offorte_portal.desk.pages.reports.files import is_asked, send_file
from offorte_portal.desk.pages.reports.frame import frame
from offorte_portal.prices import winning
from offorte_portal.prices.memory import VIEW
from offorte_portal.prices.progress import find_unread
from offorte_portal.prices.winning import ENOUGH, ProductLine

TABLE = "products"
# The most lines that the page shows; a file has all.
SHOWN = 100
USUAL_ORDER = "value"
ORDERS = {
    "value": gettext_lazy("Value won"),
    "won": gettext_lazy("Won"),
    "share": gettext_lazy("Won share"),
    "offered": gettext_lazy("Offered"),
}


@staff_view(("proposals.view_proposal", VIEW))
def report_products(request: StaffRequest) -> HttpResponseBase:
    """Show the products that were offered in the period that the address asks for, or send all of them as a file."""
    order = request.GET.get("order", "")
    order = order if order in ORDERS else USUAL_ORDER
    asked = Asked.read(request, {}, is_of_all=True, order="" if order == USUAL_ORDER else order)
    reading, is_file = read_first_reading(request), is_asked(request, TABLE)
    accounts = [asked.scope.account.pk] if asked.scope.account else asked.scope.accounts
    lines = winning.read(accounts, asked.period, None if is_file else winning.MOST_LOOSE)
    lines.sort(key=lambda line: _rank(line, order), reverse=True)
    shown = lines if is_file else lines[:SHOWN]
    # A file says nothing of another period.
    if asked.compared and not is_file:
        winning.compare(shown, asked.compared)
    table = _build_table(request, asked, shown)
    context = frame(request, asked, "report_products") | {
        "table": None if reading and reading.is_all else table,
        "reading": reading,
        "unread": None if reading else find_unread(accounts),
        "is_of_all": True,
        "printed_for": _("The team’s proposals"),
        "orders": [(label, name == order, asked.url(order=name)) for name, label in ORDERS.items()],
        "count": len(lines),
        "shown": SHOWN,
        "enough": ENOUGH,
    }
    return send_file(request, [table]) or render(request, "desk/reports/products.html", context)


def _rank(line: ProductLine, order: str) -> tuple[Any, ...]:
    """Return what lines are sorted by; a share of few decisions comes after those of enough."""
    share = -1.0 if line.rate is None else line.rate
    by = {"value": line.value.rank, "won": line.won, "share": share, "offered": line.offered}
    return by[order], line.won, line.offered


def _build_table(request: StaffRequest, asked: Asked, lines: Sequence[ProductLine]) -> Table:
    months = {"product_from": asked.period.first.isoformat(), "product_to": asked.period.last.isoformat()}
    base = f"{reverse('admin:proposals_proposal_changelist')}?{urlencode(months)}"
    may_open = may_see(request.user, Product)
    rows = [_row(line, f"{base}&product={line.key}", may_open=may_open) for line in lines]
    headings = [_("Offered"), _("Won"), _("Lost"), _("Won share"), _("Value won")]
    if any(line.value.unknown for line in lines):
        headings.append(_("Won rows without an amount"))
        for row, line in zip(rows, lines, strict=True):
            row.cells.append(count_cell(line.value.unknown, ""))
    return Table(TABLE, _("Products in proposals"), _("Product"), headings, rows)


def _row(line: ProductLine, url: str, *, may_open: bool) -> Row:
    """Return a row; `url` is that of the proposals that offer the product in the period."""
    before, is_product = line.before, line.product_id is not None
    won, lost = f"{url}&product_outcome=won", f"{url}&product_outcome=lost"
    rate = rate_cell(line.rate, "", before) if line.rate is not None else Cell(_("too few"), tint="muted", unit="%")
    is_unknown = line.value.unknown > 0 and not line.value.amounts
    value = Cell(UNKNOWN, won) if is_unknown else worth_cell(line.value, won, before.value if before else None)
    return Row(
        line.label or "–",
        [
            count_cell(line.offered, url, before.offered if before else None),
            count_cell(line.won, won, before.won if before else None),
            count_cell(line.lost, lost, before.lost if before else None),
            rate,
            value,
        ],
        reverse("admin:catalog_product_change", args=[line.product_id]) if is_product and may_open else "",
        "" if is_product else _("not in the catalogue"),
    )
