from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Entry, Group, register

register(
    Group.SETTINGS,
    Entry(
        title=_("Shared prices"),
        url_name="price_groups",
        icon="tags",
        position=95,
        permissions=("prices.view_pricegroup",),
    ),
)
