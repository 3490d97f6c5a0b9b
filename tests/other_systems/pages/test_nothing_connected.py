"""A portal without another system shows nothing of other systems, except to who may connect one."""

import pytest
from django.test import Client

from offorte_portal.other_systems.models import Source
from tests.other_systems.sources import member, sign_in
from tests.support.factories import make_staff
from tests.support.quotes import make_source

pytestmark = pytest.mark.django_db
QUOTES, CUSTOMERS, SYSTEMS = "/other_systems/importedquote/", "/other_systems/partymatch/", "/other_systems/source/"
PAGES = ("/", "/proposals/proposal/")


def links(client: Client) -> set[str]:
    """The addresses of other systems to which the navigation and the palette lead."""
    pages = "".join(client.get(page).content.decode() for page in PAGES)
    pages += client.get("/palette/").content.decode()
    return {url for url in (QUOTES, CUSTOMERS, SYSTEMS) if f'"{url}"' in pages}


def seller() -> Client:
    return member("view_importedquote", "view_partymatch", "view_source", "view_proposal", "view_company")


def test_a_seller_sees_them_once_one_is_connected() -> None:
    client = seller()
    assert links(client) == set()
    assert "ther systems" not in client.get("/board/").content.decode()
    source = make_source()
    assert links(client) == {QUOTES, CUSTOMERS, SYSTEMS}
    source.delete()
    assert links(client) == set()


def test_who_may_connect_one_is_led_to_that_only() -> None:
    client = sign_in(make_staff("anna"))
    assert links(client) == {SYSTEMS}
    make_source()
    assert links(client) == {QUOTES, CUSTOMERS, SYSTEMS}
    assert Source.is_any_connected()
