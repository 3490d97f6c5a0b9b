"""Failures, budget, slices: what waits is worked off once, and nothing is lost."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from contacts.models import Company
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.webhooks import address, applying, confirming, draining, inbox
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from tests.support.factories import make_company, make_connection
from tests.webhooks.posting import drain, now, paths, post, stamp, states

pytestmark = pytest.mark.django_db(transaction=True)


LONG_AGO = timezone.now() - timedelta(days=30)


def refuse(connection: Connection) -> Any:
    raise RuntimeError("no client here")


def test_a_failure_is_kept_with_its_traceback_and_listed(
    connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    event = post(connection, "company_updated", {"id": 1001}, now())
    with patch.object(applying, "apply", side_effect=RuntimeError("a fault of ours")):
        for _ in range(draining.MOST_TRIES):
            WebhookEvent.objects.update(retry_at=None)
            drain(connection)
            drain(connection)  # too early
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("failed", draining.MOST_TRIES)
    assert "Traceback" in put_into_words(event.error)
    assert "a fault of ours" in put_into_words(event.error)
    assert event.retry_at is not None
    assert event.retry_at > timezone.now() + timedelta(minutes=50)


def test_one_object_that_fails_keeps_the_others_from_nothing(connection: Connection, simulator: Simulator) -> None:
    simulator.faults.add(Fault("error_500", path="/companies/1001/", times=20))
    simulator.faults.add(Fault("malformed_json", path="/companies/1002/", times=20))
    for company in (1001, 1002, 1003):
        post(connection, "company_updated", {"id": company}, now())
    drain(connection)
    found = dict(WebhookEvent.objects.values_list("remote_id", "state"))
    assert found == {1001: "applied", 1002: "applied", 1003: "done"}
    assert set(WebhookEvent.objects.exclude(error__isnull=True).values_list("remote_id", flat=True)) == {1001, 1002}


def test_an_offorte_that_is_away_is_not_asked_for_more(connection: Connection, simulator: Simulator) -> None:
    simulator.faults.add(Fault("unavailable_503_html", times=99))
    for company in (1001, 1002):
        post(connection, "company_updated", {"id": company}, now())
    OrmQ.objects.all().delete()
    drain(connection)
    assert set(paths(simulator)) == {"/companies/1001/"}
    assert states() == {"applied": 2}
    assert not OrmQ.objects.exists()  # the sweep does


def test_a_client_that_can_not_be_made_is_tried_again(connection: Connection) -> None:
    post(connection, "company_updated", {"id": 1001}, now())
    drain(connection, make_client=refuse)
    event = WebhookEvent.objects.get()
    assert (event.state, event.attempts) == ("applied", 1)
    assert "no client here" in put_into_words(event.error)


def test_an_account_that_has_to_reconnect_goes_on_hearing(connection: Connection, account: Account) -> None:
    Connection.objects.update(state=Connection.State.RECONNECT)
    connection.refresh_from_db()
    make_company(connection, remote_id=1001, as_of=LONG_AGO)
    for _ in range(3):
        post(connection, "company_updated", {"id": 1001, "name": "Nieuw"}, now())
        drain(connection)
        WebhookEvent.objects.update(retry_at=None)
    assert Company.objects.get().name == "Nieuw"
    assert set(WebhookEvent.objects.values_list("state", "attempts")) == {("applied", 0)}
    Connection.objects.update(state=Connection.State.CONNECTED)
    drain(connection)
    assert set(states()) == {"done"}
    assert Company.objects.get().name == account.companies[1001]["name"]


def test_a_disconnected_account_is_let_go(connection: Connection) -> None:
    post(connection, "company_updated", {"id": 1001, "name": "Nieuw"}, now())
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    drain(connection)
    assert states() == {"ignored": 1}
    assert not Company.objects.exists()
    draining.drain(424242)


def test_while_the_budget_is_spent_only_events_are_applied(
    connection: Connection, simulator: Simulator, settings: Settings
) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 3
    for company in range(1001, 1008):
        post(connection, "company_updated", {"id": company}, now())
    drain(connection, seconds=1)
    assert states()["applied"] > 0
    assert 0 < len(paths(simulator)) <= 3
    assert WebhookEvent.objects.exclude(error__isnull=True).count() == 0


def test_a_short_wait_for_the_budget_is_waited_for(connection: Connection, simulator: Simulator) -> None:
    simulator.faults.add(Fault("rate_limited", times=1, retry_after=1))
    post(connection, "company_updated", {"id": 1001}, now())
    drain(connection, seconds=20)
    assert states() == {"done": 1}


def test_an_object_is_left_for_a_moment_after_its_last_event(connection: Connection, simulator: Simulator) -> None:
    post(connection, "company_updated", {"id": 1001}, now())
    drain(connection, settle=60, seconds=0.1)
    assert paths(simulator) == []
    WebhookEvent.objects.update(applied_at=timezone.now() - confirming.LONGEST_WAIT)
    drain(connection, settle=60, seconds=0.1)
    assert paths(simulator) == ["/companies/1001/"]


def test_the_slice_ends_and_the_rest_gets_a_task(connection: Connection) -> None:
    for company in range(1001, 1001 + draining.BATCH + 1):
        post(connection, "product_updated", {"id": company}, now())
    drain(connection, seconds=0)
    assert states() == {"done": draining.BATCH, "received": 1}
    assert OrmQ.objects.count() == 1


def test_only_one_process_works_on_an_account(connection: Connection) -> None:
    post(connection, "product_updated", {"id": 1}, now())
    until = timezone.now() + timedelta(minutes=1)
    Drain.objects.create(connection=connection, queue="events", lease="another", lease_until=until)
    drain(connection)
    assert states() == {"received": 1}


def test_the_sweep_queues_what_was_lost(connection: Connection) -> None:
    other = make_connection("hout")
    inbox.sweep()
    assert not OrmQ.objects.exists()
    post(connection, "product_updated", {"id": 1}, now())
    WebhookEvent.objects.update(state="failed")
    post(connection, "product_updated", {"id": 2}, now())
    WebhookEvent.objects.filter(state="received").update(retry_at=timezone.now() + timedelta(minutes=1))
    inbox.sweep()
    assert not OrmQ.objects.exists()
    post(connection, "product_updated", {"id": 3}, now())
    post(other, "company_updated", {"id": 3}, now())
    WebhookEvent.objects.filter(connection=other).update(state="applied")
    inbox.sweep()
    assert sorted(task.task["args"] for task in OrmQ.objects.all()) == [(connection.pk,), (other.pk,)]


def test_when_it_was_last_heard_of_is_noted(connection: Connection) -> None:
    address.ensure(connection)
    drain(connection)
    assert WebhookEndpoint.objects.get().heard_at is None
    post(connection, "product_updated", {"id": 1}, now())
    drain(connection)
    assert WebhookEndpoint.objects.get().heard_at is not None


def test_a_follower_that_fails_keeps_no_event_back(connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    at = now() - timedelta(minutes=5)
    data = {"id": 1001, "status": "won"}
    with patch("offorte_portal.activity.followers.note", side_effect=RuntimeError("a fault")) as note:
        post(connection, "proposal_won", data, at)
        post(connection, "product_updated", {"id": 1}, at)
        drain(connection, make_client=refuse)
    happened_at = at.replace(microsecond=0)
    assert note.call_args.kwargs == {
        "connection_id": connection.pk,
        "name": "proposal_won",
        "remote_id": 1001,
        "happened_at": happened_at,
        "status": "won",
    }
    assert "activity could not follow" in caplog.text
    assert states() == {"applied": 1, "done": 1}
    assert stamp(happened_at)
