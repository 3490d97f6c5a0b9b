"""The admins' lists: filters that tolerate bad values, one sort column, pages by ids."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import cached_property

from offorte_portal.adminkit import accounts, additions, pending
from offorte_portal.adminkit.filters import MirrorFilter
from offorte_portal.adminkit.filters.base import settle_address
from offorte_portal.adminkit.paginator import ListPaginator, MirrorPaginator
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.unindexed import bar_indexes
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import ranking, search
from offorte_portal.writes.models import Operation

if TYPE_CHECKING:
    from offorte_portal.adminkit.record_hooks import ListHooks

# More hits than this are shown in the list's own order: people type on, or filter.
MOST_RANKED = 2_000


class FilteredChangeList(ChangeList):
    """A changelist that answers every address with a list: it leaves out what it can't read, and says so."""

    model_admin: "ListHooks[Any]"
    paginator: ListPaginator
    # The account that the list is limited to.
    account: Connection | None = None
    # Creations that are still to be sent to Offorte, and so have no row yet.
    creations: Sequence[Operation] = ()

    @property
    def filters(self) -> list[MirrorFilter]:
        """The filters of this list, as read from the address."""
        return [spec for spec in self.filter_specs if isinstance(spec, MirrorFilter)]

    @property
    def is_narrowed(self) -> bool:
        """Whether the person searches or filters; the choice of an account does not count as a filter."""
        return bool(self.query) or any(spec.is_active for spec in self.filters)

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the parameters that a filter of this list knows; others are ignored and never become lookups."""
        known = {name for kind in self.list_filter for name in getattr(kind, "parameters", ())}
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    def get_filters(self, request: HttpRequest) -> Any:
        """Return Django's result, with the links of the page in a form that means the same in all languages."""
        found = super().get_filters(request)
        specs = [spec for spec in found[0] if isinstance(spec, MirrorFilter)]
        self.filter_params |= {name: [text] for name, text in settle_address(request, specs).items()}
        return found

    @property
    def range_text(self) -> str:
        """Which rows the page shows, of how many."""
        return self.paginator.range_text(self.page_num)

    def show_page(self, paginator: ListPaginator) -> None:
        """Set the rows to those of the page that the address asks for, or of the nearest page that exists."""
        page = paginator.get_page(max(self.page_num, 1))
        self.paginator, self.page_num, self.result_list = paginator, page.number, page.object_list
        self.result_count, self.full_result_count = paginator.count, None
        self.show_full_result_count = self.show_admin_actions = self.can_show_all = False
        self.multi_page = paginator.num_pages > 1


