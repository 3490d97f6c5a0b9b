from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register

register(
    Group.SETTINGS,
    list_of(
        "auth.user",
        _("Staff"),
        icon="user-cog",
        position=100,
        children=(list_of("staff.securityevent", _("Security log")),),
    ),
)
