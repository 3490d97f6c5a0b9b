"""Lists and pages of what the portal itself keeps, jobs and writes: looked at like mirrored things, never edited."""

from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from offorte_portal.adminkit.admin import Tab
from offorte_portal.adminkit.changelist import MirrorChangeList
from offorte_portal.adminkit.filters import MirrorFilter
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.files.pages.export_list import ExportableList

Row = TypeVar("Row", bound=Model)


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


class PlainListAdmin(ExportableList[Row], Generic[Row]):
    """A read-only admin with a fast list; `list_related` is read along with its rows, `list_unread` is not read."""

    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_filter: ClassVar[tuple[type[MirrorFilter], ...]] = ()
    ordering = ("-id",)
    list_related: ClassVar[tuple[str, ...]] = ()
    list_unread: ClassVar[tuple[str, ...]] = ()
    # Nothing of it is written by a form.
    record_form = None
    card_columns: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody by a form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: this is a record of what was asked."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PlainChangeList]:
        """Our own changelist."""
        return PlainChangeList

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """What the rows of one page are read from."""
        rows = self.get_queryset(request).order_by().select_related(*self.list_related)
        return rows.defer(*self.list_unread)

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
        }

    def prepare_rows(self, request: HttpRequest, rows: list[Row]) -> None:
        """Add to the rows of a page what their cells need beside their columns; nothing by default."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with its filters as chips and a menu."""
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            changelist = response.context_data["cl"]
            self.prepare_rows(request, list(changelist.result_list))
            response.context_data.update(self.list_context(request, changelist))
        return response

    def record_context(self, request: HttpRequest, obj: Row) -> dict[str, Any]:
        """What a record's template shows."""
        return {}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """No fields: a record's page is its template."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """The record's page, which can only be read."""
        obj: Row | None = options.get("obj")
        if obj is not None:
            context = {**context, **self.record_context(request, obj)}
        return super().render_change_form(request, context, *args, **options)
