"""E-mails to the administrators about an account."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.urls import reverse

logger = logging.getLogger(__name__)

PERMISSION = "connections.authorise_connection"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def mail_administrators(connection_id: int, subject: str, text: str) -> bool:
    """E-mail a message, with the URL of the account's page, to everyone who may connect accounts.

    Return whether it was sent; a failure is logged, and the caller tries again later.
    """
    users = User.objects.with_perm(PERMISSION, backend=BACKEND).filter(is_staff=True).exclude(email="")
    addresses = sorted({user.email for user in users})
    page = reverse("admin:connections_connection_change", args=[connection_id])
    message = EmailMessage(subject, f"{text}\n\n{settings.PORTAL_URL}{page}\n", bcc=addresses)
    try:
        message.send()
    except (OSError, SMTPException):
        logger.exception("The administrators could not be told about account %s", connection_id)
        return False
    return True
