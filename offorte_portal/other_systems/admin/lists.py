"""The lists of imported rows: of all accounts, sorted by the chosen column, with unknown values last."""

from typing import Any, Generic, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.paginator import ListPaginator
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.mirror import search

Row = TypeVar("Row", bound=Model)


class ImportedChangeList(FilteredChangeList):
    """A list whose rows Django reads, sorted by one column and the key."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """Return the order by one column and the key; unknown values come last in both directions."""
        name = str(super().get_ordering(request, queryset)[0])
        column, key = F(name.removeprefix("-")), F("pk")
        if name.startswith("-"):
            return [column.desc(nulls_last=True), key.desc()]
        return [column.asc(nulls_last=True), key.asc()]

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that the address asks for, or the nearest one where there is none."""
        self.show_page(ListPaginator(self.queryset, self.list_per_page))


class ImportedListAdmin(ReadOnlyAdmin[Row], Generic[Row]):
    """An admin of imported rows, which are found by their `search_text`."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ImportedChangeList]:
        return ImportedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that contain every word in one of its spellings, without duplicates."""
        return search.scan(queryset, search_term), False

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Leave out how fresh Offorte's data is, as these rows are not from Offorte."""
        return super().list_context(request, changelist) | {"freshness": None}
