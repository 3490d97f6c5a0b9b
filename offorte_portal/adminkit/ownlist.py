"""Lists of what is the portal's own and no mirror of Offorte's, with the same filters, chips and search as those."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from offorte_portal.adminkit.filters import MirrorFilter
from offorte_portal.adminkit.search import split_words
from offorte_portal.files.pages.export_list import ExportableList

Row = TypeVar("Row", bound=Model)


class OwnPaginator(Paginator[Any]):
    """Pages whose number of rows can be written."""

    @property
    def count_text(self) -> str:
        """The count as people read it."""
        return number_format(self.count, use_l10n=True, force_grouping=True)


class OwnChangeList(ChangeList):
    """A changelist that answers every address with a list: what it can't read it leaves out and says so."""

    @property
    def filters(self) -> list[MirrorFilter]:
        """The filters of this list, as read from the address."""
        return [spec for spec in self.filter_specs if isinstance(spec, MirrorFilter)]

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The parameters that a filter of this list knows; others never become lookups."""
        known = {name for one in self.list_filter for name in getattr(one, "parameters", ())}
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """One column and the key; what is unknown comes last in either direction."""
        name = str(super().get_ordering(request, queryset)[0])
        column, key = F(name.removeprefix("-")), F("pk")
        if name.startswith("-"):
            return [column.desc(nulls_last=True), key.desc()]
        return [column.asc(nulls_last=True), key.asc()]

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that the address asks for; the nearest one where there is no such page."""
        paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        page = paginator.get_page(max(self.page_num, 1))
        self.paginator, self.page_num, self.result_list = paginator, page.number, page.object_list
        self.result_count, self.full_result_count = paginator.count, None
        self.show_full_result_count = self.show_admin_actions = self.can_show_all = False
        self.multi_page = paginator.num_pages > 1

    @property
    def range_text(self) -> str:
        """Which rows the page shows, of how many."""
        if not self.result_count:
            return ""
        first = (self.page_num - 1) * self.list_per_page + 1
        numbers = (first, min(self.page_num * self.list_per_page, self.result_count), self.result_count)
        written = [number_format(number, use_l10n=True, force_grouping=True) for number in numbers]
        return _("%(first)s–%(last)s of %(count)s") % dict(zip(("first", "last", "count"), written, strict=True))


class OwnListAdmin(ExportableList[Row]):
    """An admin to look at things with; what can be done with them are POSTs of their own."""

    actions = None
    paginator = OwnPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    card_columns: ClassVar[tuple[str, ...]] = ()
    search_column: ClassVar[str] = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody by a form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody by Django's form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OwnChangeList]:
        """The forgiving one."""
        return OwnChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows in which every word is found."""
        for word in split_words(search_term):
            queryset = queryset.filter(**{f"{self.search_column}__icontains": word})
        return queryset, False

    def list_context(self, request: HttpRequest, changelist: OwnChangeList) -> dict[str, Any]:
        """What the list's template shows beside the rows."""
        return {
            "chips": [chip for one in changelist.filters for chip in one.chips(changelist)],
            "filter_menu": [one.control() for one in changelist.filters],
            "range_text": changelist.range_text,
        }

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with its filters as chips and a menu."""
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data.update(self.list_context(request, response.context_data["cl"]))
        return response

    def record_context(self, request: HttpRequest, obj: Row) -> dict[str, Any]:
        """What a record's template shows; nothing by default."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """The record's page."""
        obj: Row | None = options.get("obj")
        if obj is not None:
            context = {**context, **self.record_context(request, obj)}
        return super().render_change_form(request, context, *args, **options)
