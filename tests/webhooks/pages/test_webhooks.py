"""Creating, changing, switching and deleting webhooks at Offorte."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.webhooks.models import Webhook
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.undoing import can_undo
from tests.support.factories import AS_OF, make_staff
from tests.support.forms import Mirror, again, form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db

URL = "https://hooks.example.com/in/secret"
SHOWN = "https://hooks.example.com/in/…2bb80d537b1d"


@pytest.fixture
def connection(mirror: Mirror) -> Connection:
    return mirror("webhooks")


@pytest.fixture
def client(connection: Connection) -> Client:
    return staff_client()


@pytest.fixture
def webhook(client: Client, simulator: Simulator) -> Webhook:
    save(client, form_url(Webhook), payload_url=URL, events=["proposal_won", "proposal_lost"])
    simulator.log.clear()
    return Webhook.objects.get(payload_url=SHOWN)


def test_a_webhook_is_created_with_what_the_reference_names(simulator: Simulator, client: Client) -> None:
    page = save(client, form_url(Webhook), payload_url=URL)
    assert told(page) == [("success", "“hooks.example.com” was created in Offorte.")]
    body = {"payload_url": URL, "payload_content_type": "json", "active": True, "events": ["all"]}
    assert writes_of(simulator) == [("POST", "/webhooks/", body)]
    assert Operation.objects.get().label == "hooks.example.com"


def test_only_what_changed_is_sent(simulator: Simulator, client: Client, webhook: Webhook) -> None:
    save(client, form_url(webhook), events=["proposal_won", "company_created"])
    events = ["company_created", "proposal_won"]
    [(method, path, body)] = writes_of(simulator)
    assert (method, path, sorted(body["events"])) == ("PATCH", f"/webhooks/{webhook.remote_id}/", events)
    assert body.keys() == {"events"}


def switch(client: Client, webhook: Webhook, page: Any, active: str) -> Any:
    data = {"form_state": page.context["switch_state"], "active": active}
    return client.post(f"/webhooks/webhook/{webhook.pk}/switch/", data, follow=True)


def test_a_webhook_is_switched_off_and_on(simulator: Simulator, client: Client, webhook: Webhook) -> None:
    record = f"/webhooks/webhook/{webhook.pk}/change/"
    page = client.get(record)
    assert told(switch(client, webhook, page, "false"))[0][0] == "success"
    switch(client, webhook, page, "false")
    assert "Deactivated" in client.get(record).content.decode()
    switch(client, webhook, page, "true")
    assert [body for _, _, body in writes_of(simulator)] == [{"active": False}, {"active": True}]


def test_the_switch_is_for_who_may_and_for_posts(client: Client, webhook: Webhook) -> None:
    url = f"/webhooks/webhook/{webhook.pk}/switch/"
    assert client.get(url).status_code == 405
    assert staff_client(is_superuser=False).post(url, {"active": "false"}).status_code == 403
    assert Operation.objects.filter(verb="change").count() == 0


@pytest.mark.parametrize("url", ["http://example.com/in", "example.com", "https://", "ftp://example.com", ""])
def test_only_https_is_sent(simulator: Simulator, client: Client, url: str) -> None:
    page = save(client, form_url(Webhook), payload_url=url)
    assert list(page.context["form"].errors) == ["payload_url"]
    assert writes_of(simulator) == []


def test_the_limit_of_ten_is_explained(simulator: Simulator, client: Client, connection: Connection) -> None:
    for number in range(10):
        Webhook.objects.create(connection=connection, remote_id=9000 + number, as_of=AS_OF)
    page = save(client, form_url(Webhook), payload_url=URL)
    assert "Offorte allows 10" in page.content.decode()
    assert writes_of(simulator) == []
    again(client, page, form_url(Webhook))
    assert len(writes_of(simulator)) == 1


def test_a_webhook_is_deleted(simulator: Simulator, client: Client, webhook: Webhook) -> None:
    page = save(client, form_url(webhook, "delete"))
    assert told(page) == [("success", "“hooks.example.com” was deleted in Offorte.")]
    assert writes_of(simulator) == [("DELETE", f"/webhooks/{webhook.remote_id}/", None)]


def test_the_portals_own_address_stays_out_of_forms_and_writes(client: Client, connection: Connection) -> None:
    ours = "http://127.0.0.1:8000/webhooks/offorte/secret-token/"
    row = Webhook.objects.create(
        connection=connection, remote_id=1, as_of=AS_OF, payload_url=ours, is_active=True, events=["all"]
    )
    page = client.get(form_url(row))
    assert "payload_url" not in page.context["form"].fields
    assert "portal’s own webhook" in page.content.decode().replace("&#x27;", "'")
    page = client.get(form_url(row, "delete"))
    assert "own webhook" in page.content.decode()
    save(client, form_url(row), events=["proposal_won"])
    assert "secret" not in str(Operation.objects.values())


def test_the_secret_in_an_address_is_sent_and_never_shown(
    simulator: Simulator, client: Client, webhook: Webhook
) -> None:
    other = "https://hooks.example.com/in/another?key=hush"
    page = save(client, form_url(webhook), payload_url=other)
    assert writes_of(simulator) == [("PATCH", f"/webhooks/{webhook.remote_id}/", {"payload_url": other})]
    operation = Operation.objects.latest("id")
    for url in (form_url(webhook), reverse("admin:writes_operation_change", args=[operation.pk])):
        shown = page.content.decode() + client.get(url).content.decode()
        assert "hooks.example.com" in shown
        assert not any(secret in shown for secret in ("in/secret", "another", "hush"))
    assert "doesn’t store" in str(can_undo(operation))


def test_an_address_that_is_shown_without_its_secret_is_not_sent(
    simulator: Simulator, client: Client, webhook: Webhook
) -> None:
    page = save(client, form_url(webhook), payload_url=SHOWN.replace("/in/", "/out/"))
    assert page.context["form"].errors["payload_url"] == [WriteReason.INCOMPLETE.label]
    assert writes_of(simulator) == []


def test_a_form_sent_twice_makes_one_webhook(simulator: Simulator, client: Client) -> None:
    page = client.get(form_url(Webhook))
    data = {"form_state": page.context["form_state"], "payload_url": URL, "events": ["all"]}
    for _ in range(2):
        client.post(form_url(Webhook), data)
    assert len(writes_of(simulator)) == 1


def test_a_seller_has_no_business_with_webhooks(webhook: Webhook) -> None:
    seller = Client()
    seller.force_login(make_staff(is_superuser=False))
    for view in ("edit", "delete"):
        assert seller.get(form_url(webhook, view)).status_code == 403
        assert seller.post(form_url(webhook, view)).status_code == 403
