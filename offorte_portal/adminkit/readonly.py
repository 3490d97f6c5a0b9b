"""The base of admins that only show records; actions on them are separate POST requests."""

from typing import Any, ClassVar, Generic, TypeVar

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from offorte_portal.adminkit.changelist import PlainChangeList
from offorte_portal.adminkit.record_hooks import ListHooks

Row = TypeVar("Row", bound=Model)


class ReadOnlyAdmin(ListHooks[Row], Generic[Row]):
    """An admin of a model that is not mirrored, with a fast list and a page for each row made by its template.

    `list_related` are the relations that are read with the list's rows, `list_unread` the columns that are not read;
    `record_related` are the relations that are read with a single row.
    """

    ordering = ("-id",)
    list_related: ClassVar[tuple[str, ...]] = ()
    list_unread: ClassVar[tuple[str, ...]] = ()
    record_related: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: nobody adds a record by a form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: records of what was requested are not changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlainChangeList

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return the rows of a page with the relations that they show, without the columns of `list_unread`."""
        rows = self.get_queryset(request).order_by().select_related(*self.list_related)
        return rows.defer(*self.list_unread)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """Return a row with its relations; None where there is none, or the id can't be one."""
        rows = self.get_queryset(request).select_related(*self.record_related)
        try:
            return rows.filter(pk=object_id).first()
        except (ValidationError, ValueError, OverflowError):
            return None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return no fieldsets: a record's page is made by its template."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Return the record's read-only page."""
        obj: Row | None = options.get("obj")
        if obj is not None:
            context = {**context, **self.record_context(request, obj)}
        return super().render_change_form(request, context, *args, **options)
