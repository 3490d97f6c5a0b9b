"""How the portal asks other systems, and where its secrets go."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from offorte_portal.http import Client
from offorte_portal.http import client as client_module
from offorte_portal.other_systems.systems import http as http_module
from offorte_portal.other_systems.systems.errors import (
    Busy,
    Malformed,
    Missing,
    Refused,
    Rejected,
    SourceError,
    Unavailable,
    WrongAddress,
)
from offorte_portal.other_systems.systems.http import Access, Header, Http, post_for_token
from offorte_portal.other_systems.systems.interface import Reader
from offorte_portal.simulator.sources import SourceSimulator


@pytest.fixture
def http(other: SourceSimulator) -> Any:
    slept: list[float] = []
    made = Http(other.workspace.url, Access(Header("X-Secret", "very-secret")), sleep=slept.append)
    made.slept = slept  # type: ignore[attr-defined]
    yield made
    made.close()


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("status", {"status": 401}, Refused),
        ("status", {"status": 403}, Refused),
        ("status", {"status": 404}, Missing),
        ("status", {"status": 410}, Missing),
        ("status", {"status": 422}, Rejected),
        ("status", {"status": 500}, Unavailable),
        ("unavailable_503_html", {}, Unavailable),
        ("drop_before", {}, Unavailable),
        ("rate_limited", {}, Busy),
        ("html_200", {}, WrongAddress),
        ("malformed_json", {}, Malformed),
        ("redirect", {"location": "/elsewhere"}, WrongAddress),
    ],
)
def test_every_failure_has_its_meaning(
    http: Any, other: SourceSimulator, kind: Any, options: dict[str, Any], error: type[SourceError]
) -> None:
    other.workspace.secret = "very-secret"
    other.workspace.is_allowed = lambda asked: True  # type: ignore[method-assign]
    other.add_fault(kind, times=None, **options)
    with pytest.raises(error) as caught:
        http.get("/quotations.json")
    assert type(caught.value) is error
    assert "127.0.0.1" not in str(caught.value)


def test_what_passes_is_repeated_twice_with_growing_pauses(http: Any, other: SourceSimulator) -> None:
    other.add_fault("unavailable_503_html", times=None)
    with pytest.raises(Unavailable):
        http.get("/quotations.json")
    assert (http.count, len(other.requests)) == (3, 3)
    assert 0.5 <= http.slept[0] <= 0.75
    assert 1.5 <= http.slept[1] <= 2.25


def test_a_short_wait_is_slept_a_long_one_is_the_callers(http: Any, other: SourceSimulator) -> None:
    other.add_fault("rate_limited", retry_after=3)
    other.add_fault("rate_limited", retry_after=60)
    with pytest.raises(Busy) as caught:
        http.get("/quotations.json")
    assert http.slept == [3.0]
    assert caught.value.retry_after == 60


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("Wed, 21 Oct 2099 07:28:00 GMT", 86_400), ("soon", None), ("-5", None), ("99999999", 86_400)],
)
def test_retry_after_in_any_form(http: Any, other: SourceSimulator, given: str, seconds: float | None) -> None:
    other.add_fault("rate_limited", retry_after=given, times=None)
    with pytest.raises(Busy) as caught:
        http.get("/quotations.json")
    assert caught.value.retry_after == seconds


def test_requests_are_spread(other: SourceSimulator) -> None:
    slept: list[float] = []
    http = Http(other.url + "/workspace", Access(Header("X", "y")), requests_per_second=2, sleep=slept.append)
    for _ in range(3):
        with pytest.raises(Refused):
            http.get("/quotations.json")
    http.close()
    assert len(slept) == 2
    assert all(0.3 < pause <= 0.5 for pause in slept)


def test_an_answer_that_is_too_long(http: Any, other: SourceSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "LARGEST_PAGE", 1000)
    other.workspace.is_allowed = lambda asked: True  # type: ignore[method-assign]
    with pytest.raises(Malformed, match="too_long"):
        http.get("/quotations.json")


def test_a_large_list_is_read_from_disk(http: Any, other: SourceSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "IN_MEMORY", 100)
    other.workspace.is_allowed = lambda asked: True  # type: ignore[method-assign]
    assert http.get("/quotations.json").data["response"]["data"]["count"] == 12


@pytest.mark.parametrize("secret", ["line\nbreak", "snow\N{SNOWMAN}man"])
def test_a_secret_that_no_header_can_hold(secret: str) -> None:
    with pytest.raises(Refused) as caught:
        Header("X-Token", secret)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://api.example.com", "not_confidential"),
        ("https://127.1", "private"),
        ("https://2130706433", "private"),
        ("https://169.254.169.254", "private"),
        ("https://user:pw@api.example.com", "wrong_address"),
        ("https://[", "wrong_address"),
    ],
)
def test_where_no_secret_is_sent(url: str, message: str, settings: Settings) -> None:
    settings.PORTAL_PRIVATE_NETWORKS = ()
    http = Http(url, Access(Header("X-Secret", "very-secret")))
    with pytest.raises(WrongAddress, match=message):
        http.get("/quotations.json")
    with pytest.raises(WrongAddress, match=message):
        post_for_token(url, Header("X-Secret", "very-secret"), {})
    http.close()


def test_a_download_never_leads_into_a_private_network(
    reader_of: Callable[..., Reader], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = reader_of("fynn")
    monkeypatch.setattr(Client, "is_private", lambda self, url: False)
    with SourceSimulator(quotes=2) as storage:
        other.fynn.storage_url = f"{storage.url}/fynn/media"
        with pytest.raises(WrongAddress, match="private"):
            reader.download("01J9ZK7Q4M0000000000000051")
        assert storage.requests == []


def test_a_download_goes_on_without_the_secret(other: SourceSimulator, reader_of: Callable[..., Reader]) -> None:
    reader = reader_of("fynn")
    assert reader.download("01J9ZK7Q4M0000000000000051").content.startswith(b"%PDF")
    with SourceSimulator(quotes=2) as storage:
        storage.systems["fynn"].is_allowed = lambda asked: True  # type: ignore[method-assign]
        other.fynn.storage_url = f"{storage.url}/fynn/media"
        storage.systems["fynn"].route(r"/media/([0-9A-Z]+)", storage.fynn.get_media)
        assert reader.download("01J9ZK7Q4M0000000000000051").content.startswith(b"%PDF")
        (request,) = storage.requests
    assert "authorization" not in request.headers
    assert other.fynn.secret not in repr(request)


@pytest.mark.parametrize("key", ["../offers", "a b", "", "x" * 65])
def test_keys_of_documents_are_no_paths(reader_of: Callable[..., Reader], other: SourceSimulator, key: str) -> None:
    with pytest.raises(Missing):
        reader_of("fynn").download(key)
    assert other.requests == []


def test_administrate_makes_its_own_address_for_a_pdf(reader_of: Callable[..., Reader], other: SourceSimulator) -> None:
    reader = reader_of("administrate")
    assert reader.download("quote-100").content.startswith(b"%PDF")
    assert reader.download("document-1-1").content == b"<p>Terms</p>"
    for key in ("quote-x", "document-1-99", "other-1", "document-99-1"):
        with pytest.raises(Missing):
            reader.download(key)
    assert other.sent("administrate")[0] == "GET /api/v2.5/crm/opportunities/quotes/100/render_pdf"


def test_a_token_is_posted_for_and_a_wrong_secret_is_refused(other: SourceSimulator) -> None:
    url = f"{other.cirrus.url}/oauth/token"
    client = Header("Authorization", "Basic Y2lycnVzLWNsaWVudDpjaXJydXMtY2xpZW50LXNlY3JldC0x")
    fields = {"grant_type": "client_credentials"}
    assert post_for_token(url, client, fields)["access_token"] == "cirrus-bearer-1"
    with pytest.raises(Refused):
        post_for_token(url, Header("Authorization", "Basic eDp5"), fields)
    for kind, error in (
        ("unavailable_503_html", Unavailable),
        ("html_200", WrongAddress),
        ("drop_before", Unavailable),
    ):
        other.add_fault(kind)  # type: ignore[arg-type]
        with pytest.raises(error):
            post_for_token(url, client, fields)
    other.add_fault("redirect", location="https://elsewhere.example/")
    with pytest.raises(WrongAddress):
        post_for_token(url, client, fields)


def test_cirrus_asks_for_another_token_once(reader_of: Callable[..., Reader], other: SourceSimulator) -> None:
    options = {"authentication": "oauth", "client_id": other.cirrus.client_id}
    url = f"{other.cirrus.url}/oauth/token"
    reader = reader_of("cirrus", secret=other.cirrus.client_secret, token="old", token_url=url, **options)
    assert len(reader.read_page("").items) == 12
    assert other.sent("cirrus") == ["GET /quotes", "POST /oauth/token", "GET /quotes"]
    other.cirrus.is_allowed = lambda asked: False  # type: ignore[method-assign]
    with pytest.raises(Refused):
        reader.read_page("")
    assert len(other.sent("cirrus")) == 6
