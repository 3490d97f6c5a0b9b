"""What the pages ask of an admin: the hooks that the admin of a model sets or overrides.

The list (`changelist`), the page of a record (`recordviews`), its form (`editing`) and its deletion (`deletion`) know
an admin by the two classes here, and call nothing else of it but what is Django's own. Whoever writes an admin reads
here what it can say; how a page is answered is said by the bases that build on them (`admin`, `readonly`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from offorte_portal.adminkit import additions
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.mirror.models import Mirrored

if TYPE_CHECKING:
    from offorte_portal.adminkit.forms import RecordForm

Row = TypeVar("Row", bound=Model)
MirroredRow = TypeVar("MirroredRow", bound=Mirrored)


@dataclass(frozen=True)
class Tab:
    """A view of a list: what it is called, how many rows it has, where it is."""

    label: str
    count: str
    url: str
    is_active: bool


@dataclass(frozen=True)
class Loss:
    """What Offorte loses along with a thing: what it is, how many, and where they can be looked at."""

    label: str
    count: int
    url: str = ""


class Page(Protocol):
    """One request for a page that a model may have an own kind of."""

    def respond(self) -> HttpResponse:
        """Return the page, or what comes of what was sent with it."""
        ...


class ListHooks(admin.ModelAdmin[Row], Generic[Row]):
    """What a list with filters, chips and tabs asks of its admin, and the list's page made of the answers."""

    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Columns that a phone's cards keep beside the first one.
    card_columns: ClassVar[tuple[str, ...]] = ()
    # What can be written of the model at Offorte; None: nothing, it is only looked at.
    record_form: "ClassVar[type[RecordForm] | None]" = None

    def __init__(self, model: type[Row], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        additions.take_in(self)

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return what the rows of one page are read from: all that they show, and nothing that they don't."""
        return self.get_queryset(request).order_by()

    def prepare_rows(self, request: HttpRequest, rows: list[Row]) -> None:
        """Add to the rows of a page what their cells need beside their columns; nothing by default."""

    def tabs(self, request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
        """Return the views above the list; none by default."""
        return []

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Return what the list's template shows beside the rows."""
        return {
            "chips": [chip for one in changelist.filters for chip in one.chips(changelist)],
            "filter_menu": [one.control() for one in changelist.filters],
            "freshness": read_freshness(request),
            "range_text": changelist.range_text,
            "tabs": self.tabs(request, changelist),
            "panels": additions.list_panels(self.model),
        }

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, and those of the parts that rooms have added to lists."""
        return [*(url for part in additions.PARTS for url in part.urls(self)), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with its filters as chips and a menu; a part of it answers what was sent from there."""
        if request.method == "POST":
            answers = (part.answer(self, request) for part in additions.PARTS)
            if answer := next((one for one in answers if one is not None), None):
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
        """Return what a record's template shows beside its fields; nothing by default."""
        return {}


class RecordHooks(ListHooks[MirroredRow], Generic[MirroredRow]):
    """What the pages of a mirrored record ask of its admin, from reading it to deleting it at Offorte."""

    record_form_template = "admin/record_form.html"
    record_delete_template = "admin/record_delete.html"
    # Relations that a record's page shows: read along with the record.
    record_related: ClassVar[tuple[str, ...]] = ("connection",)
    # The kind of file that brings in such things (`files/imports`).
    import_kind = ""
    can_create = True
    can_delete = True

    def get_record_form(self) -> "type[RecordForm]":
        """Return the form of its records. Raises PermissionDenied where Offorte takes none."""
        if self.record_form is None:
            raise PermissionDenied
        return self.record_form

    def form_notices(self, request: HttpRequest, obj: MirroredRow | None) -> list[str]:
        """Return what a person should know while filling in the form; nothing by default."""
        return []

    def make_deletion(self, request: HttpRequest, obj: MirroredRow) -> Page:
        """Return the page that deletes a record."""
        raise NotImplementedError

    def deletion_losses(self, request: HttpRequest, obj: MirroredRow) -> list[Loss]:
        """Return what Offorte loses along with it; nothing by default."""
        return []

    def deletion_notes(self, request: HttpRequest, obj: MirroredRow) -> list[str]:
        """Return what else a person should know before; nothing by default."""
        return []

    def deletion_context(self, request: HttpRequest, obj: MirroredRow) -> dict[str, Any]:
        """Return what the model's own page of deletion shows beside that."""
        return {}
