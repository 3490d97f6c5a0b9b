"""How many notifications the person of a request has not read."""

from django.contrib.auth.models import User
from django.http import HttpRequest

from offorte_portal.activity.reading import PERMISSION
from offorte_portal.adminkit.accounts import available


def may_see(user: User) -> bool:
    """Whether the person may know what happens to proposals."""
    return user.has_perm(PERMISSION)


def unread_count(request: HttpRequest) -> int:
    """The person's unread notifications; without an account there is nothing to be told of. No query of its own."""
    return max((getattr(connection, "unread", 0) for connection in available(request)), default=0)
