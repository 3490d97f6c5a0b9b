from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offorte_portal.activity.models import Notification
from offorte_portal.activity.pages.notifications import unread_count
from offorte_portal.activity.reading import PERMISSION
from offorte_portal.adminkit.accounts import annotate
from offorte_portal.adminkit.navigation import Entry, Group, register


def count_unread(request: HttpRequest) -> Coalesce:
    """Count the person's unread notifications, the same for every account."""
    unread = Notification.objects.filter(user=request.user.pk, read_at__isnull=True).order_by().values("user")
    return Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), 0)


annotate("unread", count_unread)
register(
    Group.SELL,
    Entry(
        title=_("Activity"),
        url_name="activity",
        icon="activity",
        position=90,
        permissions=(PERMISSION,),
        count=unread_count,
        badge_id="nav-unread",
    ),
)
