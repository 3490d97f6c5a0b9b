"""A portal that moved to another address still knows its own webhook, and no other."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from offorte_portal.webhooks import address, registration
from offorte_portal.webhooks.forms import is_own
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint
from tests.webhooks.registration.conftest import check, urls

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]


def move(settings: Settings, url: str = "https://new.example") -> None:
    settings.PORTAL_URL = url


@pytest.mark.parametrize("others", [0, 9])
def test_a_portal_that_moved_changes_the_address_of_its_webhook(
    connection: Connection, account: Account, settings: Settings, others: int
) -> None:
    before = check(connection)
    for number in range(others):
        account.create_webhook(f"https://crm.example/{number}")
    move(settings)
    after = check(connection)
    assert (after.state, after.remote_id) == ("active", before.remote_id)
    assert account.webhooks[after.remote_id or 0]["payload_url"] == f"https://new.example{address.PATH}{after.token}/"
    assert len(account.webhooks) == 1 + others
    assert registration.is_current(after)


def test_a_portal_moved_with_a_new_secret_knows_its_webhook(
    connection: Connection, account: Account, settings: Settings
) -> None:
    address.rotate(check(connection))
    move(settings)
    after = check(connection)
    assert urls(account) == [(f"https://new.example{address.PATH}{after.token}/", True)]


@pytest.mark.parametrize("lost", [{"remote_id": None}, {"token_hash": "0" * 64, "previous_hash": ""}])
def test_a_portal_moved_from_a_backup_knows_its_webhook(
    connection: Connection, account: Account, settings: Settings, lost: dict[str, object]
) -> None:
    check(connection)
    WebhookEndpoint.objects.update(**lost)
    move(settings)
    after = check(connection)
    assert urls(account) == [(address.full_url(after), True)]


def test_the_webhook_of_another_portal_is_left_alone(
    connection: Connection, account: Account, settings: Settings
) -> None:
    theirs = "https://other.example/webhooks/offorte/another-portals-secret-1234567890/"
    account.create_webhook(theirs)
    check(connection)
    move(settings)
    for _ in range(2):
        endpoint = check(connection)
    assert urls(account) == [(theirs, True), (address.full_url(endpoint), True)]


def test_the_administrators_page_knows_a_moved_portals_own(
    connection: Connection, account: Account, settings: Settings
) -> None:
    account.create_webhook("https://other.example/webhooks/offorte/another-portals-secret-1234567890/")
    check(connection)
    move(settings)
    assert [is_own(webhook) for webhook in Webhook.objects.order_by("remote_id")] == [False, True]
