"""Mails links with which staff choose a new password.

The worker looks up the address and sends the mail, so that a request takes the same time whether or not anybody has
that address, and does not fail when the mail server does.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from offorte_portal.ports import queueing
from offorte_portal.staff.languages import chosen_by
from offorte_portal.staff.sign_in import find_by_address


def request_links(address: str) -> None:
    """Have the worker mail a link to the staff with this address: in their language, or that of this request.

    The request is not stored, so no sweep can find it: where no task can be queued, the mail is sent at once.
    """
    language = translation.get_language()
    queueing.queue(send_links, address, language, name="Password reset", lost=lambda: send_links(address, language))


def send_links(address: str, language: str) -> int:
    """Mail a link to each active member of staff with this address; return how many there are."""
    users = find_by_address(address)
    for user in users:
        with translation.override(chosen_by(user) or language):
            context = {
                "name": user.first_name or str(user),
                "username": user.get_username(),
                "url": reset_url(user),
                "portal_url": settings.PORTAL_URL,
            }
            body = render_to_string("staff/email/password_reset.txt", context)
            # To the stored address, from which the one that was entered may differ.
            send_mail(_("Choose a new password for Offorte Portal"), body, None, [user.email])
    return len(users)


def reset_url(user: User) -> str:
    """Return the URL at which the person chooses a new password; it works once, within PASSWORD_RESET_TIMEOUT."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.PORTAL_URL + reverse("account_reset_password_from_key", kwargs=key)
