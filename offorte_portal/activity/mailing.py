"""Notifications by mail: the worker sends each person one mail for all that waits, some minutes apart.

A notification is claimed before its mail is sent, and then never mailed again, even if the mail may not have left.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.activity.models import Notification, NotificationMailbox
from offorte_portal.activity.notifying import PERMISSION
from offorte_portal.activity.telling import tell_notified
from offorte_portal.activity.words import Story
from offorte_portal.staff.languages import language_of
from offorte_portal.writes.models import Batch

logger = logging.getLogger(__name__)

# The time between two mails to one person.
WINDOW = timedelta(minutes=10)
# A notification that has waited longer, because no mail could be sent, is not mailed.
KEPT = timedelta(hours=24)
# How many happenings one mail lists.
MOST_LINES = 20
SUBJECT_LENGTH = 120


def mail_due() -> int:
    """Mail people who have notifications waiting, at most once in `WINDOW`; return how many mails were sent."""
    waiting = _waiting().order_by().values("user")
    people = User.objects.filter(pk__in=waiting, is_active=True, is_staff=True).exclude(email="")
    return sum(_mail(user) for user in people if user.has_perm(PERMISSION))


def _waiting() -> QuerySet[Notification]:
    """Return the notifications that were neither mailed nor read in the portal, and are not too old.

    One of a job waits until the job has ended, so that the mail says how many they are.
    """
    since = ports.now() - KEPT
    waiting = Notification.objects.filter(
        wants_mail=True, mailed_at__isnull=True, read_at__isnull=True, created_at__gte=since
    )
    running = Batch.objects.filter(state__in=Batch.ACTIVE, pk=OuterRef("activity__job_id"))
    return waiting.filter(Q(fold="") | ~Exists(running))


def _mail(user: User) -> bool:
    now = ports.now()
    NotificationMailbox.objects.get_or_create(user=user)
    # Only the process that claims the person's next mail sends it.
    is_due = Q(mailed_at__isnull=True) | Q(mailed_at__lte=now - WINDOW) | Q(mailed_at__gt=now)
    if not NotificationMailbox.objects.filter(is_due, user=user).update(mailed_at=now):
        return False
    connection = get_connection()
    try:
        connection.open()
    except OSError:  # smtplib's errors are OSErrors
        logger.exception("No notifications can be mailed")
        return False
    try:
        return _send(user, connection)
    finally:
        connection.close()


def _send(user: User, connection: BaseEmailBackend) -> bool:
    mail = ports.new_uuid()
    if not _waiting().filter(user=user).update(mail=mail, mailed_at=ports.now()):
        return False
    rows = Notification.objects.filter(mail=mail).select_related("activity__proposal")
    with translation.override(language_of(user)):
        message = _compose(user, list(rows.order_by("id")))
    message.connection = connection
    try:
        message.send()
    except OSError:
        # It may have left nevertheless, so it is not sent again. The portal shows the notifications.
        logger.exception("A mail with notifications may not have been sent")
        return False
    return True


def _compose(user: User, rows: list[Notification]) -> EmailMessage:
    count = sum(row.count for row in rows)
    stories = tell_notified(rows, user)
    listed = [stories[row.pk] for row in rows if row.activity]
    if count == 1 and listed:
        subject = listed[0].headline
    else:
        subject = ngettext("%(count)d new event", "%(count)d new events", count) % {"count": count}
    parts = [_describe(story) for story in listed[:MOST_LINES]]
    if more := count - len(parts):
        parts.append(ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more})
    parts += [
        _("All notifications: %s") % _url("notifications"),
        _("Notification settings: %s") % _url("notification_settings"),
    ]
    return EmailMessage(" ".join(subject.split())[:SUBJECT_LENGTH], "\n\n".join(parts) + "\n", to=[user.email])


def _describe(story: Story) -> str:
    """Return a happening in a few lines of plain text, with the address of its proposal or proposals."""
    entry, proposal = story.entry, story.entry.proposal
    at = date_format(timezone.localtime(entry.happened_at), "SHORT_DATETIME_FORMAT")
    about = [at] if story.is_folded else [proposal.company_name, at]
    lines = [story.headline, " · ".join(part for part in about if part)]
    if entry.text and entry.is_client:
        lines.append("\n".join(f"> {line}" for line in entry.text.splitlines()))
    path = story.members or reverse("admin:proposals_proposal_change", args=[proposal.pk])
    return "\n".join([*lines, settings.PORTAL_URL + path])


def _url(name: str, *args: object) -> str:
    return settings.PORTAL_URL + reverse(name, args=args)
