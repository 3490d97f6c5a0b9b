"""The pages of webhook events in a browser: accessible, at any width, in light and dark."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.webhooks import address
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.reasons import EventReason
from tests.journeys.steps import LOOKS, Scheme
from tests.webhooks.posting import drain, post, post_raw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def events(connect: Callable[..., Connection], simulator: Simulator) -> Connection:
    """One event of each fate, of an account whose webhook is alive."""
    connection = connect()
    address.ensure(connection)
    WebhookEndpoint.objects.update(state="active")
    account = simulator.account("bouw")
    post(connection, "proposal_comment_received", account.render_proposal_details(1001), timezone.now())
    post(connection, "company_updated", account.render_company(1001), timezone.now())
    drain(connection)
    post_raw(connection, json.dumps({"type": "invoice_paid", "data": {}}).encode())
    drain(connection)
    failed = post(connection, "product_updated", {"id": 5, "price": "12.50"}, timezone.now())
    error = EventReason.FAULT(traceback="Traceback (most recent call last):\n  …\nOperationalError: database is locked")
    WebhookEvent.objects.filter(pk=failed.pk).update(state="failed", name="product_updated", error=error, attempts=12)
    post(connection, "product_updated", {"id": 6}, timezone.now())
    return connection


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_events_can_be_looked_at_anywhere(
    portal: str,
    events: Connection,
    administrator: User,
    page: Page,
    axe: Callable[[Page], None],
    no_motion: None,
    size: ViewportSize,
    scheme: Scheme,
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)
    width = size["width"]
    page.goto(f"{portal}/webhooks/webhookevent/")
    expect(page.get_by_role("heading", name="Webhook status")).to_be_visible()
    axe(page)
    keep(page, f"events-{width}-{scheme}")
    failed = WebhookEvent.objects.get(state="failed")
    page.goto(f"{portal}/webhooks/webhookevent/{failed.pk}/change/")
    axe(page)
    keep(page, f"event-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Process again").press("Enter")
    expect(page.get_by_text("This event is being processed again.")).to_be_visible()
    failed.refresh_from_db()
    assert failed.state == WebhookEvent.State.RECEIVED


def keep(page: Page, name: str) -> None:
    """A picture, where a folder for pictures is named."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
