from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register

register(Group.SETTINGS, list_of("connections.connection", _("Offorte accounts"), icon="plug", position=10))
