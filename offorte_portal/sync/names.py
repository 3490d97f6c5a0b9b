"""The names that people see for the resources of a sync."""

from django.utils.translation import gettext as _

from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.sync.details import DETAILS


def resource_name(name: str) -> str:
    """Return the name that people see for a resource of the registry, or for the details."""
    if name == DETAILS:
        return _("proposal details")
    return str(RESOURCES[name].model._meta.verbose_name_plural) if name in RESOURCES else name


def list_name(name: str) -> str:
    """Return the name that people see for a list, with what is nested in its items: "companies and people"."""
    nested = RESOURCES[name].nested if name in RESOURCES else ()
    return _(" and ").join(map(resource_name, [name, *(each.resource.name for each in nested)]))
