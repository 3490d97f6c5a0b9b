"""What people call the resources that a sync reads."""

from django.utils.translation import gettext as _

from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.sync.details import DETAILS


def resource_name(name: str) -> str:
    """What people call a resource of the registry, or the details."""
    if name == DETAILS:
        return _("proposal details")
    return str(RESOURCES[name].model._meta.verbose_name_plural) if name in RESOURCES else name


def list_name(name: str) -> str:
    """What people call a list, with what is nested in its items: "companies and people"."""
    nested = RESOURCES[name].nested if name in RESOURCES else ()
    return _(" and ").join(map(resource_name, [name, *(each.resource.name for each in nested)]))
