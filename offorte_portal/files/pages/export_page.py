"""An export's page: how far its file is, and the file."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal.adminkit.messages import translate_message
from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.files.exports import names as export_words
from offorte_portal.files.exports.retention import KEPT
from offorte_portal.files.exports.rights import may_download
from offorte_portal.files.exports.sheets import find
from offorte_portal.files.exports.writing import heading
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.models import Export


def poll_context(export: Export) -> dict[str, Any]:
    """What `exports/_progress.html` shows."""
    return {
        "export": export,
        "share": 100 * export.written // export.size if export.size else 0,
        "reason": translate_message(export.reason),
    }


def export_context(request: HttpRequest, export: Export) -> dict[str, Any]:
    """Everything for `exports/export.html`."""
    user = cast(User, request.user)
    is_mine = export.requested_by_id == user.pk
    return {
        **poll_context(export),
        "title": export_words.list_name(export),
        "pill": export_words.PILLS[Export.State(export.state)],
        "facts": _facts(export),
        "headings": _headings(export),
        "file": export_words.describe_file(export),
        "file_name": export_words.file_name(export),
        "kept_until": export.created_at + KEPT,
        "is_mine": is_mine,
        "may_download": export.has_file and may_download(export, user),
        "may_cancel": is_mine and export.is_active,
        "may_retry": is_mine and export.state == Export.State.FAILED and export.dropped_at is None,
    }


def _headings(export: Export) -> list[str]:
    sheet = find(export.sheet)
    return [heading(column) for column in sheet.choose(export.columns)] if sheet else []


def _facts(export: Export) -> list[Fact]:
    facts = [
        fact(_("List"), _list(export)),
        fact(_("Rows"), export_words.describe_rows(export)),
        fact(_("How many"), job_words.number(export.size)),
        fact(_("Format"), export.get_format_display()),
        fact(_("Asked by"), job_words.starter(export)),
        fact(_("Asked"), export.created_at),
    ]
    if export.finished_at:
        facts.append(fact(_("Finished"), export.finished_at))
    return facts


def _list(export: Export) -> Any:
    """The list as it was narrowed, where that is an address still."""
    name = export_words.list_name(export)
    try:
        url = reverse(f"admin:{export.sheet.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return name
    return format_html('<a href="{}?{}">{}</a>', url, export.query or "view=all", name)
