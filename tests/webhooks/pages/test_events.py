"""The pages of what Offorte posted: who sees them, what they show, what can be asked there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.webhooks import address
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.reasons import EndpointReason, EventReason
from tests.support.factories import make_company, make_connection, make_staff
from tests.webhooks.posting import drain, post, post_raw

LIST = "/webhooks/webhookevent/"


@pytest.fixture
def client(db: None) -> Client:
    cache.clear()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    return client


def show(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def told(response: object) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))  # type: ignore[attr-defined]


def test_an_events_page_shows_its_body_and_what_came_of_it(client: Client) -> None:
    connection = make_connection("bouw")
    company = make_company(connection, remote_id=5)
    at = timezone.now() - timedelta(minutes=3)
    event = post(connection, "company_updated", {"id": 5, "name": "<b>De Vries</b>"}, at)
    drain(connection)
    page = show(client, f"{LIST}{event.pk}/change/")
    assert "company_updated" in page
    assert "&lt;b&gt;De Vries&lt;/b&gt;" in page
    assert f"/contacts/company/{company.pk}/change/" in page
    assert "Applied, to be confirmed" in page


@pytest.mark.parametrize(
    ("body", "text"), [(b"\xff\xfe\x00?", "\ufffd"), (b"x" * 60_000, "…"), (b"", "body was empty")]
)
def test_any_body_can_be_looked_at(client: Client, body: bytes, text: str) -> None:
    event = post_raw(make_connection("bouw"), body)
    assert text in show(client, f"{LIST}{event.pk}/change/")


def test_a_failure_shows_its_traceback_and_is_processed_again(client: Client) -> None:
    connection = make_connection("bouw")
    event = post(connection, "company_updated", {"id": 5})
    WebhookEvent.objects.update(
        state="failed", error=EventReason.FAULT(traceback="Traceback: a fault of ours"), attempts=12
    )
    page = show(client, f"{LIST}{event.pk}/change/")
    assert "Traceback: a fault of ours" in page
    response = client.post(f"/events/{event.pk}/replay/")
    assert response["Location"] == f"{LIST}{event.pk}/change/"
    event.refresh_from_db()
    assert (event.state, event.attempts, event.error) == ("received", 0, None)


def test_the_list_shows_events_and_failures_apart(client: Client) -> None:
    connection = make_connection("bouw", label="Demo Bouw")
    address.ensure(connection)
    post(connection, "company_updated", {"id": 5})
    post_raw(connection, b"?")
    drain(connection)
    failed = post(connection, "product_updated", {"id": 6})
    WebhookEvent.objects.filter(pk=failed.pk).update(state="failed", name="product_updated")
    page = show(client, LIST)
    for text in ("company_updated", "Companies #5", "This is not JSON.", "Demo Bouw", "Not registered yet", "1 failed"):
        assert text in page
    page = show(client, f"{LIST}?state=failed")
    assert "product_updated #" in page
    assert "company_updated #" not in page
    client.post("/events/replay-failures/")
    assert not WebhookEvent.objects.filter(state="failed").exists()


def test_events_that_wait_for_long_make_one_ask_for_the_worker(client: Client) -> None:
    post(make_connection("bouw"), "company_updated", {"id": 5})
    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(minutes=10))
    page = show(client, LIST)
    assert "is the worker running?" in page
    assert "No event yet" in page


def test_the_failures_of_the_chosen_account_are_processed_again(client: Client) -> None:
    connections = [make_connection("bouw"), make_connection("hout")]
    for connection in connections:
        post(connection, "company_updated", {"id": 5})
    WebhookEvent.objects.update(state="failed")
    show(client, f"{LIST}?account={connections[0].account}")
    client.post(f"/events/replay-failures/?account={connections[0].account}")
    states = dict(WebhookEvent.objects.values_list("connection__account", "state"))
    assert states["bouw"] == "received"


def test_viewers_see_nothing_of_it_and_nothing_is_asked_by_get(client: Client) -> None:
    connection = make_connection("bouw")
    event = post(connection, "company_updated", {"id": 5})
    paths = [f"/events/{event.pk}/replay/", "/events/replay-failures/"]
    paths += [f"/events/accounts/{connection.pk}/{name}/" for name in ("check", "rotate")]
    assert {client.get(path).status_code for path in paths} == {405}
    for role in ("Viewer", "Seller", "Manager"):
        user = User.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        other = Client(headers={"host": "127.0.0.1"})
        other.force_login(user)
        assert {other.post(path).status_code for path in paths} == {403}
        assert {other.get(path).status_code for path in (LIST, f"{LIST}{event.pk}/change/")} == {403}
    for path in (f"{LIST}add/", f"{LIST}{event.pk}/delete/"):
        assert client.get(path).status_code == 403
    assert client.get(f"{LIST}{'9' * 40}/change/").status_code == 302


def test_administrators_may_replay(db: None) -> None:
    event = post(make_connection("bouw"), "company_updated", {"id": 5})
    user = User.objects.create_user("anna", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    assert "Process again" in show(client, f"{LIST}{event.pk}/change/")
    assert client.post(f"/events/{event.pk}/replay/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_webhook_is_looked_after_and_given_another_secret(
    client: Client, simulator: Simulator, connect: Callable[..., Connection]
) -> None:
    connection = connect()
    account = simulator.account("bouw")
    account.webhooks.clear()
    response = client.post(f"/events/accounts/{connection.pk}/check/")
    assert "registered and active" in told(response)
    before = WebhookEndpoint.objects.get()
    response = client.post(f"/events/accounts/{connection.pk}/rotate/")
    assert "registered and active" in told(response)
    after = WebhookEndpoint.objects.get()
    assert after.token != before.token
    assert [webhook["payload_url"] for webhook in account.webhooks.values()] == [address.full_url(after)]
    simulator.faults.add(Fault("unavailable_503_html", times=9))
    response = client.post(f"/events/accounts/{connection.pk}/rotate/")
    assert "check with Offorte just now" in told(response)
    simulator.faults.clear()
    account.webhooks.clear()
    for number in range(10):
        account.create_webhook(f"https://crm.example/{number}")
    response = client.post(f"/events/accounts/{connection.pk}/check/")
    assert str(EndpointReason.TOO_MANY.label) in told(response)
    assert not OrmQ.objects.exists()
