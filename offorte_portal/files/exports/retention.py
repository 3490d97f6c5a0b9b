"""How long files are kept. Who exported what stays."""

from datetime import timedelta

from offorte_portal import ports
from offorte_portal.files.models import Export, ExportKeys, ExportPart

KEPT = timedelta(days=7)


def drop_old() -> int:
    """Remove the files that were asked for a week ago, one at a time; answer how many."""
    old = Export.objects.filter(created_at__lt=ports.now() - KEPT, is_direct=False, dropped_at__isnull=True)
    keys = list(old.exclude(state__in=Export.ACTIVE).values_list("pk", flat=True))
    for pk in keys:
        # First it is offered no more, so that nobody is given half of it.
        Export.objects.filter(pk=pk).update(dropped_at=ports.now())
        ExportPart.objects.filter(export=pk).delete()
        ExportKeys.objects.filter(export=pk).delete()
    return len(keys)
