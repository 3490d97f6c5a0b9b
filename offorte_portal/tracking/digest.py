"""The due follow-ups by mail: from 7 o'clock on, to each person who has one that was not mailed yet.

Follow-ups are claimed before they are mailed. A mail that may have left is never sent again.
"""

import logging
from datetime import date

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.staff.languages import language_of
from offorte_portal.tracking.followups import end_of_day
from offorte_portal.tracking.models import FollowUp

logger = logging.getLogger(__name__)

# The first hour of the day for mails, in the portal's time zone.
FIRST_HOUR = 7
MOST_LINES = 30
PERMISSION = "proposals.view_proposal"


def mail_due() -> int:
    """Mail people the follow-ups that are due if one of them was not mailed yet; return how many mails were sent."""
    if timezone.localtime(ports.now()).hour < FIRST_HOUR:
        return 0
    today = timezone.localdate(ports.now())
    people = User.objects.filter(pk__in=_waiting(today).values("assigned_to"), is_active=True, is_staff=True)
    return sum(_mail(user, today) for user in people.exclude(email="") if user.has_perm(PERMISSION))


def _waiting(today: date) -> QuerySet[FollowUp]:
    """Return the due follow-ups that were not mailed yet: older ones alone cause no mail."""
    return _due().filter(Q(mailed_on__isnull=True) | Q(mailed_on__gt=today)).order_by()


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
        keys = list(_waiting(today).filter(assigned_to=user).values_list("pk", flat=True))
        claimed = FollowUp.objects.filter(pk__in=keys, done_at__isnull=True)
        if not claimed.filter(Q(mailed_on__isnull=True) | Q(mailed_on__gt=today)).update(mailed_on=today):
            return False
        with translation.override(language_of(user)):
            message = _compose(
                user, list(_due().filter(assigned_to=user).select_related("proposal").order_by("due_at", "pk"))
            )
        message.connection = connection
        message.send()
    except OSError:
        logger.exception("A mail with follow-ups may not have been sent")
        return False
    finally:
        connection.close()
    return True


def _compose(user: User, rows: list[FollowUp]) -> EmailMessage:
    subject = ngettext("%(count)d follow-up today", "%(count)d follow-ups today", len(rows)) % {"count": len(rows)}
    parts = [_describe(row) for row in rows[:MOST_LINES]]
    if more := len(rows) - len(parts):
        parts.append(ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more})
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
