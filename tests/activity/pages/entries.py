"""People who may see what happens to proposals, what happens, and what they are told of it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission, User
from django.utils import timezone

from offorte_portal.activity.models import Activity, Notification
from proposals.models import Proposal

Kind = Activity.Kind


def make_user(email: str, *permissions: str) -> User:
    user = User.objects.create_user(email.partition("@")[0], email, is_staff=True, first_name="Sanne")
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return user


def make_entry(proposal: Proposal, kind: Kind = Kind.VIEWED, minutes: float = 5, **columns: Any) -> Activity:
    """Something that happened so many minutes ago."""
    at = columns.pop("at", timezone.now() - timedelta(minutes=minutes))
    defaults = {"person": "Chuck", "is_client": True, "owner_key": proposal.owner_key}
    return Activity.objects.create(
        connection=proposal.connection,
        proposal=proposal,
        kind=kind,
        happened_at=at,
        key=f"{kind}:{at.isoformat()}:{Activity.objects.count()}",
        **(defaults | columns),
    )


def tell(user: User, entry: Activity | None, **columns: Any) -> Notification:
    return Notification.objects.create(user=user, activity=entry, **columns)
