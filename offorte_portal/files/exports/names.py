"""What an export is called: its list, its rows, its file."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from offorte_portal.files.models import Export


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
