"""How many files one person may have stored for imports at a time, and how large they may be together."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from offorte_portal.models import Upload

MOST_FILES = 100
MOST_BYTES = 200 * 1024 * 1024


def refusal(by: User, size: int, kept_days: int, *, beside: Upload | None = None) -> str:
    """Why a person can't store another file of so many bytes, and when they can; "" where they can.

    `beside` is that file where it is among the stored ones already.
    """
    stored = Upload.objects.filter(by=by).exclude(pk=beside.pk if beside else 0)
    count = stored.count()
    figures = stored.aggregate(bytes=Sum("size"), oldest=Min("created_at"))
    if count < MOST_FILES and (figures["bytes"] or 0) + size <= MOST_BYTES:
        return ""
    oldest = figures["oldest"] or timezone.now()
    return _(
        "You have %(count)d files stored, which is as much as one person may have: %(most)d files, %(megabytes)d MB in "
        "all. Delete files you no longer need under “Your last files”, or wait until %(date)s: the oldest goes then."
    ) % {
        "count": count,
        "most": MOST_FILES,
        "megabytes": MOST_BYTES // 1024**2,
        "date": date_format(timezone.localtime(oldest + timedelta(days=kept_days)), "DATE_FORMAT"),
    }


def delete(upload: Upload) -> bool:
    """Delete a stored file and its rows; False while a job works with it."""
    if upload.job and upload.job.is_active:
        return False
    upload.rows.all().delete()
    upload.delete()
    return True
