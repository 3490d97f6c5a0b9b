from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register

register(
    Group.SELL,
    list_of(
        "other_systems.importedquote",
        _("Imported quotes"),
        icon="files",
        position=30,
        children=(list_of("other_systems.partymatch", _("Their customers")),),
    ),
)
register(Group.SETTINGS, list_of("other_systems.source", _("Other systems"), icon="cable", position=20))
