from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Group, list_of, register

register(
    Group.CATALOGUE,
    list_of(
        "catalog.product",
        _("Products"),
        icon="package",
        key="d",
        children=(
            list_of("catalog.productdirectory", _("Directories")),
            list_of("catalog.vatgroup", _("VAT groups")),
        ),
    ),
)
