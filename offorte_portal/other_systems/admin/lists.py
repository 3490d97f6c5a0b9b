"""The lists of what was imported: of all accounts, in the order that was asked for, what is unknown last."""

from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.paginator import ListPaginator
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.search import split_words

Row = TypeVar("Row", bound=Model)


class ImportedChangeList(FilteredChangeList):
    """A list whose rows Django reads; one column and the key are its order."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """One column and the key; what is unknown comes last in either direction."""
        name = str(super().get_ordering(request, queryset)[0])
        column, key = F(name.removeprefix("-")), F("pk")
        if name.startswith("-"):
            return [column.desc(nulls_last=True), key.desc()]
        return [column.asc(nulls_last=True), key.asc()]

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that the address asks for; the nearest one where there is no such page."""
        self.show_page(ListPaginator(self.queryset, self.list_per_page))


class ImportedListAdmin(ReadOnlyAdmin[Row], Generic[Row]):
    """An admin of what was imported, searched in `search_column`."""

    search_column: ClassVar[str] = ""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ImportedChangeList]:
        """The list of all accounts."""
        return ImportedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows in which every word is found."""
        for word in split_words(search_term):
            queryset = queryset.filter(**{f"{self.search_column}__icontains": word})
        return queryset, False

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Without how fresh Offorte's things are: these come from elsewhere."""
        return super().list_context(request, changelist) | {"freshness": None}
