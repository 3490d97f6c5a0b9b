"""The report Products that win, and its CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.models import Product
from offorte_portal import ports
from offorte_portal.adminkit import money
from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.records import may_see
from offorte_portal.adminkit.reports import Cell, percent
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.adminkit.words import number
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.prices import winning
from offorte_portal.prices.memory import VIEW
from offorte_portal.prices.progress import find_unread
from offorte_portal.prices.winning import ENOUGH, ProductLine
from offorte_portal.text.months import months_back

PERIODS = (3, 6, 12, 24)
DEFAULT_MONTHS = 12
SHOWN = 100
ORDERS = {
    "value": gettext_lazy("Value won"),
    "won": gettext_lazy("Won"),
    "share": gettext_lazy("Won share"),
    "offered": gettext_lazy("Offered"),
}
PERMISSIONS = ("proposals.view_proposal", VIEW)


@dataclass(frozen=True)
class ReportQuery:
    """What the address asks for; a parameter that can't be read gets its default. Months are given by first days."""

    months: int
    order: str
    first: date
    last: date

    @classmethod
    def read(cls, request: StaffRequest) -> "ReportQuery":
        months, order = request.GET.get("months", ""), request.GET.get("order", "")
        count = int(months) if months in {str(period) for period in PERIODS} else DEFAULT_MONTHS
        last = timezone.localdate(ports.now()).replace(day=1)
        return cls(count, order if order in ORDERS else "value", months_back(last, count - 1), last)

    def url(self, **changes: str) -> str:
        return "?" + urlencode({"months": str(self.months), "order": self.order} | changes)

    def sort(self, lines: list[ProductLine]) -> list[ProductLine]:
        """Return the lines in the order asked for; a share of few decisions comes after those of enough."""

        def rank(line: ProductLine) -> tuple[Any, ...]:
            shared = (line.decided >= ENOUGH, line.share or 0)
            by = {"value": (line.value.rank,), "won": (line.won,), "share": shared, "offered": (line.offered,)}
            return (*by[self.order], line.won, line.offered)

        return sorted(lines, key=rank, reverse=True)


@staff_view(PERMISSIONS)
def report_products(request: StaffRequest) -> HttpResponseBase:
    """Show the products that were offered in a period, or return all of them as CSV."""
    asked, account = ReportQuery.read(request), selected(request)
    accounts = [account.pk] if account else [each.pk for each in available(request)]
    is_file = request.GET.get("format") == "csv"
    most_loose = None if is_file else winning.MOST_LOOSE
    lines = asked.sort(winning.read(accounts, asked.first, asked.last, most_loose))
    return stream_csv("products", *csv_rows(lines)) if is_file else _show(request, asked, accounts, lines)


def _show(request: StaffRequest, asked: ReportQuery, accounts: list[int], lines: list[ProductLine]) -> HttpResponse:
    may_open = may_see(request.user, Product)
    context = {
        **admin.site.each_context(request),
        "title": _("Products that win"),
        "periods": [
            (
                ngettext("%(count)d month", "%(count)d months", months) % {"count": months},
                months == asked.months,
                asked.url(months=str(months)),
            )
            for months in PERIODS
        ],
        "orders": [(label, name == asked.order, asked.url(order=name)) for name, label in ORDERS.items()],
        "rows": [_show_line(line, asked, may_open=may_open) for line in lines[:SHOWN]],
        "count": len(lines),
        "shown": SHOWN,
        "csv_url": asked.url(format="csv"),
        "unread": find_unread(accounts),
        "enough": ENOUGH,
    }
    return render(request, "desk/reports/products.html", context)


def _show_line(line: ProductLine, asked: ReportQuery, *, may_open: bool) -> dict[str, Any]:
    proposals = reverse("admin:proposals_proposal_changelist")
    months = {"product_from": asked.first.isoformat(), "product_to": asked.last.isoformat()}

    def rows(**outcome: str) -> str:
        return f"{proposals}?{urlencode({'product': line.key, **months, **outcome})}"

    won = rows(product_outcome="won")
    value = [Cell(text, won) for _currency, text in money.list_amounts(line.value, is_whole=True, none=money.UNKNOWN)]
    is_product = line.product_id is not None
    return {
        "label": line.label or "–",
        "url": reverse("admin:catalog_product_change", args=[line.product_id]) if is_product and may_open else "",
        "is_loose": not is_product,
        "offered": Cell(number(line.offered), rows()),
        "won": Cell(number(line.won), won),
        "lost": Cell(number(line.lost), rows(product_outcome="lost")),
        "share": percent(line.share) if line.decided >= ENOUGH else "",
        "values": value,
        "unknown": line.value.unknown,
    }


def csv_rows(lines: Sequence[ProductLine]) -> tuple[list[object], Iterator[Sequence[object]]]:
    """Return the header and the rows of the CSV: one for each product and currency."""
    header: list[object] = [
        _("Product"), _("Offered"), _("Won"), _("Lost"), _("Won share"), _("Currency"), _("Value won"),
        _("Won rows without an amount"),
    ]  # fmt: skip
    return header, (row for line in lines for row in _csv_rows(line))


def _csv_rows(line: ProductLine) -> Iterator[Sequence[object]]:
    share = round(line.share, 1) if line.share is not None else None
    amounts: list[tuple[str, Decimal | None]] = [*sorted(line.value.amounts.items())]
    for currency, amount in amounts or [("", None)]:
        yield [line.label, line.offered, line.won, line.lost, share, currency, amount, line.value.unknown]
