from django.db.models import Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.accounts import annotate
from offorte_portal.adminkit.navigation import Group, list_of, register
from offorte_portal.staff.models import Preferences


def find_list_columns(request: HttpRequest) -> Subquery:
    """Return the columns that the person chose for each list."""
    return Subquery(Preferences.objects.filter(user=request.user.pk).values("list_columns")[:1])


annotate("list_columns", find_list_columns)

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
