"""Limits the number and the total size of the files that a person may have stored for imports."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Min, Sum
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.files.models import Upload
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason
from offorte_portal.text.reason import Reason

MOST_FILES = 100
MOST_BYTES = 200 * 1024 * 1024


def refusal(by: User, size: int, kept_days: int, *, beside: Upload | None = None) -> Reason | None:
    """Return why a person can't store another file of `size` bytes, and when they can; None where they can.

    `beside` is that file where it is already stored.
    """
    stored = Upload.objects.filter(by=by).exclude(pk=beside.pk if beside else 0)
    count = stored.count()
    figures = stored.aggregate(bytes=Sum("size"), oldest=Min("created_at"))
    if count < MOST_FILES and (figures["bytes"] or 0) + size <= MOST_BYTES:
        return None
    oldest = figures["oldest"] or ports.now()
    return ImportReason.QUOTA(
        count=count,
        most=MOST_FILES,
        megabytes=MOST_BYTES // 1024**2,
        date=RunReason.DAY(value=timezone.localtime(oldest + timedelta(days=kept_days)).date().isoformat()),
    )


def delete(upload: Upload) -> bool:
    """Delete a stored file and its rows; return False, and keep it, while its job is active."""
    if upload.job and upload.job.is_active:
        return False
    upload.rows.all().delete()
    upload.delete()
    return True
