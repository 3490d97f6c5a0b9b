"""The entries of other systems. Without a connected one there is only the page to connect one, for those who may."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Entry, Group, list_of, register
from offorte_portal.other_systems.models import Source


def is_none_connected() -> bool:
    return not Source.is_any_connected()


register(
    Group.SELL,
    list_of(
        "other_systems.importedquote",
        _("Imported quotes"),
        icon="files",
        position=30,
        is_shown=Source.is_any_connected,
        children=(
            list_of("other_systems.partymatch", _("Customers in other systems"), is_shown=Source.is_any_connected),
        ),
    ),
)
register(
    Group.SETTINGS,
    list_of("other_systems.source", _("Other systems"), icon="cable", position=20, is_shown=Source.is_any_connected),
    Entry(
        title=_("Other systems"),
        url_name="admin:other_systems_source_changelist",
        icon="cable",
        position=20,
        permissions=("other_systems.add_source",),
        is_shown=is_none_connected,
    ),
)
