"""The lists behind the admins: filters that forgive, one sort column, pages by ids."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from offorte_portal.adminkit import accounts, pending, search
from offorte_portal.adminkit.filters import MirrorFilter
from offorte_portal.adminkit.paginator import ListPaginator, MirrorPaginator
from offorte_portal.adminkit.unindexed import bar_indexes
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation

if TYPE_CHECKING:
    from offorte_portal.adminkit.record_hooks import ListHooks


class FilteredChangeList(ChangeList):
    """A changelist that answers every address with a list: what it can't read it leaves out and says so."""

    model_admin: "ListHooks[Any]"
    paginator: ListPaginator
    # The account that the list is narrowed to.
    account: Connection | None = None
    # What is still to be created at Offorte, and so has no row yet.
    creations: Sequence[Operation] = ()

    @property
    def filters(self) -> list[MirrorFilter]:
        """The filters of this list, as read from the address."""
        return [spec for spec in self.filter_specs if isinstance(spec, MirrorFilter)]

    @property
    def is_narrowed(self) -> bool:
        """Whether the person searches or filters; the choice of an account is no filter."""
        return bool(self.query) or any(one.is_active for one in self.filters)

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The parameters that a filter of this list knows; others are left alone and never become lookups."""
        known = {name for one in self.list_filter for name in getattr(one, "parameters", ())}
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    @property
    def range_text(self) -> str:
        """Which rows the page shows, of how many."""
        return self.paginator.range_text(self.page_num)

    def show_page(self, paginator: ListPaginator) -> None:
        """Take the rows of the page that the address asks for, or of the nearest one where there is no such page."""
        page = paginator.get_page(max(self.page_num, 1))
        self.paginator, self.page_num, self.result_list = paginator, page.number, page.object_list
        self.result_count, self.full_result_count = paginator.count, None
        self.show_full_result_count = self.show_admin_actions = self.can_show_all = False
        self.multi_page = paginator.num_pages > 1


class MirrorChangeList(FilteredChangeList):
    """The list of a mirrored model, of the chosen account, with what is still to be sent marked on its rows."""

    # The relation, if any, that the list is sorted by a column of.
    ordered_relation = ""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.account = accounts.selected(request)
        super().__init__(request, *args)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """What the list finds, in its order, of the chosen account; `walked` finds the same in another way."""
        query, self.query = self.query, ""
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        self.query = query
        if self.account:
            found = found.filter(connection=self.account)
        self.walked = search.scan(bar_indexes(found), query) if search.is_indexed(self.model) else found
        return self.model_admin.get_search_results(request, found, query)[0]

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """One column and the key, both in the same direction, as the indexes have them.

        What is unknown comes before the smallest value, on every database. Pages that are sorted by a column of a
        relation are read along that one's index.
        """
        name = str(super().get_ordering(request, queryset)[0])
        path = name.removeprefix("-")
        self.ordered_relation, _separator, column_name = path.rpartition("__")
        if self.ordered_relation:
            # Its own key instead of the row's: SQLite sees the order of the index in no other way.
            columns = (F(path), F(f"{self.ordered_relation}__pk"))
            return [column.desc() if name.startswith("-") else column.asc() for column in columns]
        column, key = F(column_name), F("pk")
        nulls = True if getattr(self.lookup_opts.get_field(column_name), "null", False) else None
        if name.startswith("-"):
            return [column.desc(nulls_last=nulls), key.desc()]
        return [column.asc(nulls_first=nulls), key.asc()]

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        """The one column that the list is sorted by, by number, with "asc" or "desc"."""
        columns = {
            number: direction
            for number, direction in super().get_ordering_field_columns().items()
            if 0 <= number < len(self.list_display)
        }
        return dict(list(columns.items())[:1])

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that the address asks for; the nearest one where there is no such page."""
        paginator = MirrorPaginator(
            self.queryset,
            self.list_per_page,
            walked=self.walked,
            rows=self.model_admin.get_page_queryset(request),
            is_narrowed=self.is_narrowed,
            relation=self.ordered_relation,
        )
        self.show_page(paginator)
        self._label_accounts(request)
        self._mark_pending(request)

    def _mark_pending(self, request: HttpRequest) -> None:
        """Mark the rows of which something is still to be sent, and note what is still to be created."""
        form = self.model_admin.record_form
        if form is None:
            return
        accounts_shown = [self.account] if self.account else accounts.available(request)
        operations = pending.of_list(form.target, self.result_list, [one.pk for one in accounts_shown])
        pending.mark_rows(operations, self.result_list)
        self.creations = pending.created(operations)

    def _label_accounts(self, request: HttpRequest) -> None:
        """Give each row the label of its account where rows of several are shown."""
        known = accounts.available(request)
        labels = {one.pk: str(one) for one in known} if self.account is None and len(known) > 1 else {}
        for row in self.result_list:
            row.account_label = labels.get(row.connection_id, "")


class PlainChangeList(MirrorChangeList):
    """The list of a model that is not mirrored; one without accounts is the same whatever account is chosen."""

    @property
    def has_accounts(self) -> bool:
        """Whether a row belongs to an account."""
        return any(field.name == "connection" for field in self.lookup_opts.fields)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """What the list finds, of the chosen account where rows have one."""
        if not self.has_accounts:
            self.account = None
        return super().get_queryset(request, exclude_parameters)

    def _label_accounts(self, request: HttpRequest) -> None:
        if self.has_accounts:
            super()._label_accounts(request)
