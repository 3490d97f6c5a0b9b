"""Finding who somebody says they are, and checking the password in the same time whoever that is."""

from collections.abc import Iterable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest

# Characters of a username or an address at most; a database may refuse to compare with very long text.
LONGEST = 254


def fold_login(login: str) -> str:
    """Return the same for all that a database may take for one name: PostgreSQL compares in capitals, where ı is I."""
    return login.strip().upper().casefold()


def find_by_login(login: str) -> list[User]:
    """Find who has this username or address, in any case; the username first. More than one is rare but possible."""
    wanted = login.strip()
    if not wanted or "\0" in wanted or len(wanted) > LONGEST:
        return []
    found = User.objects.filter(Q(username__iexact=wanted) | Q(email__iexact=wanted)).order_by("pk")
    return sorted(found, key=lambda user: user.get_username().casefold() != wanted.casefold())


def find_by_address(address: str) -> list[User]:
    """Find the staff who may sign in and have this address, in any case. Addresses of the past do not count."""
    wanted = address.strip()
    if not wanted or "\0" in wanted or len(wanted) > LONGEST:
        return []
    return list(User.objects.filter(email__iexact=wanted, is_active=True, is_staff=True).order_by("pk"))


class StaffBackend(AuthenticationBackend):
    """Checks passwords. A name that is unknown costs the same work as one that is known: one hash."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        return self._check_each(find_by_login(login), credentials.get("password") or "")

    def _check_each(self, users: Iterable[User], password: str) -> User | None:
        for user in users:
            if self._check_password(user, password):
                return user
        return None
