"""The first stage: reads every list from its first page to its last."""

from collections.abc import Iterator

from django.db import transaction

from offorte_portal.api.client import Page
from offorte_portal.api.errors import Hidden, NotFound, Rejected
from offorte_portal.changes.recording import MOST_OBJECTS, Recording, Source, recording
from offorte_portal.changes.registry import READ_AGAIN
from offorte_portal.mirror.items import ItemWarning
from offorte_portal.mirror.lists import apply_page
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.mirror.resource import Resource
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.context import Context
from offorte_portal.sync.models import SyncPage
from offorte_portal.sync.reasons import SyncReason
from offorte_portal.text.reason import Reason


def read_next_page(context: Context) -> None:
    """Read the page that the checkpoint names, apply it, and move on, with one request and one short transaction."""
    at = context.at
    if not at.resource:
        with recording(context.connection_id, Source.SYNC) as record:
            if context.run.connection.synced_at is None:
                at = go_quiet(at, record)
            context.save(enter_resource(context, at, context.resources[0]))
        return
    resource = RESOURCES[at.resource]
    # The ids on the page before, to notice an Offorte that repeats its last page.
    pages = SyncPage.objects.filter(run=context.run, resource=at.resource, bucket=at.bucket)
    before = pages.filter(number=at.page - 1).first()
    previous = frozenset(before.seen[at.resource]) if before else None
    try:
        page = context.client.fetch_page(resource.name, at.page, bucket=at.bucket or None, previous=previous)
    except (NotFound, Hidden, Rejected) as error:
        if isinstance(error, NotFound) and resource.bucket:
            finish_bucket(context, resource)  # The directory was removed since its list was read.
        else:
            # The account can count as synced without a list that Offorte refuses to give.
            context.run.progress.setdefault(at.resource, {})["is_refused"] = True
            give_up_list(context, error.reason)
        return
    keep_page(context, resource, page)


def keep_page(context: Context, resource: Resource, page: Page) -> None:
    """Apply a page and store which objects were on it."""
    at = context.at
    as_of = context.stamp(page.requested_at)
    with recording(context.connection_id, Source.SYNC, is_quiet=at.is_quiet) as record:
        applied = apply_page(context.connection_id, resource, page.items, as_of=as_of, bucket=at.bucket)
        SyncPage.objects.create(
            run=context.run,
            resource=at.resource,
            bucket=at.bucket,
            number=at.page,
            requested_at=page.requested_at,
            seen=applied.seen,
        )
        context.count(at.resource, requests=1)
        context.count_applied(at.resource, applied)
        if not at.is_quiet and context.count_changes() > MOST_OBJECTS:
            context.at = go_quiet(context.at, record)
        for name in applied.omitted:
            context.run.progress.setdefault(name, {})["is_omitted"] = True
        context.warn(ItemWarning(at.resource, None, reason) for reason in page.rejected)
        if page.is_last:
            finish_bucket(context, resource)
        else:
            context.save(context.at.move(page=at.page + 1))


def go_quiet(at: Checkpoint, record: Recording) -> Checkpoint:
    """Tell the change feed's followers to read the account again, because there are too many changes to list."""
    record.add_fact(READ_AGAIN)
    return at.move(is_quiet=True, skips=at.skips)


def finish_bucket(context: Context, resource: Resource) -> None:
    """Go to the next bucket of the list, or mark the list as complete and go to the next one."""
    bucket = next_bucket(context, resource)
    if bucket is not None:
        context.save(context.at.move(bucket=bucket, page=1))
        return
    for name in (resource.name, *(nested.resource.name for nested in resource.nested)):
        figures = context.run.progress.setdefault(name, {})
        # If items left this out, absence can't be judged.
        figures["is_complete"] = not figures.get("is_omitted")
    context.save(leave_resource(context, context.at.move()))


def next_bucket(context: Context, resource: Resource) -> str | None:
    """Return the bucket after the current one, or None after the last. Directories may have come and gone since."""
    buckets = list(resource.buckets(context.connection_id))
    current = context.at.bucket
    if current in buckets:
        return next(iter(buckets[buckets.index(current) + 1 :]), None)
    return next((bucket for bucket in buckets if int(bucket) > int(current)), None) if current else None


def give_up_list(context: Context, reason: Reason, *, skips: int = 0) -> None:
    """Leave a list that can't be read, with a warning. This run does not judge what is absent from it."""
    with transaction.atomic():
        context.warn([ItemWarning(context.at.resource, None, SyncReason.LIST_UNREADABLE(error=reason))])
        context.save(leave_resource(context, context.at.move(skips=skips)))


def leave_resource(context: Context, at: Checkpoint) -> Checkpoint:
    """Return the checkpoint at the next list, or at the next stage after the last list."""
    names = [resource.name for resource in context.resources]
    following = context.resources[names.index(at.resource) + 1 :]
    if not following:
        return at.move(stage="absences", resource="", bucket="", page=1, skips=at.skips)
    return enter_resource(context, at, following[0])


def enter_resource(context: Context, at: Checkpoint, resource: Resource) -> Checkpoint:
    """Return the checkpoint at the first page of a list; one without buckets is complete and left at once."""
    first = next(iter(resource.buckets(context.connection_id)), None)
    entered = at.move(resource=resource.name, bucket=first or "", page=1, skips=at.skips)
    if first is not None:
        return entered
    context.run.progress.setdefault(resource.name, {})["is_complete"] = True
    return leave_resource(context, entered)


def list_names(context: Context) -> Iterator[str]:
    """Yield the names of all resources whose presence the lists show, parents before their nested ones."""
    for resource in context.resources:
        yield resource.name
        yield from (nested.resource.name for nested in resource.nested)
