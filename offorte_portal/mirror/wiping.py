"""Removes the mirrored rows of a disconnected account in small batches."""

from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.db import transaction

from offorte_portal import ports
from offorte_portal.connections import hooks
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.ports import queueing

# Rows removed per transaction, so that nobody waits long for the database.
REMOVED_AT_ONCE = 200
# Seconds after which a removal continues in another task; well under the worker's timeout.
LONGEST_REMOVAL = 100
# A removal that was queued longer ago counts as lost.
REMOVAL_LOST_AFTER = timedelta(minutes=5)


def remove_mirror(connection_id: int) -> int:
    """Remove the mirrored rows of a disconnected account in small batches; return how many rows.

    It stops at once if the account is connected again, and continues in another task if it takes long.
    """
    removed = 0
    deadline = ports.monotonic() + LONGEST_REMOVAL
    disconnected = Connection.objects.filter(pk=connection_id, state=Connection.State.DISCONNECTED)
    for model in _mirrored_models():
        rows = model._default_manager.filter(connection_id=connection_id)
        while ids := list(rows.values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
            if not disconnected.exists():
                return removed
            if ports.monotonic() > deadline:
                queue_removal(connection_id)
                return removed
            with transaction.atomic():
                rows.filter(pk__in=ids).delete()
            removed += len(ids)
    disconnected.update(synced_at=None, removal_queued_at=None)
    hooks.run([room.wiped for room in hooks.ROOMS], connection_id)
    return removed


def resume_removals() -> None:
    """Queue the removals whose task was lost."""
    lost = Connection.objects.filter(
        state=Connection.State.DISCONNECTED, removal_queued_at__lt=ports.now() - REMOVAL_LOST_AFTER
    )
    for connection_id in lost.values_list("pk", flat=True):
        queue_removal(connection_id)


def queue_removal(connection_id: int) -> None:
    """Queue the removal of an account's mirrored rows."""
    Connection.objects.filter(pk=connection_id).update(removal_queued_at=ports.now())
    queueing.queue(remove_mirror, connection_id, name=f"Removal of {connection_id}")


def has_mirror(connection: Connection) -> bool:
    """Return whether any mirrored row of the account is left."""
    return any(model._default_manager.filter(connection=connection).exists() for model in _mirrored_models())


def _mirrored_models() -> Iterator[type[Mirrored]]:
    """Return every mirrored model, models that refer to others first."""
    return (model for model in reversed(list(apps.get_models())) if issubclass(model, Mirrored))
