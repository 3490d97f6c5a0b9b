"""The admin of exports: the list, and a page for each export with its progress and its file."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.adminkit.words import starter
from offorte_portal.files.exports.names import describe_rows, list_name
from offorte_portal.files.exports.rights import visible_exports
from offorte_portal.files.models import Export
from offorte_portal.files.pages import export_page
from offorte_portal.files.pages.export_page import export_context, poll_context


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin[Export]):
    """Shows exports; the views in `files/pages/exports.py` download, cancel and retry them."""

    list_display = ("title", "state_pill", "rows", "asked", "asker")
    list_related = ("requested_by", "account")
    list_unread = ("columns",)
    card_columns = ("state_pill", "asked")
    change_form_template = "files/export.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        """Return the person's own exports, or everybody's if they may see those."""
        return visible_exports(staff_user(request)).order_by(*self.ordering)

    @admin.display(description=_("Export"), ordering="id")
    def title(self, export: Export) -> SafeString:
        """Return the name of the list, with the format and a description of the rows below it."""
        return columns.two_lines(
            list_name(export),
            [str(export.get_format_display()), describe_rows(export)],
        )

    @admin.display(description=_("State"))
    def state_pill(self, export: Export) -> SafeString:
        return columns.pill(export_page.PILLS[Export.State(export.state)], export.get_state_display())

    @admin.display(description=_("Number of rows"))
    def rows(self, export: Export) -> SafeString:
        return columns.number(export.size)

    @admin.display(description=_("Requested"))
    def asked(self, export: Export) -> SafeString:
        return portal.ago(export.created_at)

    @admin.display(description=_("Requested by"))
    def asker(self, export: Export) -> SafeString:
        return portal.avatar(starter(export))

    def get_urls(self) -> list[URLPattern]:
        """Add the URL of the progress fragment."""
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<int:pk>/progress/", view, name="files_export_progress"), *super().get_urls()]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the progress as a fragment, or reload the page once the export has ended. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        export = self.get_queryset(request).filter(pk=pk).first()
        if export is None:
            raise PermissionDenied
        if not export.is_active:
            return HttpResponseClientRefresh()
        return TemplateResponse(request, "files/_export_progress.html", poll_context(export))

    def record_context(self, request: HttpRequest, obj: Export) -> dict[str, Any]:
        return export_context(request, obj)
