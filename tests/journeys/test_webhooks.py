"""Over real HTTP: the simulated Offorte posts to the portal, the portal follows; and what if it could not for a day."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.mail import EmailMessage

from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.webhooks import MOST_ATTEMPTS
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks import address, registration
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.registration import check_webhook
from proposals.models import Comment
from tests.sync.comparison import assert_mirrored
from tests.webhooks.posting import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registered(portal: str, synced: Connection) -> Connection:
    """The mirrored account, whose webhook leads to the live portal."""
    cache.clear()
    address._known.clear()
    endpoint = registration.check(synced, lane=Lane.PERSON)
    assert endpoint.state == "active"
    assert address.full_url(endpoint).startswith(portal)
    return synced


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def has_tried(simulator: Simulator, times: int) -> bool:
    return len(simulator.webhooks.attempts) >= times


def test_what_a_prospect_asks_is_in_the_portal_at_once(registered: Connection, simulator: Simulator) -> None:
    account = simulator.account("bouw")
    account.comment(1001, "Chuck Norris", "Are there no surprises in the costs?")
    simulator.clock.advance(3)  # Offorte waits two seconds for more
    wait_for(WebhookEvent.objects.exists)
    wait_for(lambda: simulator.webhooks.attempts)
    assert simulator.webhooks.attempts[-1].status == 200
    drain(registered)
    assert Comment.objects.filter(comment="Are there no surprises in the costs?").exists()
    assert WebhookEvent.objects.get().state == WebhookEvent.State.DONE


def test_a_webhook_that_was_off_for_a_day_is_repaired(
    registered: Connection, simulator: Simulator, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.create_superuser("ada", "ada@bouw.example")
    account = simulator.account("bouw")
    (webhook,) = account.webhooks
    good = WebhookEndpoint.objects.get().token_hash
    WebhookEndpoint.objects.update(token_hash="as if the portal were away")
    address._known.clear()
    account.update_person(next(iter(account.people)), city="Breda")
    simulator.clock.advance(24 * 3600)
    wait_for(lambda: len(simulator.webhooks.attempts) >= 1)
    for number in range(2, MOST_ATTEMPTS + 1):
        simulator.clock.advance(24 * 3600)
        wait_for(partial(has_tried, simulator, number))
    wait_for(lambda: not account.webhooks[webhook]["active"])
    assert {attempt.status for attempt in simulator.webhooks.attempts} == {404}
    account.create_company(name="Of the day that was missed")
    WebhookEndpoint.objects.update(token_hash=good)
    check_webhook(registered.pk)
    assert account.webhooks[webhook]["active"]
    run = SyncRun.objects.get(state__in=SyncRun.ACTIVE)
    work.sync_now(run)
    check_webhook(registered.pk)
    assert_mirrored(account, registered)
    assert [mail.subject for mail in mailoutbox] == ["Webhook of bouw repaired"]
    account.update_company(1002, city="Breda")
    simulator.clock.advance(3)
    wait_for(WebhookEvent.objects.exists)
