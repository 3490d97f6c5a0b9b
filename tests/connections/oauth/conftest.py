"""A browser of an administrator, which is at the portal and at Offorte."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator

HOST = "127.0.0.1:8000"  # of PORTAL_URL


class Browser:
    """The portal's pages by Django's test client, Offorte's over HTTP."""

    def __init__(self, simulator: Simulator, user: User) -> None:
        self.simulator = simulator
        self.portal = Client(headers={"host": HOST})
        self.portal.force_login(user)

    def begin(self, account: str = "bouw", query: str = "") -> str:
        """Press the button; return the address of Offorte's consent page."""
        response = self.portal.post(f"/offorte/{account}/login/{query}")
        assert response.status_code == 302, response.status_code
        return str(response["Location"])

    def consent(self, url: str, *, account: str = "bouw", action: str = "approve") -> str:
        """Sign in at Offorte and answer; return the address to which it leads back."""
        remote = self.simulator.account(account)
        with requests.Session() as offorte:
            page = offorte.post(
                url, data={"action": "login", "email": remote.user_email, "password": remote.password}, timeout=5
            )
            session = re.search(r'name="session" value="([^"]+)"', page.text)
            assert session, page.text
            answer = offorte.post(url, data={"action": action, "session": session[1]}, timeout=5, allow_redirects=False)
        return answer.headers["Location"]

    def come_back(self, url: str) -> HttpResponse:
        """Go to the callback and on to where it leads; return that page."""
        parts = urlsplit(url)
        assert parts.netloc == HOST
        return self.portal.get(parts.path, dict(parse_qsl(parts.query)), follow=True)  # type: ignore[return-value]

    def connect(self, account: str = "bouw") -> HttpResponse:
        """The whole handshake."""
        return self.come_back(self.consent(self.begin(account), account=account))


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who may connect accounts."""
    user = User.objects.create_user("anna", "anna@example.com", "pw", is_staff=True)
    names = ["authorise_connection", "view_connection", "change_connection", "add_connection", "view_syncrun"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


@pytest.fixture
def visitor(simulator: Simulator, administrator: User) -> Browser:
    """The administrator's visitor."""
    return Browser(simulator, administrator)


@pytest.fixture
def prepared(simulator: Simulator, db: None) -> Callable[..., Connection]:
    """Makes an account as the form leaves it, before the handshake."""

    def make(account: str = "bouw", **columns: str) -> Connection:
        remote = simulator.account(account)
        defaults = {"client_id": remote.client_id, "client_secret": remote.client_secret}
        return Connection.objects.create(account=account, **(defaults | columns))

    return make
