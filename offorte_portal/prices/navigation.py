from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Entry, Group, extend, register
from offorte_portal.prices.memory import VIEW

extend(
    Group.INSIGHT,
    "reports",
    Entry(title=_("Products that win"), url_name="report_products", permissions=(VIEW,)),
)
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
