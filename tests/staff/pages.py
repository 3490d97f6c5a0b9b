"""What the form of a member of staff posts."""

from django.contrib.auth.models import User

from offorte_portal.staff import rights
from offorte_portal.staff.models import OfforteUserLink

LIST = "/auth/user/"


def url(user: User, action: str = "change") -> str:
    return f"{LIST}{user.pk}/{action}/"


def values(user: User, **changes: object) -> dict[str, object]:
    links = OfforteUserLink.objects.filter(user=user)
    fields: dict[str, object] = {
        "username": user.username,
        "first_name": user.first_name or "Voornaam",
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on",
        "role": rights.role_of(user),
        "groups": [group.pk for group in rights.other_groups(user)],
        **{f"offorte_{link.connection_id}": link.remote_id for link in links},
    }
    return fields | changes
