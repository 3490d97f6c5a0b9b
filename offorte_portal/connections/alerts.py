"""Mail to the administrators about one account."""

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
    """Mail a message, with the address of the account's page, to all who may connect accounts.

    Return whether it could be sent; where it could not, that is logged and the caller tells it again later.
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
