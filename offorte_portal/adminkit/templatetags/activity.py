"""The bell in the frame, and how many notifications are unread."""

from typing import Any, cast

from django import template
from django.contrib.auth.models import User

from offorte_portal.adminkit.unread import may_see, unread_count

register = template.Library()


@register.inclusion_tag("activity/_bell.html", takes_context=True)
def bell(context: template.Context) -> dict[str, Any]:
    """A way to one's notifications that says how many are unread; nothing for who may not see proposals."""
    request = context["request"]
    if not may_see(cast(User, request.user)):
        return {}
    return {"unread_count": unread_count(request)}
