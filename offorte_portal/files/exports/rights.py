"""Which exports a person may see, and which files they may download."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.files.exports import sheets
from offorte_portal.files.models import Export

OTHERS = "files.view_others_exports"


def visible_exports(user: User) -> QuerySet[Export]:
    """Return the person's own exports, or everybody's if they have the permission."""
    if user.has_perm(OTHERS):
        return Export.objects.all()
    return Export.objects.filter(requested_by=user)


def may_download(export: Export, user: User) -> bool:
    """Return whether the person requested the export and may still see its list and its columns."""
    sheet = sheets.find(export.sheet)
    if sheet is None or export.requested_by_id != user.pk or not user.has_perm(sheet.view_permission):
        return False
    return sheet.seen_by(user).choose(export.columns) == sheet.choose(export.columns)
