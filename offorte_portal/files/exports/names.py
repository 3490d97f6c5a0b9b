"""Names of an export's list, rows and file."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from offorte_portal.files.models import Export


def list_name(export: Export) -> str:
    """Return the name of the list, or the label of its model where that no longer exists."""
    try:
        return capfirst(str(apps.get_model(export.sheet)._meta.verbose_name_plural))
    except (LookupError, ValueError):
        return export.sheet


def describe_rows(export: Export) -> str:
    """Describe which rows of the list were exported, and of which account."""
    which = _("selected rows") if export.is_selection else export.narrowed_by or _("all rows")
    return f"{which} · {export.account}" if export.account else which


def file_name(export: Export) -> str:
    """Return the name of the file: the list, the UTC date of the request, and the export's number."""
    name = export.sheet.rpartition(".")[2]
    return f"{name}-{export.created_at:%Y-%m-%d}-{export.pk}.{export.format}"
