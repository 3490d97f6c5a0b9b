"""Marks objects that Offorte no longer has, or hides from the portal: their rows stay."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from offorte_portal.changes.recording import What, recording
from offorte_portal.mirror.resource import Resource


def mark_removed(connection_id: int, resource: Resource, remote_ids: Collection[int], *, as_of: datetime) -> int:
    """Set the tombstone of objects that Offorte no longer has, and of objects nested in them; return how many."""
    of_account = Q(connection_id=connection_id, removed_at__isnull=True)
    found = [(resource, Q(remote_id__in=remote_ids, as_of__lte=as_of))]
    found += [(nested.resource, Q(**{f"{nested.resource.bucket}__in": remote_ids})) for nested in resource.nested]
    removed = 0
    with recording(connection_id) as record:
        for gone, condition in found:
            rows = gone.model._default_manager.filter(of_account, condition)
            for remote_id in rows.values_list("remote_id", flat=True):
                record.note(gone.name, remote_id, What.REMOVED)
            removed += rows.update(removed_at=as_of, as_of=as_of)
    return removed


def mark_hidden(connection_id: int, resource: Resource, remote_id: int, *, as_of: datetime) -> None:
    """Mark an object that exists but that Offorte hides from the portal (403)."""
    rows = resource.model._default_manager.filter(connection_id=connection_id, remote_id=remote_id, as_of__lte=as_of)
    with recording(connection_id) as record:
        if rows.update(is_hidden=True, as_of=as_of):
            record.note(resource.name, remote_id, What.CHANGED)
