"""What the tests of pages about other systems share."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client

from offorte_portal.other_systems.models import Source
from offorte_portal.simulator.sources import SourceSimulator


def sign_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1:8000"})
    client.force_login(user)
    return client


def member(*permissions: str) -> Client:
    """A member of staff who holds these permissions, by codename."""
    user = User.objects.create_user(f"member-{User.objects.count()}", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return sign_in(user)


def connect(other: SourceSimulator, system: str = "workspace", **fields: Any) -> Source:
    defaults = {
        "label": system.title(),
        "base_url": other.systems[system].url,
        "secret": other.systems[system].secret,
        "requests_per_second": 0,
    }
    return Source.objects.create(system=system, **(defaults | fields))
