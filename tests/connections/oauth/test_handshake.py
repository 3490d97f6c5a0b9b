"""The handshake, from the button to a connected account, over HTTP with the simulator."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.provider import OfforteProvider
from offorte_portal.sync.models import SyncRun
from tests.connections.oauth.conftest import Browser

Prepared = Callable[..., Connection]
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_connects_an_account(visitor: Browser, prepared: Prepared, administrator: User) -> None:
    prepared()
    page = visitor.connect()
    connection = Connection.objects.get()
    assert connection.is_connected
    assert connection.connected_by == administrator
    assert connection.access_token in visitor.simulator.account("bouw").tokens.issued()
    assert connection.refresh_token in visitor.simulator.account("bouw").tokens.issued()
    assert "Bouw is connected" in page.content.decode()
    assert SyncRun.objects.get().trigger == SyncRun.Trigger.CONNECT
    assert [request.path for request in visitor.simulator.requests if request.path == "/hello"]


def test_who_may_not_watch_the_sync_comes_to_the_account(
    visitor: Browser, prepared: Prepared, administrator: User
) -> None:
    administrator.user_permissions.remove(Permission.objects.get(codename="view_syncrun"))
    connection = prepared()
    page = visitor.connect()
    assert page.redirect_chain[-1][0].endswith(f"/connection/{connection.pk}/change/")  # type: ignore[attr-defined]
    assert page.status_code == 200


def test_consent_is_asked_for_with_state_and_pkce_only(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    query = parse_qs(urlsplit(visitor.begin()).query, keep_blank_values=True)
    assert query.pop("state")
    assert query.pop("code_challenge")
    assert query == {
        "client_id": ["bouw-client"],
        "redirect_uri": ["http://127.0.0.1:8000/offorte/bouw/callback/"],
        "response_type": ["code"],
        "code_challenge_method": ["S256"],
    }


def test_what_the_address_asks_for_is_ignored(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    url = visitor.begin(
        query="?process=login&next=//evil.example/&scope=all&auth_params=client_id%3Devil%26redirect_uri%3Dx"
    )
    query = parse_qs(urlsplit(url).query)
    assert query["client_id"] == ["bouw-client"]
    assert "scope" not in query
    page = visitor.come_back(visitor.consent(url))
    assert page.status_code == 200
    assert page.redirect_chain[-1][0].endswith(f"/syncrun/{SyncRun.objects.get().pk}/change/")  # type: ignore[attr-defined]
    assert visitor.portal.session["_auth_user_id"] == str(User.objects.get().pk)


def test_pkce_can_be_switched_off(visitor: Browser, prepared: Prepared, settings: Settings) -> None:
    settings.OFFORTE_OAUTH_PKCE = False
    prepared()
    assert "code_challenge" not in visitor.begin()
    visitor.connect()
    assert Connection.objects.get().is_connected


def test_an_offorte_without_state_needs_the_switch(visitor: Browser, prepared: Prepared, settings: Settings) -> None:
    visitor.simulator.switches.echoes_state = False
    prepared()
    visitor.connect()
    assert not Connection.objects.get().is_connected
    settings.OFFORTE_OAUTH_STATE = False
    visitor.connect()
    assert Connection.objects.get().is_connected


def test_looking_at_the_page_begins_nothing(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    page = visitor.portal.get("/offorte/bouw/login/")
    assert page.status_code == 200
    assert "http://127.0.0.1:8000/offorte/bouw/callback/" in page.content.decode()
    assert "Connect to Offorte" in page.content.decode()
    assert "socialaccount_states" not in visitor.portal.session


def test_the_callback_takes_no_post(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    assert visitor.portal.post("/offorte/bouw/callback/").status_code == 405


def test_an_account_that_does_not_exist_is_not_found(visitor: Browser) -> None:
    assert visitor.portal.get("/offorte/nobody/login/").status_code == 404
    assert visitor.portal.get("/offorte/nobody/callback/?code=x&state=y").status_code == 404


def test_another_administrator_reconnects(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    visitor.connect()
    first = Connection.objects.get()
    User.objects.all().delete()
    other = User.objects.create_superuser("bram", "bram@example.com", "pw")
    Browser(visitor.simulator, other).connect()
    second = Connection.objects.get()
    assert second.connected_by == other
    assert second.access_token != first.access_token
    assert second.token_version == first.token_version + 1


def test_offorte_is_never_a_login(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    visitor.portal.logout()
    page = visitor.come_back(url)
    assert "_auth_user_id" not in visitor.portal.session
    assert "code=" not in page.redirect_chain[-1][0]  # type: ignore[attr-defined]
    assert not Connection.objects.get().is_connected
    assert User.objects.count() == 1


def test_who_may_not_connect_accounts_is_turned_away(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    user = User.objects.create_user("carla", password="pw", is_staff=True)
    visitor.portal.force_login(user)
    for method in (visitor.portal.get, visitor.portal.post):
        assert method("/offorte/bouw/login/").status_code == 403
    assert visitor.portal.get("/offorte/bouw/callback/?code=x&state=y").status_code == 403


def test_who_lost_the_permission_meanwhile_connects_nothing(
    visitor: Browser, prepared: Prepared, administrator: User
) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    administrator.user_permissions.clear()
    assert visitor.come_back(url).status_code == 403
    assert not Connection.objects.get().access_token


def test_accounts_are_not_offered_as_logins(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    assert visitor.portal.get("/accounts/3rdparty/").status_code == 404
    visitor.portal.logout()
    page = visitor.portal.get("/accounts/login/").content.decode()
    assert "bouw" not in page
    assert "Offorte" not in page.replace("Offorte Portal", "")


def test_an_account_may_be_called_like_the_provider(visitor: Browser, prepared: Prepared) -> None:
    visitor.simulator.add_account(OfforteProvider.id, visitor.simulator.sizes["bouw"])
    prepared()
    prepared(OfforteProvider.id)
    visitor.connect(OfforteProvider.id)
    assert Connection.objects.get(account=OfforteProvider.id).is_connected
    assert not Connection.objects.get(account="bouw").is_connected
