from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, extend, list_of, register

extend(Group.SETTINGS, "admin:proposals_proposaltemplate_changelist", list_of("webhooks.webhook", _("Webhooks")))
register(Group.SETTINGS, list_of("webhooks.webhookevent", _("Webhook events"), icon="webhook", position=80))
