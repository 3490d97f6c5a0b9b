"""The bell in the frame, with the number of unread notifications."""

from typing import Any

from django import template

from offorte_portal.activity.pages.notifications import may_see, unread_count
from offorte_portal.adminkit.staffview import staff_user

register = template.Library()


@register.inclusion_tag("activity/_bell.html", takes_context=True)
def bell(context: template.Context) -> dict[str, Any]:
    """Show a link to one's notifications with the number unread; nothing if the person may not see proposals."""
    request = context["request"]
    if not may_see(staff_user(request)):
        return {}
    return {"unread_count": unread_count(request)}
