"""Imported quotes next to Offorte's proposals, in the pipeline, in reports and in saved views."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import money
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.desk.board import Total
from offorte_portal.desk.origins import OtherCard, OtherReport, OtherSide, register
from offorte_portal.mirror import search
from offorte_portal.other_systems import sums
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.pages import quote_report
from offorte_portal.staff.identity import identify
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period


class NarrowedQuotes(Narrowed):
    """The imported quotes that their list shows for these parameters; they belong to no Offorte account."""

    model = ImportedQuote

    def find_all(self) -> QuerySet[Any]:
        """Return the quotes that have been read and mapped, in no order."""
        return ImportedQuote.objects.read().order_by()

    def search(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Return the quotes that contain every word of the search."""
        return search.scan(found, self.text)


class ImportedQuotes(OtherSide):
    permission = "other_systems.view_importedquote"
    narrowed = NarrowedQuotes
    list_name = quote_report.QUOTES
    unvalued = {"valued": "no"}
    dimensions = {"month": gettext_lazy("Month"), "seller": gettext_lazy("Seller"), "system": gettext_lazy("System")}
    own_dimension = "system"

    def exists(self) -> bool:
        """Return whether another system is connected."""
        return Source.is_any_connected()

    def sum_by_status(self, rows: QuerySet[Any]) -> Mapping[str, Total]:
        return sums.sum_by_status(rows)

    def newest_cards(self, rows: QuerySet[Any]) -> Iterator[OtherCard]:
        for quote in sums.newest(rows):
            amount = _("no total") if quote.total is None else money.write_amount(quote.total, quote.currency)
            day = quote.begun_on
            midnight = timezone.make_aware(datetime(day.year, day.month, day.day)) if day else None  # noqa: DTZ001
            yield OtherCard("other_systems/board_card.html", quote, quote.status, midnight, amount)

    def report(self, scope: Scope, *, by: str, period: Period, versus: Period | None) -> OtherReport:
        """Return the report, with links to the list of quotes."""
        desk = sums.Desk(identify(scope.user).addresses if scope.is_mine else None)
        links = quote_report.QuoteLinks(scope.is_mine)
        report = sums.read_report(desk, by=by, period=period, versus=versus)
        monthly = sums.read_report(desk, by="month", period=period)
        expected = sums.forecast(desk)
        return OtherReport(
            headings=quote_report.headings(),
            rows=quote_report.list_rows(links, report, by),
            total=quote_report.total_row(links, report),
            charts=quote_report.draw_months(links, monthly),
            funnel=quote_report.draw_funnel(links, report),
            expectations=quote_report.list_expectations(links, expected),
            expected=expected,
            has_unowned=sums.has_unowned(desk),
        )


register(ImportedQuotes())
