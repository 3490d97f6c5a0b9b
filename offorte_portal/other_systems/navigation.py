"""The entries of other systems. Without a connected one there is only the page to connect one, for those who may."""

from django.contrib.auth.models import PermissionsMixin
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, Person, list_of, register
from offorte_portal.other_systems.models import Source


def are_quotes_shown(user: Person) -> bool:
    """Return whether there can be quotes and customers of other systems."""
    return Source.is_any_connected()


def are_systems_shown(user: Person) -> bool:
    """Return whether the person has another system to look at, or may connect one."""
    may_connect = isinstance(user, PermissionsMixin) and user.has_perm("other_systems.add_source")
    return may_connect or Source.is_any_connected()


register(
    Group.SELL,
    list_of(
        "other_systems.importedquote",
        _("Imported quotes"),
        icon="files",
        position=30,
        shown_to=are_quotes_shown,
        children=(list_of("other_systems.partymatch", _("Match customers"), shown_to=are_quotes_shown),),
    ),
)
register(
    Group.SETTINGS,
    list_of("other_systems.source", _("Other systems"), icon="cable", position=20, shown_to=are_systems_shown),
)
