"""What tests about signing in share."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.test import Client

from tests.support.factories import make_staff

PASSWORD = "a-long-one-1"
LOGIN = "/accounts/login/"
TOO_MANY = "Too many failed login attempts"


def make_member(username: str = "anna", **fields: object) -> User:
    """A member of staff with a password."""
    user = make_staff(username, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, login: str, password: str = PASSWORD, **options: str) -> str:
    """Enter name and password; return the page that follows."""
    response = client.post(LOGIN, {"login": login, "password": password}, follow=True, headers=options or None)
    return str(response.content.decode())


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def confirm(client: Client) -> Client:
    """Have the client's session confirm who it is, as by entering the password a moment ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = session[SESSION_KEY]
    session.save()
    return client


def code_for(secret: str) -> str:
    """The code that an authenticator app shows for a secret: of this half minute, and good for the next one, too."""
    _previous, counter, _next = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, counter)))


def browser(address: str = "192.0.2.1") -> Client:
    """A browser that nobody knows, at this address."""
    return Client(REMOTE_ADDR=address)


def guess(client: Client, login: str = "anna", times: int = 5) -> str:
    """Enter wrong passwords; return the last page."""
    return [sign_in(client, login, "wrong") for _ in range(times)][-1]
