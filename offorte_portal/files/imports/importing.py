"""Starts the job that imports an upload after a person has reviewed it."""

from collections import Counter

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from offorte_portal.files.imports.examining import CREATE, SKIP, UPDATE
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.jobs import registry, starting
from offorte_portal.jobs.action import Options
from offorte_portal.jobs.models import Job
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import TARGETS

Outcome = UploadRow.Outcome
WRITTEN = (Outcome.NEW, Outcome.CHANGE)
# States of operations that were not carried out, as far as is known.
FAILED = (
    Operation.State.REJECTED,
    Operation.State.FAILED,
    Operation.State.CANCELLED,
    Operation.State.SKIPPED,
    Operation.State.UNKNOWN,
)


def may_import(user: User, kind: str) -> bool:
    """Return whether the person may create records of this kind, or change them where a file creates none."""
    if kind == Upload.Kind.STATUSES:
        return user.has_perm(TARGETS["proposals"].permission("change"))
    return user.has_perm(TARGETS[kind].permission("create"))


def ways(user: User, kind: str) -> list[str]:
    """Return what the person may choose for rows that are already in Offorte, the default first."""
    if kind == Upload.Kind.STATUSES:
        return [UPDATE]
    return [UPDATE, SKIP, CREATE] if user.has_perm(TARGETS[kind].permission("change")) else [SKIP, CREATE]


def count_outcomes(upload: Upload) -> Counter[str]:
    """Count the rows of each outcome, with one query."""
    return Counter(upload.rows.order_by().values_list("outcome", flat=True))


def start(upload: Upload, *, by: User) -> Job:
    """Start the job that writes the new and changed rows, or return the one there is. Raises PermissionDenied."""
    if upload.job is not None:
        return upload.job
    if upload.examined_at is None or not may_import(by, upload.kind):
        raise PermissionDenied
    options: Options = {"upload": upload.pk, "filename": upload.filename, "account": upload.connection_id}
    selection = upload.rows.filter(outcome__in=WRITTEN, is_ticked=True).order_by("number").values_list("pk", flat=True)
    action = registry.find(f"{upload.kind}.import")
    job = starting.start(action, selection=list(selection), options=options, by=by, key=upload.key)
    Upload.objects.filter(pk=upload.pk).update(job=job)
    upload.job = job
    return job


def reason_of(row: UploadRow) -> str:
    """Return why the row was not imported, in words."""
    if row.operation is None:
        return put_into_words(row.problem)
    return put_into_words(row.operation.reason) if row.operation.reason else row.operation.get_state_display()
