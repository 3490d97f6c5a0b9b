"""Where secrets may be sent to."""

import os

import pytest
from django.apps import apps
from oauthlib.oauth2 import is_secure_transport
from pytest_django import Settings

from offorte_portal.api.errors import NotConnected
from offorte_portal.connections.oauth.address import is_confidential, require_confidential


@pytest.mark.parametrize(
    "url",
    [
        "https://bouw.offorte.com/oauth2",
        "http://127.0.0.1:8000/x",
        "http://127.9.9.9/",
        "http://localhost/",
        "http://bouw.localhost:9000",
        "http://[::1]:8000/",
    ],
)
def test_nobody_can_listen(url: str) -> None:
    assert is_confidential(url)
    assert require_confidential(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://bouw.offorte.com/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://evil.example/?localhost",
        "http://127.0.0.1@evil.example/",
        "ftp://localhost/",
        "https://",
        "",
    ],
)
def test_somebody_could_listen(url: str) -> None:
    assert not is_confidential(url)
    with pytest.raises(NotConnected):
        require_confidential(url)


def test_development_is_no_excuse(settings: Settings) -> None:
    settings.DEBUG = True
    with pytest.raises(NotConnected):
        require_confidential("http://simulator:9000/")


LOOPBACK = ("http://127.0.0.1:9000/api/v1/{account}", "http://{account}.localhost:9000/oauth2")
OFFORTE = ("https://connect.offorte.com/api/v1/{account}", "https://{account}.offorte.com/oauth2")


@pytest.mark.parametrize("before", ["", "0", "1"])
@pytest.mark.parametrize(
    ("urls", "is_on"),
    [
        (LOOPBACK, True),
        (OFFORTE, False),
        ((LOOPBACK[0], OFFORTE[1]), False),
        ((OFFORTE[0], LOOPBACK[1]), False),
        (("http://connect.offorte.example/{account}", LOOPBACK[1]), False),
        (("https://127.0.0.1/api/v1/{account}", "https://127.0.0.1/{account}"), False),
    ],
)
def test_plain_http_is_for_a_simulator_on_this_machine_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, urls: tuple[str, str], is_on: bool, before: str
) -> None:
    settings.OFFORTE_API_URL, settings.OFFORTE_OAUTH_URL = urls
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", before)
    apps.get_app_config("offorte_oauth").ready()
    assert is_secure_transport("http://127.0.0.1/") == is_on
    assert ("OAUTHLIB_INSECURE_TRANSPORT" in os.environ) == is_on
