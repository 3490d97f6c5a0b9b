"""The admin of groups: it asks for the password or a passkey, and records changes in the security log."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse

from offorte_portal.staff.admin.permission_choices import list_choices, offered
from offorte_portal.staff.confirmation import confirmed_post
from offorte_portal.staff.security_log import Kind, record

admin.site.unregister(Group)


@admin.register(Group)
class ConfirmedGroupAdmin(GroupAdmin):
    """Django's pages, which take a form only after the password or a passkey was confirmed."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **options: Any) -> Any:
        """Show permissions as checkboxes, which need neither a mouse nor the Control key."""
        options["widget"] = forms.CheckboxSelectMultiple(attrs={"class": "headed-boxes"})
        options["queryset"] = offered()
        field: Any = super().formfield_for_manytomany(db_field, request, **options)
        field.choices = list_choices()
        return field

    def changelist_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return confirmed_post(super().changelist_view)(request, *args, **options)  # type: ignore[return-value]

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return confirmed_post(super().changeform_view)(request, *args, **options)  # type: ignore[return-value]

    def delete_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return confirmed_post(super().delete_view)(request, *args, **options)  # type: ignore[return-value]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Log which permissions the group gets and loses, and keep those that the form does not show."""
        group = form.instance
        before, unseen = _permissions(group), list(group.permissions.exclude(pk__in=offered()))
        super().save_related(request, form, formsets, change)
        group.permissions.add(*unseen)
        after = _permissions(group)
        _record(request, group, added=sorted(after - before), removed=sorted(before - after))

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        """Delete the group, and log that all of its permissions are removed."""
        removed = sorted(_permissions(obj))
        super().delete_model(request, obj)
        _record(request, obj, added=[], removed=removed)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete each group by `delete_model`, which logs it."""
        for group in queryset:
            self.delete_model(request, group)


def _permissions(group: Group) -> set[str]:
    return set(group.permissions.values_list("codename", flat=True))


def _record(request: HttpRequest, group: Group, *, added: list[str], removed: list[str]) -> None:
    if added or removed:
        record(Kind.ROLE_CHANGED, request=request, label=group.name, added=added, removed=removed)
