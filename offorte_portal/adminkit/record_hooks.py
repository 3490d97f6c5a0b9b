"""The interface between pages and admins: the hooks that the admin of a model sets or overrides.

The list (`changelist`), the page of a record (`recordviews`), its form (`editing`) and its deletion (`deletion`) use an
admin through the two classes here and Django's own methods only. This module lists what an admin can declare; how
pages are answered is in the base classes that build on it (`admin`, `readonly`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django_stubs_ext import StrOrPromise

from offorte_portal.adminkit import additions
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.filters.menu import build_menu
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.mirror.models import Mirrored

if TYPE_CHECKING:
    from offorte_portal.adminkit.forms import RecordForm

Row = TypeVar("Row", bound=Model)
MirroredRow = TypeVar("MirroredRow", bound=Mirrored)


@dataclass(frozen=True)
class Tab:
    """A view of a list, with its label, its number of rows and its URL."""

    label: str
    count: str
    url: str
    is_active: bool


@dataclass(frozen=True)
class Loss:
    """Records that Offorte deletes along with a record: their label, number and URL."""

    label: str
    count: int
    url: str = ""


class Page(Protocol):
    """One request for a page that a model may replace with its own."""

    def respond(self) -> HttpResponse:
        """Return the page, or process what was posted to it."""
        ...


class ListHooks(admin.ModelAdmin[Row], Generic[Row]):
    """Hooks of a list with filters, chips and tabs, and the list's page made from them."""

    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Columns that cards on a phone show beside the first one.
    card_columns: ClassVar[tuple[str, ...]] = ()
    # Columns that a person may choose besides those of `list_display`.
    more_columns: "Sequence[additions.ListColumn]" = ()
    # The form with which records are changed at Offorte; None where they are read-only.
    record_form: "ClassVar[type[RecordForm] | None]" = None

    def __init__(self, model: type[Row], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        additions.take_in(self)

    def known_columns(self) -> list[str]:
        """Return the names of all columns, the usual ones first."""
        return [*map(str, self.list_display), *(column.name for column in self.more_columns)]

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return the rows of a page with only what they show."""
        return self.get_queryset(request).order_by()

    def prepare_rows(self, request: HttpRequest, rows: list[Row]) -> None:
        """Add to the rows of a page what their cells need besides their columns; nothing by default."""

    def tabs(self, request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
        """Return the views above the list; none by default."""
        return []

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Return what the list's template shows besides the rows."""
        return {
            "chips": [chip for spec in changelist.filters for chip in spec.chips(changelist)],
            "filter_menu": build_menu(changelist.filters),
            "freshness": read_freshness(request),
            "range_text": changelist.range_text,
            "tabs": self.tabs(request, changelist),
            "panels": additions.list_panels(self.model),
        }

    def get_urls(self) -> list[URLPattern]:
        """Return Django's URLs, and those of the parts that rooms have added to lists."""
        return [*(url for part in additions.PARTS for url in part.urls(self)), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Return the list, with its filters as chips and a menu; a POST is answered by the part that it concerns."""
        if request.method == "POST":
            answers = (part.answer(self, request) for part in additions.PARTS)
            if answer := next((result for result in answers if result is not None), None):
                return cast(HttpResponse, answer)
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            changelist = response.context_data.get("cl")
            if isinstance(changelist, FilteredChangeList):
                self.prepare_rows(request, list(changelist.result_list))
                for part in additions.PARTS:
                    response.context_data.update(part.context(self, request, changelist))
                response.context_data.update(self.list_context(request, changelist))
        return response

    def record_context(self, request: HttpRequest, obj: Row) -> dict[str, Any]:
        """Return what a record's template shows besides its fields; nothing by default."""
        return {}


class RecordHooks(ListHooks[MirroredRow], Generic[MirroredRow]):
    """Hooks of a mirrored record's pages, from reading it to deleting it at Offorte."""

    record_form_template = "admin/record_form.html"
    record_delete_template = "admin/record_delete.html"
    # Relations that a record's page shows, read together with the record.
    record_related: ClassVar[tuple[str, ...]] = ("connection",)
    # What the palette and the button above the list call a new one: "New company".
    new_title: ClassVar[StrOrPromise] = ""
    # The kind of file with which such records are imported (`files/imports`).
    import_kind = ""
    can_create = True
    can_delete = True

    def get_record_form(self) -> "type[RecordForm]":
        """Return the form of the records. Raises PermissionDenied where they can't be changed at Offorte."""
        if self.record_form is None:
            raise PermissionDenied
        return self.record_form

    def form_notices(self, request: HttpRequest, obj: MirroredRow | None) -> list[str]:
        """Return what a person should know while filling in the form; nothing by default."""
        return []

    def make_deletion(self, request: HttpRequest, obj: MirroredRow) -> Page:
        raise NotImplementedError

    def deletion_losses(self, request: HttpRequest, obj: MirroredRow) -> list[Loss]:
        """Return the records that Offorte deletes along with this one; none by default."""
        return []

    def deletion_notes(self, request: HttpRequest, obj: MirroredRow) -> list[str]:
        """Return what else a person should know before deleting; nothing by default."""
        return []

    def deletion_context(self, request: HttpRequest, obj: MirroredRow) -> dict[str, Any]:
        """Return what the model's own deletion page shows besides that; nothing by default."""
        return {}
