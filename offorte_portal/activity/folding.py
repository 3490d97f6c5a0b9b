"""Entries of one bulk job that are shown as one line: the newest stands for all, and says how many they are."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from offorte_portal.activity.models import Activity

# A job, and what it did.
JobKind = tuple[int, str]


def only_newest(found: QuerySet[Activity], among: QuerySet[Activity]) -> QuerySet[Activity]:
    """Return the entries without those of a job that `among` has a newer entry of, found along one index.

    `among` is what the reader is shown on all pages together, so that a line that stood on an earlier page does not
    come again.
    """
    newer = among.filter(
        Q(happened_at__gt=OuterRef("happened_at")) | Q(pk__gt=OuterRef("pk")),
        job_id=OuterRef("job_id"),
        kind=OuterRef("kind"),
        happened_at__gte=OuterRef("happened_at"),
    )
    return found.filter(Q(job_id__isnull=True) | ~Exists(newer))


def count_by_job(among: QuerySet[Activity], entries: Collection[Activity]) -> dict[JobKind, int]:
    """Return how many of `among` each job of these entries did, by kind; one query, none without jobs."""
    jobs = {entry.job_id for entry in entries if entry.job_id is not None}
    if not jobs:
        return {}
    counted = among.filter(job_id__in=jobs).order_by().values_list("job_id", "kind").annotate(count=Count("pk"))
    return {(job, kind): count for job, kind, count in counted}
