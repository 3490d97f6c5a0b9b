"""Processing bodies from files, and removing old events."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product
from offorte_portal.webhooks import applying, retention
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.reasons import EventReason
from tests.support.factories import make_connection, make_staff
from tests.webhooks.posting import drain, post

pytestmark = pytest.mark.django_db(transaction=True)
BODY = '{"type": "product_updated", "date_created": "2026-03-02 10:30:00", "data": {"id": 5, "price": "12.50"}}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(BODY)
    return path


def replay(*arguments: object) -> str:
    output = StringIO()
    call_command("replay_webhook", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_bodies_are_processed_whether_they_came_before_or_not(file: Path) -> None:
    connection = make_connection("bouw")
    for _ in range(2):
        output = replay(file)
        assert "product_updated" in output
        assert "Done" in output
    assert WebhookEvent.objects.count() == 1
    assert Product.objects.get(connection=connection).price is not None


def test_the_account_has_to_be_clear(file: Path) -> None:
    with pytest.raises(CommandError, match="Available: none"):
        replay(file)
    make_connection("bouw")
    hout = make_connection("hout")
    with pytest.raises(CommandError, match="bouw, hout"):
        replay(file)
    replay(file, "--account", "hout")
    assert WebhookEvent.objects.get().connection == hout
    with pytest.raises(CommandError, match="bouw, hout"):
        replay(file, "--account", "gras")


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    make_connection("bouw")
    with pytest.raises(CommandError, match="No such file"):
        replay(tmp_path / "nothing.json")


def test_a_failure_is_told_and_ends_with_one(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_connection("bouw")
    output = StringIO()
    with patch.object(applying, "apply", side_effect=RuntimeError("a fault")), pytest.raises(SystemExit) as caught:
        call_command("replay_webhook", str(file), stdout=output)
    assert caught.value.code == 1
    assert "RuntimeError: a fault" in output.getvalue()


def test_old_events_are_removed_but_not_open_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    connection = make_connection("bouw")
    for number in range(5):
        post(connection, "product_updated", {"id": number})
    drain(connection)
    post(connection, "product_updated", {"id": 9})
    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(days=40))
    post(connection, "product_updated", {"id": 10})
    output = StringIO()
    call_command("prune", stdout=output)
    assert "Removed 5 webhook events.\n" in output.getvalue()
    assert WebhookEvent.objects.count() == 2


@pytest.mark.parametrize("days", ["0", "-1", "soon", "99999999"])
def test_the_age_has_to_be_days(days: str) -> None:
    with pytest.raises(CommandError, match="whole number of days"):
        call_command("prune", f"--days={days}")


def test_bodies_are_emptied_after_a_week_and_say_so() -> None:
    connection = make_connection("bouw")
    old, new = (post(connection, "product_updated", {"id": number}, "2026-03-02 10:30:00") for number in (1, 2))
    waiting = post(connection, "product_updated", {"id": 3}, "2026-03-02 10:30:00")
    drain(connection)
    WebhookEvent.objects.filter(pk=waiting.pk).update(state="received")
    WebhookEvent.objects.exclude(pk=new.pk).update(received_at=timezone.now() - timedelta(days=8))
    assert retention.empty_old_bodies() == 1
    for event in (old, new, waiting):
        event.refresh_from_db()
    assert (bytes(old.body), old.name, old.remote_id, old.result) == (b"", "product_updated", 1, EventReason.APPLIED())
    assert (old.has_lost_body, new.has_lost_body, waiting.has_lost_body) == (True, False, False)
    assert retention.empty_old_bodies() == 0


def test_what_has_lost_its_body_is_not_processed_again(client: Client, file: Path) -> None:
    connection = make_connection("bouw")
    replay(file)
    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(days=8), state="failed")
    retention.empty_old_bodies()
    event = WebhookEvent.objects.get()
    client.force_login(make_staff())
    page = client.get(f"/webhooks/webhookevent/{event.pk}/change/").content.decode()
    assert "kept for 7 days" in page
    assert f"{event.pk}/replay/" not in page
    for url in (reverse("event_replay", args=[event.pk]), reverse("event_replay_failures")):
        assert "can’t be processed again" in client.post(url, follow=True).content.decode()
        event.refresh_from_db()
        assert event.state == "failed"
    assert "Done" in replay(file)
    assert WebhookEvent.objects.get(connection=connection).body
