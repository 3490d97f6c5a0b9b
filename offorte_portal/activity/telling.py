"""Telling entries to one reader: lines of one job together, and why a proposal was lost."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.activity.folding import count_by_job
from offorte_portal.activity.models import Activity, Notification
from offorte_portal.activity.preferences import Scope
from offorte_portal.activity.reasons import read_reasons
from offorte_portal.activity.words import Story
from offorte_portal.jobs.rights import OTHERS, VIEW_JOB
from offorte_portal.staff.identity import identify


def tell(entries: Collection[Activity], among: QuerySet[Activity] | None, *, is_mine: bool = False) -> list[Story]:
    """Return a story for each entry; with `among`, an entry of a job stands for all of these of its job.

    `is_mine` means that they are all of the reader's own proposals. Two queries at most.
    """
    counts = {} if among is None else count_by_job(among, entries)
    reasons = read_reasons(entries)
    return [
        Story(entry, counts.get((entry.job_id or 0, entry.kind), 1), is_mine, reasons.get(entry.pk, ""))
        for entry in entries
    ]


def tell_notified(rows: Collection[Notification], user: User) -> dict[int, Story]:
    """Return the stories of a person's notifications by key; one of a job counts what the job has done by now.

    Three queries at most.
    """
    own = identify(user).condition
    mine = [row for row in rows if row.activity and row.fold.endswith(Scope.OWN)]
    others = [row for row in rows if row.activity and row.fold.endswith(Scope.TEAM)]
    reasons = read_reasons([row.activity for row in rows if row.activity])
    counts: dict[int, int] = {}
    for folded, among in ((mine, Activity.objects.filter(own)), (others, Activity.objects.exclude(own))):
        by_job = count_by_job(among, [row.activity for row in folded if row.activity])
        for row in folded:
            if row.activity:
                counts[row.pk] = by_job.get((row.activity.job_id or 0, row.activity.kind), 1)
    return {
        row.pk: Story(
            row.activity, counts.get(row.pk, 1), row.fold.endswith(Scope.OWN), reasons.get(row.activity.pk, "")
        )
        for row in rows
        if row.activity
    }


def may_see_job(user: User, entry: Activity) -> bool:
    """Return whether the person may open the job behind an entry: their own, or with the right to see others'."""
    return bool(entry.job_id) and user.has_perm(VIEW_JOB) and (entry.by_id == user.pk or user.has_perm(OTHERS))
