"""Who may manage whom: nobody may manage a person who has more rights, or grant rights that they lack themselves."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

from offorte_portal.staff.roles import ROLES

# Administrators hold this permission: to change staff, their roles and who they are at Offorte.
PERMISSION = "auth.change_user"
ADD = "auth.add_user"


def is_superuser(user: Any) -> bool:
    return bool(getattr(user, "is_superuser", False))


def may_manage(person: Any, other: User) -> bool:
    """Return whether the other, active or not, has been granted nothing that the person lacks."""
    if is_superuser(person):
        return True
    return not other.is_superuser and not granted(other).exclude(pk__in=granted(person)).exists()


def granted(user: Any) -> QuerySet[Permission]:
    """Return the permissions granted to a person, active or not, by group or directly."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).distinct()


def grantable_groups(person: Any) -> QuerySet[Group]:
    """Return the groups that grant nothing beyond what the person has."""
    if is_superuser(person):
        return Group.objects.order_by("name")
    beyond = Group.objects.filter(permissions__in=Permission.objects.exclude(pk__in=granted(person)))
    return Group.objects.exclude(pk__in=beyond).order_by("name")


def role_of(user: User) -> str:
    """Return the name of the person's highest role; "" for none."""
    names = {group.name for group in user.groups.all()}
    return next((name for name in reversed(ROLES) if name in names), "")


def other_groups(user: User) -> list[Group]:
    """Return the person's groups other than roles."""
    return [group for group in user.groups.all() if group.name not in ROLES]
