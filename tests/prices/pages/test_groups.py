"""Accounts that share remembered prices."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.prices.models import PriceGroup
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_staff())
    return client


def test_an_administrator_joins_accounts_and_parts_them(client: Client, account: Connection) -> None:
    other = make_connection("interieur")
    client.post("/prices/groups/", {"name": "Groep", "connections": [account.pk]})
    assert not PriceGroup.objects.exists()
    client.post("/prices/groups/", {"name": "Groep", "connections": [account.pk, other.pk]})
    group = PriceGroup.objects.get()
    assert set(group.connections.all()) == {account, other}
    taken = client.post("/prices/groups/", {"name": "Nog een", "connections": [account.pk, make_connection().pk]})
    assert "already shares prices" in taken.content.decode()
    client.post("/prices/groups/", {"group": group.pk, "delete": "1"})
    assert not PriceGroup.objects.exists()
    assert client.post("/prices/groups/", {"group": "x"}).status_code == 404


def test_a_manager_sees_the_groups_and_changes_none(account: Connection) -> None:
    PriceGroup.objects.create(name="Groep").connections.set([account, make_connection("interieur")])
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename="view_pricegroup"))
    client = Client()
    client.force_login(user)
    html = client.get("/prices/groups/").content.decode()
    assert "interieur" in html
    assert "<form" not in html.partition('<div class="content-narrow')[2].partition("</main>")[0]
    assert client.post("/prices/groups/", {"group": PriceGroup.objects.get().pk, "delete": "1"}).status_code == 403
