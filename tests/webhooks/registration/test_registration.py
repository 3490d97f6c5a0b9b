"""Our webhook at Offorte: there once, alive, and repaired without a person."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection as database
from django_q.models import OrmQ
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.ports import queueing
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks import address, registration
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint
from offorte_portal.webhooks.reasons import EndpointReason
from offorte_portal.webhooks.registration import register_webhook
from tests.webhooks.registration.conftest import check, urls

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]


def test_it_is_registered_once(connection: Connection, account: Account, mailoutbox: list[EmailMessage]) -> None:
    for _ in range(3):
        endpoint = check(connection)
    assert urls(account) == [(f"http://127.0.0.1:8000/webhooks/offorte/{endpoint.token}/", True)]
    assert (endpoint.state, endpoint.reason) == ("active", None)
    assert endpoint.remote_id == next(iter(account.webhooks))
    assert Webhook.objects.get().payload_url == address.concealed_url(endpoint)
    assert registration.is_current(endpoint)
    assert not SyncRun.objects.exists()
    assert mailoutbox == []


def test_what_was_read_before_events_arrived_is_due_again(connection: Connection, account: Account) -> None:
    check(connection)
    connection.refresh_from_db()
    first = connection.unseen_until
    assert first is not None
    check(connection)
    connection.refresh_from_db()
    assert connection.unseen_until == first
    account.update_webhook(next(iter(account.webhooks)), active=False)
    check(connection)
    connection.refresh_from_db()
    assert connection.unseen_until is not None
    assert connection.unseen_until > first


def test_others_are_left_alone(connection: Connection, account: Account) -> None:
    account.create_webhook("https://crm.example/incoming", active=False, events=["company_created"])
    before = account.render_webhook(next(iter(account.webhooks)))
    check(connection)
    assert account.render_webhook(before["id"]) == before
    assert len(account.webhooks) == 2
    assert Webhook.objects.filter(payload_url="https://crm.example/incoming").exists()


@pytest.mark.parametrize("fault", ["drop_after", "slow"])
def test_an_answer_that_is_lost_doubles_nothing(
    connection: Connection, account: Account, simulator: Simulator, fault: str
) -> None:
    if fault == "slow":
        simulator.switches.created_body = "empty"
    else:
        simulator.faults.add(Fault("drop_after", method="POST", times=1))
    assert check(connection).state == "active"
    assert len(account.webhooks) == 1


def test_a_registration_that_did_not_come_through_is_tried_again(
    connection: Connection, account: Account, simulator: Simulator
) -> None:
    simulator.faults.add(Fault("drop_before", method="POST", times=1))
    assert check(connection).state == "new"
    registration.sweep()
    assert [task.task["func"] for task in OrmQ.objects.all()] == [queueing.path_of(register_webhook)]
    register_webhook(connection.pk)
    assert len(account.webhooks) == 1
    OrmQ.objects.all().delete()
    registration.sweep()
    assert not OrmQ.objects.exists()


def test_doubles_of_ours_are_removed_and_the_right_one_stays(connection: Connection, account: Account) -> None:
    endpoint = check(connection)
    account.create_webhook("http://127.0.0.1:8000/webhooks/offorte/forgotten/")
    check(connection)
    assert urls(account) == [(address.full_url(endpoint), True)]
    assert Webhook.objects.present().count() == 1


@pytest.mark.parametrize("is_there", [True, False])
def test_it_is_deleted_before_the_account_is_let_go_of(
    connection: Connection, account: Account, *, is_there: bool
) -> None:
    other = account.create_webhook("https://others.example/hook/")
    remote_id = check(connection).remote_id
    assert remote_id is not None
    if not is_there:
        account.delete_webhook(remote_id)
    assert registration.withdraw(connection)
    assert list(account.webhooks) == [other["id"]]
    assert not Webhook.objects.present().filter(remote_id=remote_id).exists()
    assert registration.withdraw(connection)


def test_a_webhook_that_can_not_be_deleted_is_told_of(
    connection: Connection, account: Account, simulator: Simulator
) -> None:
    check(connection)
    simulator.faults.add(Fault("status", method="DELETE", status=400, times=1))
    assert not registration.withdraw(connection)
    assert len(account.webhooks) == 1


def test_what_an_earlier_installation_left_behind_is_taken_over(connection: Connection, account: Account) -> None:
    account.create_webhook("http://127.0.0.1:8000/webhooks/offorte/forgotten/", events=["company_created"])
    endpoint = check(connection)
    assert urls(account) == [(address.full_url(endpoint), True)]
    assert account.webhooks[next(iter(account.webhooks))]["events"] == ["all"]


def test_the_limit_of_ten_is_explained_once(
    connection: Connection, account: Account, mailoutbox: list[EmailMessage], simulator: Simulator
) -> None:
    for number in range(10):
        account.create_webhook(f"https://crm.example/{number}")
    for _ in range(2):
        endpoint = check(connection)
    assert (endpoint.state, endpoint.reason) == ("broken", EndpointReason.TOO_MANY())
    assert [mail.subject for mail in mailoutbox] == ["Webhook of bouw isn’t working"]
    assert len(account.webhooks) == 10
    account.delete_webhook(next(iter(account.webhooks)))
    assert check(connection).state == "active"


def test_the_tenth_may_be_registered_meanwhile(connection: Connection, account: Account) -> None:
    real = registration.find

    def find(*args: object) -> registration.Found:
        found = real(*args)  # type: ignore[arg-type]
        for number in range(10 - len(account.webhooks)):
            account.create_webhook(f"https://crm.example/{number}")
        return found

    with patch.object(registration, "find", find):
        assert check(connection).reason == EndpointReason.TOO_MANY()


def test_another_refusal_is_told_in_offortes_words(connection: Connection, simulator: Simulator) -> None:
    simulator.faults.add(Fault("status", method="POST", status=400, times=1))
    endpoint = check(connection)
    assert endpoint.state == "broken"
    assert endpoint.reason


@pytest.mark.parametrize("kind", ["unavailable_503_html", "rate_limited"])
def test_what_passes_by_itself_is_not_worth_a_message(
    connection: Connection, simulator: Simulator, mailoutbox: list[EmailMessage], kind: str
) -> None:
    check(connection)
    simulator.faults.add(Fault(kind, times=9))  # type: ignore[arg-type]
    assert check(connection).state == "active"
    assert mailoutbox == []


def test_an_account_that_can_not_be_asked_has_its_own_banner(connection: Connection) -> None:
    Connection.objects.update(state=Connection.State.RECONNECT)
    connection.refresh_from_db()
    assert check(connection).state == "new"


@pytest.mark.parametrize(
    ("portal", "offorte", "is_reached"),
    [
        ("https://portal.example", "https://connect.offorte.com/api/v1/{account}", True),
        ("http://portal.example", "https://connect.offorte.com/api/v1/{account}", False),
        ("http://127.0.0.1:8000", "https://connect.offorte.com/api/v1/{account}", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9/api/v1/{account}", True),
    ],
)
def test_where_offorte_can_post_to(settings: Settings, portal: str, offorte: str, is_reached: bool) -> None:
    settings.PORTAL_URL, settings.OFFORTE_API_URL = portal, offorte
    assert registration.can_be_reached() == is_reached


def test_without_https_it_says_what_to_do(
    connection: Connection, account: Account, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.PORTAL_URL = "http://portal.example"
    endpoint = check(connection)
    assert (endpoint.state, endpoint.reason) == ("broken", EndpointReason.NOT_HTTPS())
    assert account.webhooks == {}
    assert mailoutbox == []


def test_two_processes_do_not_register_at_the_same_time(connection: Connection, account: Account) -> None:
    cache.add(f"webhook-check:{connection.pk}", 1, 60)
    check(connection)
    assert account.webhooks == {}


def test_a_secret_that_no_key_fits_is_replaced(connection: Connection, account: Account) -> None:
    endpoint = check(connection)
    with database.cursor() as cursor:
        cursor.execute("UPDATE webhooks_webhookendpoint SET token = 'unreadable'")
    later = check(connection)
    assert later.token_hash != endpoint.token_hash
    assert later.previous_hash == endpoint.token_hash
    assert urls(account) == [(address.full_url(later), True)]


def test_two_processes_that_make_an_address_make_one(connection: Connection) -> None:
    first = address.ensure(connection)
    with patch.object(WebhookEndpoint.objects, "filter") as found:
        found.return_value.first.return_value = None
        assert address.ensure(connection).token_hash == first.token_hash


def test_each_account_is_looked_at_in_a_task_of_its_own(
    connection: Connection, django_capture_on_commit_callbacks: Any
) -> None:
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        registration.request_all()
    (task,) = OrmQ.objects.all()
    assert (task.func(), task.task["args"]) == (queueing.path_of(registration.check_webhook), (connection.pk,))
