"""An account without webhooks, the people who are told of ours, and short ways to check it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection as database

from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.staff.roles import grant
from offorte_portal.webhooks import registration
from offorte_portal.webhooks.models import WebhookEndpoint

Connect = Callable[..., Connection]


@pytest.fixture
def account(simulator: Simulator) -> Account:
    for webhook in list(simulator.account("bouw").webhooks):
        simulator.account("bouw").delete_webhook(webhook)
    return simulator.account("bouw")


@pytest.fixture
def connection(account: Account, connect: Connect) -> Connection:
    cache.clear()
    grant(apps, database.SchemaEditorClass(database))
    for name, role in (("anna", "Administrator"), ("sam", "Seller")):
        user = User.objects.create_user(name, f"{name}@bouw.example", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    return connect()


def check(connection: Connection) -> WebhookEndpoint:
    return registration.check(connection, lane=Lane.BACKGROUND)


def urls(account: Account) -> list[tuple[str, bool]]:
    return [(webhook["payload_url"], webhook["active"]) for webhook in account.webhooks.values()]
