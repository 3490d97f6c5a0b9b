"""Whose exports a person sees, and which file they may have."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.files.exports import sheets
from offorte_portal.files.models import Export

OTHERS = "files.view_others_exports"


def visible_exports(user: User) -> QuerySet[Export]:
    """What one exported oneself, or everybody's with a permission."""
    if user.has_perm(OTHERS):
        return Export.objects.all()
    return Export.objects.filter(requested_by=user)


def may_download(export: Export, user: User) -> bool:
    """Whether the person asked for the file, and may see such a list still."""
    sheet = sheets.find(export.sheet)
    return export.requested_by_id == user.pk and sheet is not None and user.has_perm(sheet.view_permission)
