"""Limits how often somebody may try to sign in. Guessing is slowed down; the owner of the name is not.

Wrong passwords are counted by who enters them:

1. a signed-in session that authenticates again: by session;
2. a browser in which the person signed in before, recognised by a signed cookie: by that cookie, on any network;
3. anybody else: by network over all names, by network and name, and by name over all networks. The last limit is high,
   because it is meant for guesses from many networks. While it is used up, the browsers of 2, passkeys and a password
   reset still let the owner in.

A network is a range of addresses that one visitor can use freely: an IPv4 address, or a /64 of IPv6. Many visitors can
also have a /48 of IPv6, so that is counted as well, with higher limits. One network can use up only a small part of a
name's limit.

A name is what was typed. A username and the address of the same person share no count, because that would reveal that
there is such a person.

Wrong codes of a second factor, which follow a right password, are counted in the same way, with the person as the name.
At 60 an hour over all networks, with three valid codes in a million, guessing takes months. A password reset clears
none of these counts, because a mailbox is no second factor. Passkeys can't be guessed: they are counted by session, by
browser and by network only, so that nobody can use up the owner's limit.

Requests for a new password are counted by network and by the address that was entered, whether or not anybody has it.

Successful attempts are not counted. (OWASP: Blocking Brute Force Attacks, "device cookies".)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from typing import Literal, cast

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from offorte_portal import ports
from offorte_portal.staff import security_log
from offorte_portal.staff.sign_in import find_by_login, fold_login

# One rate each, in the order in which they are counted: an attempt that one stops is not counted by those after it.
_NETWORKS = {"wide_network": "100/h/key", "network": "20/5m/key"}
RATES = {
    "password": {
        "session": "5/5m/key",
        "browser": "5/5m/key",
        **_NETWORKS,
        "wide_network_and_name": "20/h/key",
        "network_and_name": "5/5m/key",
        "name": "200/h/key",
    },
    "second_factor": {
        "browser": "5/5m/key",
        **_NETWORKS,
        "wide_network_and_name": "10/h/key",
        "network_and_name": "5/5m/key",
        "name": "60/h/key",
    },
    "reset": {
        **_NETWORKS,
        "wide_network_and_name": "10/h/key",
        "network_and_name": "5/5m/key",
        "name": "30/h/key",
    },
    "passkey": {"session": "5/5m/key", "browser": "5/5m/key", **_NETWORKS},
}
_COOKIE = "known_{}"
_COOKIE_AGE = 60 * 60 * 24 * 180
_SALT = "portal.sign_in"


class Attempt:
    """An attempt, which is counted before it is checked and taken back if it was right."""

    def __init__(self, request: HttpRequest, kind: str, name: str, user: User | None = None) -> None:
        """Set what is tried (a key of RATES), the name that is counted, and the user of that name if known."""
        self._request = request
        self._kind = kind
        self._app = f"portal.{kind}"
        self._name = fold_login(name)
        self._counted: list[ratelimit.RateLimitUsage] = []
        self.user = user

    def count(self) -> bool:
        """Count the attempt; return False, and count nothing, if there were too many."""
        for scope, key in self._find_own() or [*self._find_networks(), *self._find_names()]:
            usage = ratelimit.consume(self._request, app=self._app, action=scope, config=RATES[self._kind], key=key)
            if usage is None:
                self.take_back()
                return False
            self._counted.append(usage)
        return True

    def take_back(self) -> None:
        """Undo the counting of this attempt."""
        for usage in self._counted:
            usage.rollback()
        self._counted = []

    def forget(self) -> None:
        """Clear the counts of the name in this session or browser, on this network, and on all networks."""
        for scope, key in [*self._find_own(), *self._find_names()]:
            ratelimit.clear(self._request, app=self._app, action=scope, config=RATES[self._kind], key=key)

    def _find_own(self) -> list[tuple[str, str]]:
        """Return the scope and key of this session or browser, or nothing where neither is known."""
        if "session" in RATES[self._kind] and self._request.user.is_authenticated:
            return [("session", f"{self._name} {self._request.session.session_key}")]
        if self.user and (browser := _known_browser(self._request, self.user)):
            return [("browser", f"{self.user.pk}:{browser}")]
        return []

    def _find_networks(self) -> list[tuple[str, str]]:
        """Return the visitor's network and the wider one around it; for IPv4, both are the address."""
        address = ip_address(get_adapter().get_client_ip(self._request))
        prefixes = (64, 48) if address.version == 6 else (32, 32)
        network, wide = (str(ip_network((address, prefix), strict=False)) for prefix in prefixes)
        return [("wide_network", wide), ("network", network)]

    def _find_names(self) -> list[tuple[str, str]]:
        together = [(f"{scope}_and_name", f"{network} {self._name}") for scope, network in self._find_networks()]
        return [*together, ("name", self._name)]


def try_password(request: HttpRequest, login: str) -> Attempt:
    """Return the attempt to sign in with this username or address, which is not counted yet."""
    return Attempt(request, "password", login, next(iter(find_by_login(login)), None))


@contextmanager
def counted(request: HttpRequest, reason: Literal["passkey", "second_factor"], user: User | None) -> Iterator[None]:
    """Count an attempt with a code or a passkey unless it is right, and log a wrong one with this reason.

    Raises ValidationError, before anything is checked, if there were too many.
    """
    login = user.get_username() if user else ""
    attempt = Attempt(request, reason, f"#{user.pk}" if user else "", user)
    if not attempt.count():
        security_log.record_failure(request, login=login, about=user, reason="limited")
        raise get_adapter().validation_error("too_many_login_attempts")
    try:
        yield
    except ValidationError:
        security_log.record_failure(request, login=login, about=user, reason=reason)
        raise
    attempt.take_back()


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Set a cookie that shows that this person has signed in with the browser."""
    response.set_signed_cookie(
        _COOKIE.format(user.pk),
        _known_browser(request, user) or ports.new_token(12),
        salt=_SALT,
        max_age=_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_failures(request: HttpRequest, user: User) -> None:
    """Clear the failed attempts of somebody who has just chosen a new password."""
    for login in filter(None, (user.get_username(), user.email)):
        Attempt(request, "password", login, user).forget()


def _known_browser(request: HttpRequest, user: User) -> str:
    cookie = request.get_signed_cookie(_COOKIE.format(user.pk), default="", salt=_SALT, max_age=_COOKIE_AGE)
    return cast(str, cookie)
