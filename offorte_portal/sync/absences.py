"""The second stage: objects that the complete lists no longer held are checked once more, and removed if they are gone.

A list that is read by page numbers misses rows that move meanwhile, so absence is only a suspicion. It is confirmed by
asking for the object or, if Offorte has no request for that, by reading its list once more.
"""

import logging
from collections import defaultdict
from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from offorte_portal.api.client import Client, Fetched
from offorte_portal.api.errors import Hidden, NotFound
from offorte_portal.changes.recording import Recording, Source, recording
from offorte_portal.changes.registry import READ_AGAIN
from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.items import ItemWarning
from offorte_portal.mirror.lists import DATABASE_AWAY, apply_page
from offorte_portal.mirror.models import Mirrored
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.mirror.resource import Resource
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from offorte_portal.sync.context import Context
from offorte_portal.sync.lists import list_names
from offorte_portal.sync.models import SyncPage
from offorte_portal.sync.reasons import SyncReason
from offorte_portal.text.reason import Reason

logger = logging.getLogger(__name__)

# Fewer than this are removed whatever their share: losing three templates of ten is no disaster.
FEW = 5
# The name in a checkpoint for the place after the last resource.
END = "end"


def settle_next_absence(context: Context) -> None:
    """Settle one absent object, or all of a resource that has no request for one; move on if none is left."""
    name = context.at.resource or following(context, "")
    if name == END:
        finish_stage(context)
        return
    if name != context.at.resource:
        context.at = context.at.move(resource=name)
    resource = RESOURCES[name]
    absent = find_absent(context, resource)
    if not absent or is_held(context, resource, absent):
        leave_resource(context)
    elif resource.has_get:
        ask_for(context, resource, absent.pop())
    else:
        read_again(context, resource, absent)


def following(context: Context, name: str) -> str:
    """Return the next resource whose lists were read to their ends, the first one after ""; END after the last."""
    names = ["", *(each for each in list_names(context) if context.is_complete(each)), END]
    return names[names.index(name) + 1]


def leave_resource(context: Context, *, skips: int = 0) -> None:
    """Move on to the next resource."""
    context.save(context.at.move(resource=following(context, context.at.resource), skips=skips))


def skip_resource(context: Context, reason: Reason, *, skips: int) -> None:
    """Leave a resource whose absent objects can't be checked: this run removes nothing more of it."""
    with transaction.atomic():
        context.warn([ItemWarning(context.at.resource, None, SyncReason.ABSENCE_UNKNOWN(error=reason))])
        leave_resource(context, skips=skips)


def finish_stage(context: Context) -> None:
    """End the stage; after a full run whose lists are all settled, the account counts as synced as of its beginning."""
    with recording(context.connection_id, Source.SYNC) as record:
        if context.at.is_quiet:
            record.add_fact(READ_AGAIN)
        context.save(context.at.move(stage="details", resource="", cursor=None, is_quiet=False))
        if not context.run.only and all(context.is_settled(resource.name) for resource in context.resources):
            connection = context.run.connection
            connection.synced_at = context.at.since_at
            connection.save(update_fields=["synced_at"])
        SyncPage.objects.filter(run=context.run).delete()


def find_absent(context: Context, resource: Resource) -> list[int]:
    """Return the Offorte ids of the resource that the mirror holds and no page of the generation does.

    Objects that Offorte gave since the generation began are not absent.
    """
    if resource.name not in context.absent:
        seen: set[int] = set()
        for page in SyncPage.objects.filter(run=context.run).iterator():
            seen.update(page.seen.get(resource.name, ()))
        rows = present(context, resource).filter(as_of__lt=context.at.since_at)
        ids = rows.order_by("-remote_id").values_list("remote_id", flat=True)
        context.absent[resource.name] = [remote_id for remote_id in ids if remote_id not in seen]
    return context.absent[resource.name]


def present(context: Context, resource: Resource) -> QuerySet[Mirrored]:
    """Return the account's rows of the resource that are not removed."""
    return resource.model._default_manager.filter(connection_id=context.connection_id, removed_at__isnull=True)


