"""What is selected to be copied stays so while an Offorte account is being connected."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage import default_storage
from django.test import Client, RequestFactory

from offorte_portal.connections import hooks
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import kept_selection
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.pages.quote_page import MAY_COPY as RIGHTS
from tests.other_systems.pages.quotes.pages import COPY, QUOTES, told
from tests.other_systems.sources import member
from tests.support.factories import make_connection

pytestmark = pytest.mark.django_db
SELECTION = "/quotes/selection/"


@pytest.fixture
def pks(load: Callable[..., Source]) -> list[int]:
    """Three quotes, of a portal without a connected account."""
    source = load()
    Connection.objects.all().delete()
    return sorted(source.quotes.values_list("pk", flat=True))[:3]


def select(client: Client, pks: list[int]) -> str:
    response = client.post(QUOTES, {"bulk": "quotes.copy", "select_across": "0", "_selected_action": pks})
    return client.get(response["Location"]).content.decode()


def test_it_is_kept_and_gone_on_with_once_an_account_is_connected(client: Client, pks: list[int]) -> None:
    page = select(client, pks)
    assert "Connect an Offorte account first" in page
    assert "/connections/connection/add/" in page
    page = told(client, QUOTES)
    assert "3 quotes are still selected" in page
    assert "You can continue when an Offorte account is connected." in page
    make_connection("bouw")
    assert "You can continue when" not in told(client, QUOTES)
    response = client.post(SELECTION)
    assert response["Location"] == f"{COPY}?" + "&".join(f"pk={pk}" for pk in pks)
    assert "3 quotes selected" in client.get(response["Location"]).content.decode()
    assert "still selected" not in told(client, QUOTES)


def test_it_can_be_cleared(client: Client, pks: list[int]) -> None:
    select(client, pks)
    assert client.post(SELECTION, {"discard": "1"})["Location"] == QUOTES
    assert "still selected" not in told(client, QUOTES)
    assert client.post(SELECTION)["Location"] == QUOTES


def test_who_may_not_connect_is_told_whom_to_ask(pks: list[int]) -> None:
    seller = member(*(right.partition(".")[2] for right in RIGHTS))
    page = select(seller, pks)
    assert "Ask an administrator to connect one" in page
    assert "/connections/connection/add/" not in page
    assert member("view_importedquote").post(SELECTION).status_code == 403
    assert seller.get(SELECTION).status_code == 405


def test_an_account_that_is_not_connected_yet_is_led_to(client: Client, pks: list[int]) -> None:
    make_connection("bouw", state=Connection.State.NEW)
    assert 'href="/connections/connection/"' in select(client, pks)


@pytest.mark.parametrize("count", [0, 2])
def test_connecting_an_account_reminds_of_it(count: int, client: Client, rf: RequestFactory, pks: list[int]) -> None:
    request: Any = rf.get("/")
    request.session = client.session
    request._messages = default_storage(request)
    if count:
        kept_selection.keep(request, pks[:count])
    account = make_connection("bouw")
    hooks.run([kept_selection.remind], account, request)
    assert [str(message) for message in get_messages(request)] == (
        ["2 quotes are still selected. Go to Imported quotes to copy them after the first sync."] if count else []
    )
    assert kept_selection.remind in [room.connected for room in hooks.ROOMS]
