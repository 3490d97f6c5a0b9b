"""Views that download, cancel and retry an export, for the person who requested it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.files.exports import asking, parts
from offorte_portal.files.exports.names import file_name
from offorte_portal.files.exports.rights import may_download
from offorte_portal.files.models import Export
from offorte_portal.files.pages.export_list import EXPORT_PAGE, XLSX_TYPE

TYPES = {Export.Format.XLSX: XLSX_TYPE, Export.Format.CSV: "text/csv; charset=utf-8"}


@staff_view()
def download(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """Stream the file. Raises PermissionDenied, and Http404 where there is no file."""
    export = _own(request, pk)
    if not may_download(export, request.user):
        raise PermissionDenied
    if not export.has_file:
        raise Http404
    response = StreamingHttpResponse(parts.read_file(export), content_type=TYPES[Export.Format(export.format)])
    response["Content-Disposition"] = f'attachment; filename="{file_name(export)}"'
    response["Content-Length"] = str(export.bytes)
    return response


@staff_view(methods=["POST"])
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Cancel an export that is not done yet. Raises PermissionDenied."""
    if asking.cancel(_own(request, pk)):
        messages.success(request, _("Export cancelled. No file was created."))
    else:
        messages.info(request, _("This export has already finished."))
    return redirect(EXPORT_PAGE, pk)


@staff_view(methods=["POST"])
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Retry an export that failed. Raises PermissionDenied."""
    if asking.retry(_own(request, pk)):
        messages.success(request, _("The file is being created again."))
    else:
        messages.info(request, _("There’s nothing to retry."))
    return redirect(EXPORT_PAGE, pk)


def _own(request: StaffRequest, pk: int) -> Export:
    """Return the person's own export. Raises PermissionDenied, whether or not somebody else has it."""
    export = Export.objects.filter(pk=pk, requested_by=request.user).first()
    if export is None:
        raise PermissionDenied
    return export


export_urls = [
    path("<int:pk>/download/", download, name="export_download"),
    path("<int:pk>/cancel/", cancel, name="export_cancel"),
    path("<int:pk>/retry/", retry, name="export_retry"),
]
