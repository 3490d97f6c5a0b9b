"""Staff accounts: nobody may change a person who may do more than they do, or grant what they don't have."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, User
from django.db.models import ManyToManyField, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

SUPERUSERS_ONLY = frozenset({"is_superuser", "user_permissions"})

# Django registers its own at import, which has happened above.
admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Django's, for administrators who are not superusers as well."""

    list_display = ["username", "first_name", "last_name", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = ()  # its widget has controls that a screen reader can't name, and is wider than a phone
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the groups, for the list."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """The names of the person's groups."""
        return ", ".join(group.name for group in user.groups.all())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not for people who may do more: a new password would be theirs to use."""
        return super().has_change_permission(request, obj) and (obj is None or _may_manage(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As with changing."""
        return super().has_delete_permission(request, obj) and (obj is None or _may_manage(request.user, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without what only superusers grant."""
        fieldsets = super().get_fieldsets(request, obj)
        if _is_superuser(request.user):
            return fieldsets
        return [
            (title, {**options, "fields": tuple(name for name in options["fields"] if name not in SUPERUSERS_ONLY)})
            for title, options in fieldsets
        ]

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **options: Any
    ) -> Any:
        """Offer the groups that grant nothing beyond what the person has."""
        if db_field.name == "groups" and not _is_superuser(request.user):
            beyond = Group.objects.exclude(permissions=None).filter(
                permissions__in=Permission.objects.exclude(pk__in=_granted(request.user))
            )
            options["queryset"] = Group.objects.exclude(pk__in=beyond)
        return super().formfield_for_manytomany(db_field, request, **options)


def _is_superuser(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(getattr(user, "is_superuser", False))


def _may_manage(person: Any, other: User) -> bool:
    if _is_superuser(person):
        return True
    return not other.is_superuser and not _granted(other).exclude(pk__in=_granted(person)).exists()


def _granted(user: Any) -> QuerySet[Permission]:
    """What is granted to a person, active or not, by group or directly."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).distinct()
