from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Entry, Group, register
from offorte_portal.compose.pages.approvals import count_approvals

register(
    Group.SELL,
    Entry(
        title=_("Drafts"),
        url_name="compose_drafts",
        icon="file-pen-line",
        position=40,
        permissions=("proposals.add_proposal",),
    ),
    Entry(
        title=_("Approvals"),
        url_name="approvals",
        icon="stamp",
        position=50,
        permissions=("compose.approve_proposal",),
        count=count_approvals,
    ),
)
