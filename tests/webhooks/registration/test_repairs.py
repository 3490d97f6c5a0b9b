"""A webhook that was switched off, changed or deleted is repaired, and who has to know is told once."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks import address
from offorte_portal.webhooks.models import WebhookEndpoint
from offorte_portal.webhooks.reasons import EndpointReason
from tests.webhooks.registration.conftest import check, urls

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]


def test_a_switched_off_webhook_is_repaired_and_its_gap_synced(
    connection: Connection, account: Account, mailoutbox: list[EmailMessage]
) -> None:
    endpoint = check(connection)
    account.deactivate_webhook(endpoint.remote_id or 0)
    check(connection)
    assert urls(account) == [(address.full_url(endpoint), True)]
    assert SyncRun.objects.get().trigger == SyncRun.Trigger.SCHEDULE
    (mail,) = mailoutbox
    assert mail.bcc == ["anna@bouw.example"]
    assert "repaired" in mail.subject
    assert str(EndpointReason.SWITCHED_OFF.label) in mail.body
    assert endpoint.token not in mail.body
    # Switched off again before anybody has seen it work: the same trouble, told already.
    account.deactivate_webhook(endpoint.remote_id or 0)
    check(connection)
    assert len(mailoutbox) == 1
    # Well for an hour, then off again: another one.
    check(connection)
    account.deactivate_webhook(endpoint.remote_id or 0)
    check(connection)
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("cause", ["events", "address", "secret"])
def test_a_webhook_that_was_changed_is_repaired_and_its_gap_read(
    connection: Connection, account: Account, mailoutbox: list[EmailMessage], settings: Settings, cause: str
) -> None:
    check(connection)
    Connection.objects.update(unseen_until=None)
    (webhook,) = account.webhooks.values()
    if cause == "events":
        webhook["events"] = ["company_created"]
    elif cause == "secret":
        webhook["payload_url"] = f"{settings.PORTAL_URL}/webhooks/offorte/guessed/"
    else:
        settings.PORTAL_URL = "http://127.0.0.1:9"
    endpoint = check(connection)
    connection.refresh_from_db()
    assert connection.unseen_until is not None
    assert (webhook["payload_url"], webhook["events"]) == (address.full_url(endpoint), ["all"])
    assert SyncRun.objects.count() == 1
    assert str(EndpointReason.CHANGED.label) in mailoutbox[0].body


def test_a_new_secret_is_no_gap(connection: Connection, account: Account, mailoutbox: list[EmailMessage]) -> None:
    endpoint = check(connection)
    Connection.objects.update(unseen_until=None)
    address.rotate(endpoint)
    endpoint = check(connection)
    connection.refresh_from_db()
    assert urls(account) == [(address.full_url(endpoint), True)]
    assert (connection.unseen_until, SyncRun.objects.count(), len(mailoutbox)) == (None, 0, 0)


def test_a_webhook_that_was_deleted_is_registered_anew(
    connection: Connection, account: Account, mailoutbox: list[EmailMessage]
) -> None:
    account.delete_webhook(check(connection).remote_id or 0)
    endpoint = check(connection)
    assert urls(account) == [(address.full_url(endpoint), True)]
    assert str(EndpointReason.MISSING.label) in mailoutbox[0].body
    assert SyncRun.objects.count() == 1


def test_a_rotated_address_is_told_to_offorte(connection: Connection, account: Account) -> None:
    before = check(connection)
    after = address.rotate(before)
    check(connection)
    assert urls(account) == [(address.full_url(after), True)]
    assert not SyncRun.objects.exists()  # nothing was missed: both are good for a while


def test_no_mail_is_told_again_next_time(
    connection: Connection, account: Account, mailoutbox: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = check(connection)
    account.deactivate_webhook(endpoint.remote_id or 0)
    with patch("django.core.mail.EmailMessage.send", side_effect=OSError("no server")):
        check(connection)
    assert WebhookEndpoint.objects.get().alerted_at is None
    account.deactivate_webhook(endpoint.remote_id or 0)
    check(connection)
    assert len(mailoutbox) == 1
