"""Starting the job that creates the proposals of a confirmed file."""

from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.jobs import registry, starting
from offorte_portal.jobs.action import Options
from offorte_portal.jobs.models import Job

ACTION = "proposals.import"


class NothingToMakeError(Exception):
    """No row of the file stands for a proposal that can be created."""


def standing(upload: Upload) -> list[UploadRow]:
    """Return the rows that stand for a proposal, in their order."""
    new = upload.rows.filter(outcome=UploadRow.Outcome.NEW).order_by("number")
    return [row for row in new.only("number", "label", "draft", "upload") if row.draft]


def worth(upload: Upload) -> tuple[int, Decimal]:
    """Return the number of proposals that a file creates, and the total of their rows without VAT."""
    values = [Decimal(row.draft["value"]) for row in standing(upload)]
    return len(values), sum(values, Decimal(0))


def start(upload: Upload, *, by: User) -> Job:
    """Start the job that creates the proposals; the same upload twice gives the same job.

    The job also holds the rows that are left out, with their reasons. Raises PermissionDenied, NothingToMakeError.
    """
    action = registry.find(ACTION)
    if not by.has_perm(action.permission):
        raise PermissionDenied
    with transaction.atomic():
        # Locked, so that the rows are not examined again meanwhile.
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.job is not None:
            return locked.job
        able = {row.pk for row in standing(locked)}
        if not able:
            raise NothingToMakeError
        left_out = (UploadRow.Outcome.PROBLEM, UploadRow.Outcome.SAME)
        outcomes = locked.rows.order_by("number").values_list("pk", "outcome")
        selection = [pk for pk, outcome in outcomes if pk in able or outcome in left_out]
        options: Options = {
            "upload": upload.pk,
            "filename": upload.filename,
            "account": upload.connection_id,
            "again": bool(locked.options.get("again")),
        }
        job = starting.start(action, selection=selection, options=options, by=by, key=upload.key)
        Upload.objects.filter(pk=upload.pk).update(job=job)
    return job
