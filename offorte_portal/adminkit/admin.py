"""The base of the admins of mirrored models: lists and records read the mirror, forms write to Offorte.

What an admin can declare of its lists and records is in `record_hooks`. The pages are in the modules beside this one:
`changelist`, `recordviews`, `editing`, `deletion`.
"""

from typing import Any, ClassVar, Generic, TypeVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import additions, list_columns, pending
from offorte_portal.adminkit.changelist import FilteredChangeList, MirrorChangeList
from offorte_portal.adminkit.deletion import RecordDeletion
from offorte_portal.adminkit.editing import RecordEditor
from offorte_portal.adminkit.filters import MirrorFilter, RemovedFilter
from offorte_portal.adminkit.neighbours import name_list
from offorte_portal.adminkit.record_hooks import RecordHooks
from offorte_portal.adminkit.recordviews import WRITABLE, ask_account, choose_account, miss, refuse, show_record
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.mirror import search
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import may_act
from offorte_portal.waiting.marks import asks_elsewhere

SAVING = gettext_lazy("Saving…")
Row = TypeVar("Row", bound=Mirrored)


class MirrorAdmin(RecordHooks[Row], Generic[Row]):
    """An admin of a mirrored model with a fast list, which is changed through Offorte only.

    `list_only` names the columns that are read for the list's rows, those of relations included: a column that a cell
    shows but that is missing there costs a query per row. `ordering` and every sortable column need an index on
    (column, id).
    """

    list_filter: ClassVar[tuple[type[MirrorFilter], ...]] = (RemovedFilter,)
    ordering = ("-remote_id",)
    list_only: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user holds the permission and Offorte lets such records be created."""
        return self.record_form is not None and self.can_create and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user holds the permission, for this record where one is given."""
        return self.record_form is not None and self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user holds the permission, for this record where one is given."""
        return self.record_form is not None and self.can_delete and self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        permission = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
        if obj is None:
            return request.user.has_perm(permission)
        return may_act(staff_user(request), permission, obj)

    def get_urls(self) -> list[URLPattern]:
        """Return Django's URLs, and that of the form."""
        if self.record_form is None:
            return super().get_urls()
        view = self.admin_site.admin_view(self.edit_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_edit"
        return [path("<path:object_id>/edit/", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Return the list; without parameters, redirect to those with which the person's list opens."""
        if request.method == "POST" and list_columns.CHOOSE in request.POST:
            return list_columns.choose(self, request)
        is_bare = request.method == "GET" and not request.META.get("QUERY_STRING")
        if is_bare and self.has_view_permission(request):
            query = additions.find_opening(self.model, staff_user(request))
            if query:
                return redirect(f"{request.path}?{query}")
        return super().changelist_view(request, extra_context)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns that the address asks for, or those that the person chose last, or the usual ones."""
        return list_columns.shown(self, request)

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Return the filters that this person may use."""
        user = staff_user(request)
        return [kind for kind in self.list_filter if not kind.permission or user.has_perm(kind.permission)]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[MirrorChangeList]:
        return MirrorChangeList

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """Return the list that a record's page is opened from, also where that has no parameters."""
        return super().get_preserved_filters(request) or name_list(self, request)

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return the rows of a page with only the columns and relations that they show."""
        rows = self.get_queryset(request).order_by()
        names = self.get_list_display(request)
        chosen = [column for column in self.more_columns if column.name in names]
        reads = [name for column in chosen for name in column.reads]
        related = {name.rpartition("__")[0] for name in (*self.list_only, *reads) if "__" in name}
        if related:
            rows = rows.select_related(*sorted(related))
        rows = rows.prefetch_related(*(make() for make in {column.prefetch for column in chosen} if make))
        return rows.only("connection_id", "remote_id", "removed_at", *self.list_only, *reads)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that contain every word, by the search index where the model has one."""
        if not search.is_indexed(self.model):
            return search.sift(queryset, self.get_search_fields(request), search_term), False
        return search.apply(queryset, search_term), False

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Add what is still to be created, and the kind of file to import."""
        return super().list_context(request, changelist) | {
            "primary_action": None,
            "columns_menu": list_columns.build_menu(self, request),
            "creations": changelist.creations,
            "import_kind": self.import_kind if self.has_add_permission(request) else "",
        }

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """Return a record with its relations, without columns that only the mirror needs; None when there is none."""
        unshown = {"payload", "search_text"} & {field.name for field in self.opts.fields}
        found: QuerySet[Row] = self.get_queryset(request).select_related(*self.record_related).defer(*unshown)
        found = found.annotate(**additions.record_annotations(self.model))
        if self.record_form:
            found = found.annotate(**pending.mark_waiting(self.record_form.target))
        try:
            return found.get(**{from_field or "pk": object_id})
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    @asks_elsewhere(SAVING, is_kept=True)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the form of a new record, or first the choice of its account.

        Unlike Django's own it runs without a transaction: none may be open during a request to Offorte.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, parent = self.get_record_form(), None
        key = request.GET.get(form.parent_query, "") if form.parent_query else ""
        if form.parent_model and key.isdecimal() and len(key) <= 18:
            # The parent that the address names (`?company=12`).
            present = form.parent_model._default_manager.filter(removed_at__isnull=True, connection__state__in=WRITABLE)
            parent = present.select_related("connection").filter(pk=int(key)).first()
        connection = parent.connection if parent else choose_account(request)
        if connection is None:
            return ask_account(self, request)
        initial = {form.parent_field: parent.remote_id} if parent else {}
        return RecordEditor(self, request, connection, initial=initial).respond()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the record's page, without a transaction; the form is on the page of `edit_view`."""
        obj = self.get_object(request, unquote(object_id))
        if request.method == "POST":
            if not self.has_change_permission(request, obj):
                raise PermissionDenied
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return miss(self, request, object_id)
        return show_record(self, request, obj, extra_context or {})

    @asks_elsewhere(SAVING, is_kept=True)
    def edit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the form of a record, unless it can't be changed any more."""
        object_id = unquote(object_id)
        obj = self.get_object(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return miss(self, request, object_id)
        return refuse(self, request, obj) or RecordEditor(self, request, obj.connection, obj).respond()

    @asks_elsewhere(gettext_lazy("Deleting…"), is_kept=True)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask whether to delete the record at Offorte (GET), or delete it (POST), without a transaction."""
        object_id = unquote(object_id)
        obj = self.get_object(request, object_id)
        if not self.has_delete_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return miss(self, request, object_id)
        return refuse(self, request, obj) or self.make_deletion(request, obj).respond()

    def make_deletion(self, request: HttpRequest, obj: Row) -> RecordDeletion:
        return RecordDeletion(self, request, obj)
