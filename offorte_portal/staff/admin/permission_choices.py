"""Permissions as checkboxes, grouped by model and in the person's language."""

from collections import defaultdict

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.staff.roles import APPS

VERBS: dict[str, str | Promise] = {
    "view": gettext_lazy("Can view"),
    "add": gettext_lazy("Can add"),
    "change": gettext_lazy("Can change"),
    "delete": gettext_lazy("Can delete"),
}


def offered() -> QuerySet[Permission]:
    """Return the permissions on the models of `APPS` that have a translated name, `Permission` itself left out."""
    ours = [model for model in apps.get_models() if model._meta.app_label in APPS and model is not Permission]
    known = [model for model in ours if isinstance(model._meta.verbose_name, Promise)]
    return Permission.objects.filter(content_type__in=ContentType.objects.get_for_models(*known).values())


def list_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the permissions grouped by the plural name of their model, in the order of these names."""
    order = [*VERBS, ""]
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    found = offered().select_related("content_type").order_by("pk")
    for permission in sorted(found, key=lambda permission: order.index(_verb(permission))):
        plural = permission.content_type.model_class()._meta.verbose_name_plural  # type: ignore[union-attr]
        groups[capfirst(str(plural))].append((permission.pk, name(permission)))
    return sorted(groups.items())


def name(permission: Permission) -> str:
    """Return what the permission allows, without the model, which is in the heading."""
    verb = _verb(permission)
    return str(VERBS[verb]) if verb else _(permission.name)


def _verb(permission: Permission) -> str:
    verb, _underscore, model = permission.codename.partition("_")
    return verb if verb in VERBS and model == permission.content_type.model else ""
