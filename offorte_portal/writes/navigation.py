from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register

register(Group.SETTINGS, list_of("writes.operation", _("Change log"), icon="scroll-text", position=40))
