"""Finds users by what they enter, and checks passwords in the same time whether or not there is such a user."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest

# Characters of a username or an address at most; a database may refuse to compare very long text.
LONGEST = 254


def fold_login(login: str) -> str:
    """Return one value for all names that a database may take for equal: PostgreSQL compares capitals, where ı is I."""
    return login.strip().upper().casefold()


def find_by_login(login: str) -> list[User]:
    """Return the users with this username or address, in any case, username first; rarely more than one."""
    name = login.strip()
    if not name or "\0" in name or len(name) > LONGEST:
        return []
    found = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).order_by("pk")
    return sorted(found, key=lambda user: user.get_username().casefold() != name.casefold())


def find_by_address(address: str) -> list[User]:
    """Return the staff who may sign in and have this address now, in any case."""
    email = address.strip()
    if not email or "\0" in email or len(email) > LONGEST:
        return []
    return list(User.objects.filter(email__iexact=email, is_active=True, is_staff=True).order_by("pk"))


class StaffBackend(AuthenticationBackend):
    """Checks passwords. An unknown name takes as much work as a known one: one hash."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        password = credentials.get("password") or ""
        return next((user for user in find_by_login(login) if self._check_password(user, password)), None)
