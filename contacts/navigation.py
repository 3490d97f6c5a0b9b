from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.navigation import Entry, Group, list_of, register

register(
    Group.CUSTOMERS,
    list_of(
        "contacts.company",
        _("Companies"),
        icon="building-2",
        position=10,
        key="c",
        is_phone=True,
        children=(Entry(title=_("Duplicates"), url_name="duplicates", permissions=("contacts.merge_company",)),),
    ),
    list_of("contacts.person", _("People"), icon="users", position=20, key="m"),
)
