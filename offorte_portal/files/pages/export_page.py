"""The page of an export: its list and rows, its progress and its file."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.words import number, starter
from offorte_portal.files.exports.names import describe_rows, file_name, list_name
from offorte_portal.files.exports.retention import KEPT
from offorte_portal.files.exports.rights import may_download
from offorte_portal.files.exports.sheets import find
from offorte_portal.files.exports.writing import heading
from offorte_portal.files.models import Export
from offorte_portal.runs.reasons import put_into_words

PILLS = {
    Export.State.WAITING: "edit",
    Export.State.WRITING: "info",
    Export.State.DONE: "good",
    Export.State.FAILED: "bad",
    Export.State.CANCELLED: "edit",
}


def poll_context(export: Export) -> dict[str, Any]:
    """Return the context of `files/_export_progress.html`."""
    return {
        "export": export,
        "share": 100 * export.written // export.size if export.size else 0,
        "reason": put_into_words(export.reason),
    }


def export_context(request: HttpRequest, export: Export) -> dict[str, Any]:
    """Return the context of `files/export.html`."""
    user = staff_user(request)
    is_mine = export.requested_by_id == user.pk
    sheet = find(export.sheet)
    rows = _("%(count)s rows") % {"count": number(export.size - export.missing)}
    return {
        **poll_context(export),
        "title": list_name(export),
        "pill": PILLS[Export.State(export.state)],
        "facts": _facts(export),
        "headings": [heading(column) for column in sheet.choose(export.columns)] if sheet else [],
        "file": " · ".join([export.get_format_display(), rows, filesizeformat(export.bytes)]),
        "file_name": file_name(export),
        "kept_until": export.created_at + KEPT,
        "is_mine": is_mine,
        "may_download": export.has_file and may_download(export, user),
        "may_cancel": is_mine and export.is_active,
        "may_retry": is_mine and export.state == Export.State.FAILED and export.dropped_at is None,
    }


def _facts(export: Export) -> list[Fact]:
    name = list_name(export)
    with suppress(NoReverseMatch):  # the list may have no page any more
        url = reverse(f"admin:{export.sheet.replace('.', '_')}_changelist")
        name = format_html('<a href="{}?{}">{}</a>', url, export.query or "view=all", name)
    facts = [
        fact(_("List"), name),
        fact(_("Which rows"), describe_rows(export)),
        fact(_("Number of rows"), number(export.size)),
        fact(_("Format"), export.get_format_display()),
        fact(_("Requested by"), starter(export)),
        fact(_("Requested"), export.created_at),
    ]
    if export.finished_at:
        facts.append(fact(_("Finished"), export.finished_at))
    return facts
