"""Finds users by what they enter, and checks passwords in the same time whether or not there is such a user."""

import unicodedata
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest

# Characters of a username or an address at most; a database may refuse to compare very long text.
LONGEST = 254
# Where Django keeps the permissions of a user.
KEPT_AS = "_perm_cache"


def fold_login(login: str) -> str:
    """Return one value for all names that a database may take for equal: PostgreSQL compares capitals, where ı is I."""
    return unicodedata.normalize("NFC", login).strip().upper().casefold()


def lower(name: str) -> str:
    """Return a name or an address in lower case, with letters and their accents composed."""
    return unicodedata.normalize("NFC", name).strip().lower()


def known_as(name: str, *columns: str) -> QuerySet[User]:
    """Return the users who have this name in any of the columns, in any case."""
    if name.isascii():
        condition = Q(*((f"{column}__iexact", name.strip()) for column in columns), _connector=Q.OR)
        return User.objects.filter(condition)
    # SQLite only knows the capitals of ASCII. A portal has few users, and few of them such a name.
    wanted = lower(name)
    rows = User.objects.values_list("pk", *columns)
    return User.objects.filter(pk__in=[pk for pk, *held in rows.iterator() if wanted in map(lower, held)])


def find_by_login(login: str) -> list[User]:
    """Return the users with this username or address, in any case, username first; rarely more than one."""
    name = login.strip()
    if not name or "\0" in name or len(name) > LONGEST:
        return []
    found = known_as(name, "username", "email").order_by("pk")
    return sorted(found, key=lambda user: lower(user.get_username()) != lower(name))


def find_by_address(address: str) -> list[User]:
    """Return the staff who may sign in and have this address now, in any case."""
    email = address.strip()
    if not email or "\0" in email or len(email) > LONGEST:
        return []
    return list(known_as(email, "email").filter(is_active=True, is_staff=True).order_by("pk"))


class StaffBackend(AuthenticationBackend):
    """Checks passwords. An unknown name takes as much work as a known one: one hash."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the user's own permissions and those of their groups, with one query where Django takes two."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser:
            permissions: set[str] = super().get_all_permissions(user_obj, obj)
            return permissions
        known: set[str] | None = getattr(user_obj, KEPT_AS, None)
        if known is None:
            rows = Permission.objects.order_by().values_list("content_type__app_label", "codename")
            found = rows.filter(user=user_obj).union(rows.filter(group__user=user_obj))
            known = {f"{app}.{codename}" for app, codename in found}
            setattr(user_obj, KEPT_AS, known)
        return known

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, with the language that they have chosen."""
        user = User.objects.select_related("preferences").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        password = credentials.get("password") or ""
        return next((user for user in find_by_login(login) if self._check_password(user, password)), None)
