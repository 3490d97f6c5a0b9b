"""The bell in the frame, and how many notifications are unread."""

from typing import Any

from django import template

from offorte_portal.activity.pages.notifications import may_see, unread_count
from offorte_portal.adminkit.staffview import staff_user

register = template.Library()


@register.inclusion_tag("activity/_bell.html", takes_context=True)
def bell(context: template.Context) -> dict[str, Any]:
    """A way to one's notifications that says how many are unread; nothing for who may not see proposals."""
    request = context["request"]
    if not may_see(staff_user(request)):
        return {}
    return {"unread_count": unread_count(request)}
