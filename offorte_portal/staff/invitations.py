"""Invitations: mails with a link at which a new member of staff chooses a password."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db.models import Max
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from offorte_portal.staff import security_log
from offorte_portal.staff.languages import chosen_by
from offorte_portal.staff.models import SecurityEvent
from offorte_portal.staff.password_reset import reset_url
from offorte_portal.staff.security_log import Kind

# Seconds, because the person who pressed the button waits for the mail server.
LONGEST = 10


class NotSentError(Exception):
    """The mail server did not accept the mail."""


def invite(user: User, *, by: User, request: HttpRequest | None = None) -> None:
    """Mail the person a link to choose a password, in their language or that of `by`. Raises NotSentError."""
    with translation.override(chosen_by(user) or translation.get_language()):
        message = _compose(user, by)
    message.connection = get_connection(timeout=LONGEST)
    try:
        message.send()
    except OSError as error:
        raise NotSentError from error
    security_log.record(Kind.STAFF_INVITED, by=by, about=user, request=request)


def _compose(user: User, by: User) -> EmailMessage:
    context = {"name": user.first_name or str(user), "by": str(by)}
    body = render_to_string(
        "staff/email/invitation.txt", context | {"username": user.get_username(), "url": reset_url(user)}
    )
    return EmailMessage(_("Your account for Offorte Portal"), body, to=[user.email])


def is_waiting(user: User) -> bool:
    """Return whether the person has never signed in."""
    return user.last_login is None


def invited_at(user: User) -> datetime | None:
    """Return when the person was last invited; None if never."""
    events = SecurityEvent.objects.filter(about=user, kind=Kind.STAFF_INVITED)
    found: datetime | None = events.aggregate(at=Max("happened_at"))["at"]
    return timezone.localtime(found) if found else None
