"""Exports in words: which list, which rows of it, where they stand."""

from django.apps import apps
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from offorte_portal.jobs.pages.words import number
from offorte_portal.models import Export

PILLS = {
    Export.State.WAITING: "edit",
    Export.State.WRITING: "info",
    Export.State.DONE: "good",
    Export.State.FAILED: "bad",
    Export.State.CANCELLED: "edit",
}


def list_name(export: Export) -> str:
    """What the list is called."""
    try:
        return capfirst(str(apps.get_model(export.sheet)._meta.verbose_name_plural))
    except (LookupError, ValueError):
        return export.sheet


def describe_rows(export: Export) -> str:
    """Which rows of the list these are."""
    which = _("selected rows") if export.is_selection else export.narrowed_by or _("all rows")
    return f"{which} · {export.account}" if export.account else which


def file_name(export: Export) -> str:
    """What the file is called where it is saved: the list, and the day on which it was asked for."""
    name = export.sheet.rpartition(".")[2]
    return f"{name}-{export.created_at:%Y-%m-%d}-{export.pk}.{export.format}"


def describe_file(export: Export) -> str:
    """The file in a line: its format, rows and size."""
    rows = _("%(count)s rows") % {"count": number(export.size - export.missing)}
    return " · ".join([export.get_format_display(), rows, filesizeformat(export.bytes)])
