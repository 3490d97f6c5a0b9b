"""The base of every admin that things are only looked at with; what can be done with them are POSTs of their own."""

from typing import Any, ClassVar, Generic, TypeVar

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from offorte_portal.adminkit.changelist import PlainChangeList
from offorte_portal.adminkit.record_hooks import ListHooks

Row = TypeVar("Row", bound=Model)


class ReadOnlyAdmin(ListHooks[Row], Generic[Row]):
    """An admin with a fast list of what is no mirror of Offorte's, and a page of each row made by its template.

    `list_related` is read along with the list's rows, `list_unread` is not read; `record_related` along with one row.
    """

    ordering = ("-id",)
    list_related: ClassVar[tuple[str, ...]] = ()
    list_unread: ClassVar[tuple[str, ...]] = ()
    record_related: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody by a form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: this is a record of what was asked."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Our own changelist."""
        return PlainChangeList

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """What the rows of one page are read from."""
        rows = self.get_queryset(request).order_by().select_related(*self.list_related)
        return rows.defer(*self.list_unread)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """A row with its relations; None where there is none, nor could be."""
        rows = self.get_queryset(request).select_related(*self.record_related)
        try:
            return rows.filter(pk=object_id).first()
        except (ValidationError, ValueError, OverflowError):
            return None

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
