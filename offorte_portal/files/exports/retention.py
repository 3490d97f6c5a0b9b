"""Removes the files of old exports. The records of who exported what are kept."""

from datetime import timedelta

from offorte_portal import ports
from offorte_portal.files.models import Export, ExportKeys, ExportPart

KEPT = timedelta(days=7)


def drop_old() -> int:
    """Remove the files of inactive exports that are older than `KEPT`, one at a time; return how many."""
    old = Export.objects.filter(created_at__lt=ports.now() - KEPT, is_direct=False, dropped_at__isnull=True)
    keys = list(old.exclude(state__in=Export.ACTIVE).values_list("pk", flat=True))
    for pk in keys:
        # This comes first, so that nobody downloads half a file.
        Export.objects.filter(pk=pk).update(dropped_at=ports.now())
        ExportPart.objects.filter(export=pk).delete()
        ExportKeys.objects.filter(export=pk).delete()
    return len(keys)