def is_held(context: Context, resource: Resource, absent: list[int]) -> bool:
    """Return whether a person has to agree, because more than a fifth is absent; judged once a run and resource."""
    held = context.run.held_removals
    if resource.name in held:
        return True
    if context.run.allows_mass_removal or context.run.progress[resource.name].get("is_judged"):
        return False
    context.run.progress[resource.name]["is_judged"] = True
    if len(absent) < FEW or len(absent) * 5 <= present(context, resource).count():
        return False
    held[resource.name] = len(absent)
    with transaction.atomic():
        context.save(context.at.move(), held_removals=held)
    return True


def ask_for(context: Context, resource: Resource, remote_id: int) -> None:
    """Ask Offorte for one absent object and apply the answer: present, hidden, or gone."""
    row = present(context, resource).filter(remote_id=remote_id).first()
    if row is None:  # Removed along with its parent.
        return
    try:
        fetched = fetch(context.client, resource, row)
    except NotFound as error:
        remove(context, resource, [remote_id], context.stamp(error.requested_at or context.at.since_at), requests=1)
        return
    except Hidden as error:
        as_of = context.stamp(error.requested_at or context.at.since_at)
        with record_news(context):
            mark_hidden(context.connection_id, resource, remote_id, as_of=as_of)
            context.count(resource.name, requests=1)
            context.save(context.at.move())
        return
    with record_news(context):
        keep(context, resource, remote_id, fetched)
        context.count(resource.name, requests=1)
        context.save(context.at.move())


def keep(context: Context, resource: Resource, remote_id: int, fetched: Fetched) -> None:
    """Store an object that is present after all; if it can't be stored, the row stays as it is, with a warning."""
    as_of = context.stamp(fetched.requested_at)
    try:
        with recording(context.connection_id):
            applied = apply_object(
                context.connection_id, resource, remote_id, fetched.data, as_of=as_of, details_for=""
            )
        context.count_applied(resource.name, applied)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        logger.exception("Sync %s: %s %s can't be stored", context.run.pk, resource.name, remote_id)
        context.warn([ItemWarning(resource.name, remote_id, MirrorReason.NOT_STORED(error=type(error).__name__))])


def fetch(client: Client, resource: Resource, row: Mirrored) -> Fetched:
    """Ask Offorte for the object of a row. Raises any OfforteError."""
    match resource.name:
        case "people":
            return client.get_person(getattr(row, resource.bucket) or 0, row.remote_id)
        case "companies":
            return client.get_company(row.remote_id)
        case "proposals":
            return client.get_proposal(row.remote_id)
        case "webhooks":
            return client.get_webhook(row.remote_id)
    raise ValueError(f"Offorte has no request for one of {resource.name}")


def read_again(context: Context, resource: Resource, absent: list[int]) -> None:
    """Read the lists of the absent objects once more, and remove those that are not in them.

    An object whose list is not known is removed without reading.
    """
    buckets: dict[str, list[int]] = defaultdict(list)
    for row in present(context, resource).filter(remote_id__in=absent):
        place = getattr(row, resource.bucket) if resource.bucket else None
        buckets[str(place) if place is not None else ""].append(row.remote_id)
    for bucket, remote_ids in buckets.items():
        gone = set(remote_ids)
        requests = 0
        as_of = context.stamp(context.at.since_at)
        if bucket or not resource.bucket:
            try:
                for page in context.client.iterate_pages(resource.name, bucket=bucket or None):
                    requests += 1
                    as_of = context.stamp(page.requested_at)
                    with record_news(context):
                        applied = apply_page(context.connection_id, resource, page.items, as_of=as_of, bucket=bucket)
                    gone.difference_update(applied.seen[resource.name])
            except NotFound as error:
                as_of = context.stamp(error.requested_at or as_of)
        remove(context, resource, sorted(gone), as_of, requests=requests)
    absent.clear()


def remove(context: Context, resource: Resource, remote_ids: list[int], as_of: datetime, *, requests: int) -> None:
    """Mark objects as removed."""
    with record_news(context):
        removed = mark_removed(context.connection_id, resource, remote_ids, as_of=as_of)
        context.count(resource.name, removed=removed, requests=requests)
        context.save(context.at.move())


def record_news(context: Context) -> AbstractContextManager[Recording]:
    """Return a transaction that records changes of the mirror as made by the sync."""
    return recording(context.connection_id, Source.SYNC, is_quiet=context.at.is_quiet)
