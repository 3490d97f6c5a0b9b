"""The base of every admin of mirrored things: lists and records read the mirror, forms write to Offorte.

A record hangs on two hooks, `record_context` and `change_form_template`; its forms on `record_form`. How a page is
answered is in the modules beside this one: `changelist`, `recordviews`, `editing`, `deletion`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import search
from offorte_portal.adminkit.actions import BulkActions
from offorte_portal.adminkit.changelist import MirrorChangeList
from offorte_portal.adminkit.deletion import Loss, RecordDeletion
from offorte_portal.adminkit.filters import MirrorFilter, RemovedFilter
from offorte_portal.adminkit.forms import RecordForm
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.recordviews import add_record, delete_record, edit_record, miss, show_record
from offorte_portal.files.pages.export_list import ExportableList
from offorte_portal.models import Mirrored
from offorte_portal.services.access import may_act
from offorte_portal.waiting.marks import asks_elsewhere

SAVING = gettext_lazy("Saving…")
Row = TypeVar("Row", bound=Mirrored)


@dataclass(frozen=True)
class Tab:
    """A view of a list: what it is called, how many rows it has, where it is."""

    label: str
    count: str
    url: str
    is_active: bool


class MirrorAdmin(BulkActions[Row], ExportableList[Row], Generic[Row]):
    """An admin of a mirrored model whose list stays fast, and which is written to through Offorte only.

    `list_only` names the columns that a list's row is read with, relations included: a column that a cell shows and
    that is not named costs a query a row. `ordering` and every sortable column need an index on (column, id).
    """

    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_filter: ClassVar[tuple[type[MirrorFilter], ...]] = (RemovedFilter,)
    ordering = ("-remote_id",)
    list_only: ClassVar[tuple[str, ...]] = ()
    # Columns that a phone's cards keep beside the first one.
    card_columns: ClassVar[tuple[str, ...]] = ()
    # Relations that a record's page shows: read along with the record.
    record_related: ClassVar[tuple[str, ...]] = ("connection",)

    # What can be written of the model at Offorte; None: nothing, it is only looked at.
    record_form: ClassVar[type[RecordForm] | None] = None
    record_form_template = "admin/record_form.html"
    record_delete_template = "admin/record_delete.html"
    # The kind of file that brings in such things (`services/uploads`).
    import_kind = ""
    can_create = True
    can_delete = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever holds the permission, where Offorte lets such things be created."""
        return self.record_form is not None and self.can_create and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds the permission, for this very record where one is given."""
        return self.record_form is not None and self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds the permission, for this very record where one is given."""
        return self.record_form is not None and self.can_delete and self._may(request, "delete", obj)

    def get_record_form(self) -> type[RecordForm]:
        """The form of its records. Raises PermissionDenied where Offorte takes none."""
        if self.record_form is None:
            raise PermissionDenied
        return self.record_form

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        permission = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
        if obj is None:
            return request.user.has_perm(permission)
        return may_act(cast("User", request.user), permission, obj)

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, and that of the form."""
        if self.record_form is None:
            return super().get_urls()
        view = self.admin_site.admin_view(self.edit_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_edit"
        return [path("<path:object_id>/edit/", view, name=name), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[MirrorChangeList]:
        """Our own changelist, whatever the model."""
        return MirrorChangeList

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """What the rows of one page are read from: all they show, and nothing that they don't."""
        rows = self.get_queryset(request).order_by()
        related = {name.split("__")[0] for name in self.list_only if "__" in name}
        if related:
            rows = rows.select_related(*sorted(related))
        return rows.only("connection_id", "remote_id", "removed_at", *self.list_only)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows in which every word is found, by the search index where the model has one."""
        if not search.is_indexed(self.model):
            return super().get_search_results(request, queryset, search_term)
        return search.apply(queryset, search_term), False

    def tabs(self, request: HttpRequest, changelist: MirrorChangeList) -> list[Tab]:
        """The views above the list; none by default."""
        return []

    def list_context(self, request: HttpRequest, changelist: MirrorChangeList) -> dict[str, Any]:
        """What the list's template shows beside the rows."""
        return {
            "chips": [chip for one in changelist.filters for chip in one.chips(changelist)],
            "filter_menu": [one.control() for one in changelist.filters],
            "freshness": read_freshness(request),
            "range_text": changelist.paginator.range_text(changelist.page_num),
            "tabs": self.tabs(request, changelist),
            "primary_action": None,
            "creations": getattr(changelist, "creations", []),
            "import_kind": self.import_kind if self.has_add_permission(request) else "",
        }

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with its filters as chips and a menu."""
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data.update(self.list_context(request, response.context_data["cl"]))
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """A record with its relations and without what only the mirror needs of it; None when there is none."""
        unshown = {"payload", "search_text"} & {field.name for field in self.opts.fields}
        found = self.get_queryset(request).select_related(*self.record_related).defer(*unshown)
        try:
            return found.get(**{from_field or "pk": object_id})
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    def record_context(self, request: HttpRequest, obj: Row) -> dict[str, Any]:
        """What a record's template shows beside its fields; nothing by default."""
        return {}

    @asks_elsewhere(SAVING, is_kept=True)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form of a new record."""
        return super().add_view(request, form_url, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The record's page, or the form of a new one.

        Unlike Django's own there is no transaction around it: none may be open while a request is out.
        """
        if object_id is None:
            return add_record(self, request)
        obj = self.get_object(request, unquote(object_id))
        if request.method == "POST":
            # Records are changed on the form's page.
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
        """The form of a record that is there."""
        return edit_record(self, request, unquote(object_id))

    @asks_elsewhere(gettext_lazy("Deleting…"), is_kept=True)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask before it is deleted at Offorte (GET), or have it deleted (POST); without a transaction."""
        return delete_record(self, request, unquote(object_id))

    def make_deletion(self, request: HttpRequest, obj: Row) -> RecordDeletion:
        """The page that deletes a record."""
        return RecordDeletion(self, request, obj)

    def deletion_losses(self, request: HttpRequest, obj: Row) -> list[Loss]:
        """What Offorte loses along with it; nothing by default."""
        return []

    def deletion_notes(self, request: HttpRequest, obj: Row) -> list[str]:
        """What else a person should know before; nothing by default."""
        return []

    def deletion_context(self, request: HttpRequest, obj: Row) -> dict[str, Any]:
        """What the model's own page of deletion shows beside that."""
        return {}

    def form_notices(self, request: HttpRequest, obj: Row | None) -> list[str]:
        """What a person should know while filling in the form; nothing by default."""
        return []