class MirrorChangeList(FilteredChangeList):
    """The list of a mirrored model, for the chosen account, with marks on rows that have unsent changes."""

    # The relation whose column the list is sorted by, if any.
    ordered_relation = ""
    # Whether the list shows the hits of a search in the order in which people look for them.
    is_ranked = False

    def __init__(self, request: HttpRequest, model: type[Model], *args: Any) -> None:
        self.account = accounts.selected(request)
        self.hidden = additions.hidden_columns(staff_user(request), model)
        super().__init__(request, model, *args)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the ordered rows of the chosen account; set `walked`, which finds the same rows in another way."""
        query, self.query = self.query, ""
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        self.query = query
        if self.account:
            found = found.filter(connection=self.account)
        self.walked = search.scan(bar_indexes(found), query) if search.is_indexed(self.model) else found
        return self.model_admin.get_search_results(request, found, query)[0]

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """Return one column and the key, both in the same direction, as in the indexes.

        Nulls come before the smallest value, on every database. Pages that are sorted by a column of a relation are
        read along the relation's index.
        """
        name = self.order
        path = name.removeprefix("-")
        self.ordered_relation, _separator, column_name = path.rpartition("__")
        if self.ordered_relation:
            # The relation's key instead of the row's: otherwise SQLite does not use the order of the index.
            columns = (F(path), F(f"{self.ordered_relation}__pk"))
            return [column.desc() if name.startswith("-") else column.asc() for column in columns]
        column, key = F(column_name), F("pk")
        nulls = True if getattr(self.lookup_opts.get_field(column_name), "null", False) else None
        if name.startswith("-"):
            return [column.desc(nulls_last=nulls), key.desc()]
        return [column.asc(nulls_first=nulls), key.asc()]

    @cached_property
    def chosen_order(self) -> str:
        """The column that the address sorts by, with a minus for the reverse order; "" for none.

        Addresses name the column (`?o=-total`). Those of before give its place among the usual ones (`?o=-2`).
        """
        known = self.model_admin.known_columns()
        for part in str(self.params.get(ORDER_VAR, "")).split("."):
            name = part.removeprefix("-")
            if name.isascii() and name.isdecimal() and len(name) < 4:
                name = known[int(name)] if int(name) < len(known) else ""
            if name in known and name not in self.hidden and self.get_ordering_field(name):
                return f"-{name}" if part.startswith("-") else name
        return ""

    @property
    def order(self) -> str:
        """The field that the list is sorted by, with a minus for the reverse order."""
        if self.chosen_order:
            path = str(self.get_ordering_field(self.chosen_order.removeprefix("-")))
            return f"-{path}" if self.chosen_order.startswith("-") else path
        return str((self.model_admin.ordering or ("-pk",))[0])

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        """Return the number of the one column that the list is sorted by, with "asc" or "desc"."""
        name, path = self.chosen_order.removeprefix("-"), self.order.removeprefix("-")
        fits = (attr == name if name else self.get_ordering_field(attr) == path for attr in self.list_display)
        number = next((number for number, is_it in enumerate(fits) if is_it), None)
        if self.is_ranked or number is None:
            return {}
        return {number: "desc" if self.order.startswith("-") else "asc"}

    def get_query_string(self, new_params: dict[str, Any] | None = None, remove: Iterable[str] | None = None) -> str:
        """Return the list's address with changes; the column that Django's headers sort by is named."""
        place = str((new_params or {}).get(ORDER_VAR) or "").split(".")[0]
        if place.removeprefix("-").isdecimal():
            name = str(self.list_display[int(place.removeprefix("-"))])
            new_params = {**(new_params or {}), ORDER_VAR: f"-{name}" if place.startswith("-") else name}
        return super().get_query_string(new_params, remove)

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that the address asks for, or the nearest page that exists; mark rows with unsent changes."""
        paginator = MirrorPaginator(
            self.queryset,
            self.list_per_page,
            walked=self.walked,
            rows=self.model_admin.get_page_queryset(request),
            is_narrowed=self.is_narrowed,
            relation=self.ordered_relation,
        )
        self._rank(paginator)
        self.show_page(paginator)
        self._label_accounts(request)
        self._tell_why()
        if form := self.model_admin.record_form:
            shown = [self.account] if self.account else accounts.available(request)
            operations = pending.of_list(form.target, self.result_list, [connection.pk for connection in shown])
            pending.mark_rows(operations, self.result_list)
            creations = [operation for operation in operations if operation.verb == Operation.Verb.CREATE]
            self.creations = [operation for operation in creations if operation.remote_id is None]

    def _rank(self, paginator: MirrorPaginator) -> None:
        """Put the hits of a search in the order in which people look for them, if they are few and chose no other."""
        if not self.may_rank or paginator.count > MOST_RANKED:
            return
        self.is_ranked = True
        if paginator.count < 2:
            return
        order = ranking.order(self.model, self.query)
        paginator.relation = ""
        paginator.found, paginator.walked = paginator.found.order_by(*order), paginator.walked.order_by(*order)

    @property
    def may_rank(self) -> bool:
        """Whether hits are put in the order of the search, if they are few: the person searches and chose no order."""
        return ORDER_VAR not in self.params and self._is_searched

    @property
    def _is_searched(self) -> bool:
        return search.is_indexed(self.model) and bool(search.read_words(self.query))

    def _tell_why(self) -> None:
        """Give each row what it was found by, where neither its name nor its number says so."""
        if not self._is_searched or not self.result_list:
            return
        shown = self.model._default_manager.filter(pk__in=[row.pk for row in self.result_list])
        reasons = ranking.reasons(shown, self.query)
        for row in self.result_list:
            row.found_by = reasons.get(row.pk, [])

    def _label_accounts(self, request: HttpRequest) -> None:
        """Give each row the label of its account where rows of several accounts are shown."""
        known = accounts.available(request)
        labels = (
            {connection.pk: str(connection) for connection in known} if self.account is None and len(known) > 1 else {}
        )
        for row in self.result_list:
            row.account_label = labels.get(row.connection_id, "")


class PlainChangeList(MirrorChangeList):
    """The list of a model that is not mirrored; one without accounts ignores the chosen account."""

    @property
    def has_accounts(self) -> bool:
        """Whether the rows belong to accounts."""
        return any(field.name == "connection" for field in self.lookup_opts.fields)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the ordered rows, of the chosen account where rows have one."""
        if not self.has_accounts:
            self.account = None
        return super().get_queryset(request, exclude_parameters)

    def _label_accounts(self, request: HttpRequest) -> None:
        if self.has_accounts:
            super()._label_accounts(request)
