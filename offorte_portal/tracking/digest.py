"""The due follow-ups by mail: once a day, on the mornings of work days, to each person who has a new one.

1. From 7 until noon, Monday to Friday, each person with a due follow-up that no mail has listed is looked at. The later
   hours are for a worker or mail server that was down; what falls due after noon waits for the next work day.
2. The day is claimed for the person before anything is sent. A mail that may have left is never sent again.
3. The mail names the new ones first, then those that an earlier mail has listed and that are still open.
"""

import logging
from datetime import date

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.staff.languages import language_of
from offorte_portal.tracking.followups import end_of_day, is_weekend
from offorte_portal.tracking.models import Digest, FollowUp

logger = logging.getLogger(__name__)

# The hours of the day for mails, in the portal's time zone.
FIRST_HOUR, LAST_HOUR = 7, 12
MOST_LINES = 30
PERMISSION = "proposals.view_proposal"


def mail_due() -> int:
    """Mail people the follow-ups that are due if one of them was not mailed yet; return how many mails were sent."""
    now = timezone.localtime(ports.now())
    if is_weekend(now.date()) or not FIRST_HOUR <= now.hour < LAST_HOUR:
        return 0
    today = now.date()
    served = Digest.objects.filter(mailed_on__gte=today)
    people = User.objects.filter(pk__in=_unlisted().values("assigned_to"), is_active=True, is_staff=True)
    people = people.exclude(email="").exclude(pk__in=served.values("pk"))
    return sum(_mail(user, today) for user in people if user.has_perm(PERMISSION))


def _unlisted() -> QuerySet[FollowUp]:
    """Return the due follow-ups that no mail has listed: older ones alone cause no mail."""
    return _due().filter(mailed_on__isnull=True).order_by()


def _due() -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(done_at__isnull=True, due_at__lt=end_of_day(), proposal__removed_at__isnull=True)


def _mail(user: User, today: date) -> bool:
    connection = get_connection()
    try:
        connection.open()
    except OSError:
        logger.exception("No follow-ups can be mailed")
        return False
    try:
        if not _claim(user, today):
            return False
        rows = list(_due().filter(assigned_to=user).select_related("proposal").order_by("due_at", "pk"))
        FollowUp.objects.filter(pk__in=[row.pk for row in rows], mailed_on__isnull=True).update(mailed_on=today)
        with translation.override(language_of(user)):
            message = _compose(user, rows)
        message.connection = connection
        message.send()
    except OSError:
        logger.exception("A mail with follow-ups may not have been sent")
        return False
    finally:
        connection.close()
    return True


def _claim(user: User, today: date) -> bool:
    """Claim the day's mail to this person; return False if another process has it."""
    with transaction.atomic():
        _digest, is_first = Digest.objects.get_or_create(user=user, defaults={"mailed_on": today})
        earlier = Digest.objects.filter(Q(user=user), mailed_on__lt=today)
        return is_first or bool(earlier.update(mailed_on=today))


def _compose(user: User, rows: list[FollowUp]) -> EmailMessage:
    new = [row for row in rows if row.mailed_on is None]
    known = [row for row in rows if row.mailed_on is not None]
    subject = ngettext("%(count)d follow-up today", "%(count)d follow-ups today", len(rows)) % {"count": len(rows)}
    if known:
        subject = f"{subject} ({ngettext('%(count)d new', '%(count)d new', len(new)) % {'count': len(new)}})"
    left, parts = MOST_LINES, []
    for title, found in ((_("New"), new), (_("Still open"), known)):
        if known and found[:left]:
            parts.append(f"{title} ({len(found)})")
        parts += [_describe(row) for row in found[:left]]
        left = max(left - len(found), 0)
    if more := len(rows) - MOST_LINES:
        parts += [ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more}] if more > 0 else []
    parts.append(_("All follow-ups: %s") % _url("followups"))
    return EmailMessage(subject, "\n\n".join(parts) + "\n", to=[user.email])


def _describe(row: FollowUp) -> str:
    due = date_format(timezone.localtime(row.due_at), "SHORT_DATETIME_FORMAT")
    about = " · ".join(part for part in (str(row.proposal), row.proposal.company_name) if part)
    why = row.note or (str(row.get_rule_display()) if row.rule else "")
    lines = [" ".join(about.split()), " · ".join(part for part in (due, " ".join(why.split())) if part)]
    return "\n".join([*lines, _url("admin:proposals_proposal_change", row.proposal_id)])


def _url(name: str, *args: object) -> str:
    return settings.PORTAL_URL + reverse(name, args=args)
