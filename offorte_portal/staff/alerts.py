"""E-mails to the administrators about an account, to each in their language."""

import logging
from collections import defaultdict
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from offorte_portal.staff.languages import language_of

logger = logging.getLogger(__name__)

PERMISSION = "connections.authorise_connection"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def mail_administrators(connection_id: int, compose: Callable[[], tuple[str, str]]) -> bool:
    """E-mail a message, with the URL of the account's page, to everyone who may connect accounts.

    `compose` returns its subject and text in the active language. Return whether anybody was told; a failure is
    logged, and the caller tries again later if nobody was.
    """
    users = User.objects.with_perm(PERMISSION, backend=BACKEND).filter(is_staff=True).exclude(email="")
    addresses: dict[str, set[str]] = defaultdict(set)
    for user in users.select_related("preferences"):
        addresses[language_of(user)].add(user.email)
    page = settings.PORTAL_URL + reverse("admin:connections_connection_change", args=[connection_id])
    sent = []
    for language, theirs in sorted(addresses.items()):
        with translation.override(language):
            subject, text = compose()
        message = EmailMessage(subject, f"{text}\n\n{page}\n", bcc=sorted(theirs))
        try:
            sent.append(bool(message.send()))
        except (OSError, SMTPException):
            logger.exception("The administrators could not be informed about account %s", connection_id)
            sent.append(False)
    return any(sent) or not sent
