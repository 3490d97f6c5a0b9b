from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register
from proposals.pages.badge import count_proposals

register(
    Group.SELL,
    list_of(
        "proposals.proposal",
        _("Proposals"),
        icon="file-text",
        position=20,
        count=count_proposals,
        key="p",
        is_phone=True,
    ),
)
register(
    Group.SETTINGS,
    list_of(
        "proposals.proposaltemplate",
        _("Templates & users"),
        icon="layout-template",
        position=70,
        children=(
            list_of("proposals.proposaltemplate", _("Proposal templates")),
            list_of("proposals.designtemplate", _("Design templates")),
            list_of("proposals.texttemplate", _("Text templates")),
            list_of("proposals.emailtemplate", _("E-mail templates")),
            list_of("proposals.automationset", _("Automation sets")),
            list_of("proposals.accountuser", _("Offorte users")),
        ),
    ),
)
