"""Adds and changes staff by an administrator's form, and records each change in the security log."""

from collections.abc import Collection
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from offorte_portal.staff import addresses, rights, security_log, sessions
from offorte_portal.staff.roles import ROLES
from offorte_portal.staff.security_log import Kind


@dataclass(frozen=True)
class Details:
    """The details of a member of staff to store. `role` is "" for none; `groups` are those other than roles."""

    username: str
    first_name: str
    last_name: str
    email: str
    is_active: bool
    role: str
    groups: Collection[Group] = field(default_factory=tuple)
    # None leaves it unchanged.
    is_superuser: bool | None = None


@transaction.atomic
def add(details: Details, *, by: User, request: HttpRequest | None = None) -> User:
    """Add a member of staff, who can sign in after choosing a password. Raises PermissionDenied."""
    if not by.has_perm(rights.ADD):
        raise PermissionDenied
    user = User(is_staff=True, is_active=details.is_active, username=details.username)
    user.set_unusable_password()
    _name(user, details)
    user.save()
    addresses.set_address(user, details.email)
    security_log.record(Kind.STAFF_ADDED, by=by, about=user, request=request, email=details.email)
    _give_groups(user, details, by, request)
    return user


@transaction.atomic
def change(user: User, details: Details, *, by: User, request: HttpRequest | None = None) -> tuple[User, list[str]]:
    """Change the person as `details` say, and log each change; people who may no longer sign in are signed out.

    Returns the person and the names of the fields that changed. Raises PermissionDenied.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not by.has_perm(rights.PERMISSION) or not rights.may_manage(by, user):
        raise PermissionDenied
    changed = _name(user, details)
    if details.username != user.username:
        security_log.record(
            Kind.NAME_CHANGED, by=by, about=user, request=request, before=user.username, after=details.username
        )
        user.username = details.username
        changed.append("username")
    if changed:
        user.save(update_fields=["username", "first_name", "last_name"])
    if details.email != user.email:
        security_log.record(
            Kind.ADDRESS_CHANGED, by=by, about=user, request=request, before=user.email, after=details.email
        )
        addresses.set_address(user, details.email)
        changed.append("email")
    if details.is_active != (user.is_active and user.is_staff):
        _switch(user, details.is_active, by, request)
        changed.append("is_active")
    if _give_groups(user, details, by, request):
        changed.append("role")
    return user, changed


def reset_second_factor(user: User, *, by: User, request: HttpRequest | None = None) -> int:
    """Remove the second factor of a person who has lost it, and sign them out; return how many parts it had.

    Raises PermissionDenied.
    """
    if not by.has_perm(rights.PERMISSION) or not rights.may_manage(by, user):
        raise PermissionDenied
    removed: int
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if removed:
            security_log.record(Kind.SECOND_FACTOR_RESET, by=by, about=user, request=request, count=removed)
            sessions.end_all(user)
    return removed


def sign_out(user: User, *, by: User, request: HttpRequest | None = None) -> int:
    """End all sessions of the person; return how many. Raises PermissionDenied."""
    if not by.has_perm(rights.PERMISSION) or not rights.may_manage(by, user):
        raise PermissionDenied
    ended = sessions.end_all(user)
    if ended:
        security_log.record(Kind.SESSIONS_ENDED, by=by, about=user, request=request, count=ended)
    return ended


def colleagues() -> QuerySet[User]:
    """Return the active staff, whom something can be assigned to, ordered by name."""
    return User.objects.filter(is_staff=True, is_active=True).order_by("first_name", "last_name", "username")


def _name(user: User, details: Details) -> list[str]:
    changed = [name for name in ("first_name", "last_name") if getattr(user, name) != getattr(details, name)]
    for name in changed:
        setattr(user, name, getattr(details, name))
    return changed


def _switch(user: User, is_active: bool, by: User, request: HttpRequest | None) -> None:
    user.is_active = is_active
    user.is_staff = user.is_staff or is_active
    user.save(update_fields=["is_active", "is_staff"])
    kind = Kind.STAFF_ACTIVATED if is_active else Kind.STAFF_DEACTIVATED
    security_log.record(kind, by=by, about=user, request=request)


def _give_groups(user: User, details: Details, by: User, request: HttpRequest | None) -> bool:
    """Set the role and the groups that `by` may grant, and keep all others; return whether anything changed."""
    before = {group.name for group in user.groups.all()}
    within = {group.name for group in rights.grantable_groups(by)}
    # Somebody who was given several roles by hand keeps them unless the form names another one.
    roles = before & set(ROLES) if details.role == rights.role_of(user) else {details.role} - {""}
    requested = roles | {group.name for group in details.groups}
    after = (requested & within) | (before - within)
    was_superuser = user.is_superuser
    if details.is_superuser is not None and rights.is_superuser(by):
        user.is_superuser = details.is_superuser
        user.save(update_fields=["is_superuser"])
    if after == before and was_superuser == user.is_superuser:
        return False
    user.groups.set(Group.objects.filter(name__in=after))
    security_log.record(
        Kind.ROLE_CHANGED, by=by, about=user, request=request, before=sorted(before), after=sorted(after),
        was_superuser=was_superuser, is_superuser=user.is_superuser,
    )  # fmt: skip
    return True
