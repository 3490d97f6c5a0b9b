"""A handshake that fails: a clear message, a recorded reason, and what was connected before stays connected."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from django.contrib.messages import get_messages
from django.http import HttpResponse
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth import session
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault
from offorte_portal.sync.models import SyncRun
from offorte_portal.text.reason import Reason
from tests.connections.oauth.conftest import Browser

Prepared = Callable[..., Connection]
pytestmark = pytest.mark.django_db(transaction=True)


def told(page: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(page.wsgi_request))  # type: ignore[attr-defined]


def assert_refused(visitor: Browser, page: HttpResponse, reason: str) -> None:
    """The reason is shown, on a page whose address holds nothing secret, and kept."""
    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == "/offorte/bouw/login/"  # type: ignore[attr-defined]
    assert "was not connected" in page.content.decode()
    connection = Connection.objects.get(account="bouw")
    assert reason in put_into_words(connection.state_reason)
    assert put_into_words(connection.state_reason) in page.content.decode().replace("&#x27;", "'")
    assert connection.state == Connection.State.NEW
    assert not connection.access_token
    assert not SyncRun.objects.exists()


def token_requests(visitor: Browser) -> list[str]:
    return [request.path for request in visitor.simulator.requests if "token" in request.path]


def test_consent_that_is_denied(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    page = visitor.come_back(visitor.consent(visitor.begin(), action="deny"))
    assert_refused(visitor, page, "granted in Offorte")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("server_error", "could not answer"),
        ("unauthorized_client", "allow this app to connect"),
        ("made_up<script>", "gave no reason"),
    ],
)
def test_an_error_instead_of_a_code(visitor: Browser, prepared: Prepared, code: str, reason: str) -> None:
    prepared()
    state = parse_qs(urlsplit(visitor.begin()).query)["state"][0]
    page = visitor.portal.get("/offorte/bouw/callback/", {"error": code, "state": state}, follow=True)
    assert_refused(visitor, page, reason)  # type: ignore[arg-type]
    assert "<script>" not in page.content.decode().partition("toasts")[2]


@pytest.mark.parametrize("state", ["", "made-up"])
def test_a_state_that_does_not_match_is_never_exchanged(visitor: Browser, prepared: Prepared, state: str) -> None:
    prepared()
    query = parse_qs(urlsplit(visitor.consent(visitor.begin())).query)
    page = visitor.portal.get("/offorte/bouw/callback/", {"code": query["code"][0], "state": state}, follow=True)
    assert "belong to a connection that you started" in page.content.decode()
    assert page.redirect_chain[-1][0] == "/offorte/bouw/login/"
    assert Connection.objects.get().state_reason is None
    assert not token_requests(visitor)


def test_a_state_is_good_for_one_answer(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    visitor.come_back(url)
    version = Connection.objects.get().token_version
    page = visitor.come_back(url)
    assert "Nothing was changed: bouw is still connected" in page.content.decode()
    assert "belong to a connection that you started" in page.content.decode()
    connection = Connection.objects.get()
    assert connection.is_connected
    assert connection.state_reason is None
    assert connection.token_version == version


@pytest.mark.parametrize(
    "query", [{"error": "access_denied"}, {"error": "server_error", "state": "x"}, {"code": "x"}, {}]
)
@pytest.mark.parametrize("state", [Connection.State.NEW, Connection.State.CONNECTED, Connection.State.RECONNECT])
def test_a_callback_that_nobody_asked_for_leaves_nothing(
    visitor: Browser, prepared: Prepared, query: dict[str, str], state: str
) -> None:
    prepared()
    Connection.objects.update(state=state, state_reason=Reason("as_it_was"))
    page = visitor.portal.get("/offorte/bouw/callback/", query, follow=True)
    assert "belong to a connection that you started" in page.content.decode()
    connection = Connection.objects.get()
    assert (connection.state, connection.state_reason) == (state, Reason("as_it_was"))


def test_a_stray_answer_does_not_end_what_was_begun(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    visitor.portal.get("/offorte/bouw/callback/", {"error": "access_denied"}, follow=True)
    visitor.come_back(url)
    assert Connection.objects.get().is_connected


def test_a_code_of_one_account_is_never_posted_to_another(visitor: Browser, prepared: Prepared) -> None:
    visitor.simulator.add_account("zuid", visitor.simulator.sizes["bouw"])
    prepared()
    prepared("zuid")
    visitor.begin("bouw")
    url = visitor.consent(visitor.begin("zuid"), account="zuid")
    page = visitor.come_back(url.replace("/offorte/zuid/", "/offorte/bouw/"))
    assert "belong to a connection that you started" in page.content.decode()
    assert not token_requests(visitor)


def test_a_code_that_has_expired(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    visitor.simulator.clock.advance(601)
    assert_refused(visitor, visitor.come_back(url), "no longer accepts")


def test_a_wrong_secret(visitor: Browser, prepared: Prepared) -> None:
    prepared(client_secret="wrong")
    assert_refused(visitor, visitor.connect(), "refused the client ID or the client secret")


def test_an_account_name_that_offorte_does_not_know(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    del visitor.simulator.accounts["bouw"]
    assert_refused(visitor, visitor.come_back(url), "Check the account name")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("unavailable_503_html"), "Try again later"),
        (Fault("error_500"), "Try again later"),
        (Fault("rate_limited"), "any more requests"),
        (Fault("malformed_json"), "contains no token"),
        (Fault("html_200"), "contains no token"),
        (Fault("empty_body"), "contains no token"),
        (Fault("missing_field", name="access_token"), "contains no token"),
        (Fault("null_field", name="access_token"), "contains no token"),
        (Fault("unknown_field", name="access_token", value="two\nlines"), "contains no token"),
        (Fault("unknown_field", name="refresh_token", value=7), "no readable refresh token"),
        (Fault("unknown_field", name="error", value="invalid_scope"), "(invalid_scope)"),
        (Fault("unknown_field", name="filler", value="x" * 70_000), "too long"),
        (Fault("status", status=400), "refused to issue a token"),
        (Fault("redirect", location="https://evil.example/"), "doesn’t understand"),
        (Fault("drop_before"), "lost"),
        (Fault("drop_after"), "lost"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_trouble_at_the_token_endpoint(visitor: Browser, prepared: Prepared, fault: Fault, reason: str) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    fault.path = "/oauth2/token"
    visitor.simulator.faults.add(fault)
    assert_refused(visitor, visitor.come_back(url), reason)
    assert len(token_requests(visitor)) == 1


def test_an_answer_that_takes_for_ever(visitor: Browser, prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared()
    monkeypatch.setattr(session, "LONGEST_ANSWER", -1)
    assert_refused(visitor, visitor.connect(), "taking too long")


def test_a_token_that_offorte_then_refuses_is_not_stored(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    visitor.simulator.faults.add(Fault("status", status=401, path="/hello", times=None))
    assert_refused(visitor, visitor.connect(), "no longer accepts")


def test_offorte_that_went_away_during_the_handshake(visitor: Browser, prepared: Prepared, settings: Settings) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    settings.OFFORTE_OAUTH_URL = "http://127.0.0.1:9/{account}/oauth2"
    assert_refused(visitor, visitor.come_back(url), "can’t be reached")


def test_a_failed_reconnect_leaves_the_connection_as_it_was(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    visitor.connect()
    before = Connection.objects.get()
    visitor.simulator.faults.add(Fault("unavailable_503_html", path="/oauth2/token"))
    page = visitor.connect()
    after = Connection.objects.get()
    assert "was not connected" in page.content.decode()
    assert after.is_connected
    assert (after.access_token, after.refresh_token) == (before.access_token, before.refresh_token)
    assert "Try again later" in put_into_words(after.state_reason)


@pytest.mark.parametrize("keys", [[], [Fernet.generate_key().decode()]])
def test_without_the_key_the_page_says_what_to_do(
    visitor: Browser, prepared: Prepared, settings: Settings, keys: list[str]
) -> None:
    prepared()
    settings.PORTAL_ENCRYPTION_KEYS = keys
    assert visitor.portal.get("/offorte/bouw/login/").status_code == 200
    page = visitor.portal.post("/offorte/bouw/login/")
    assert page.status_code == 200
    assert "encryption key for this account is missing" in page.content.decode()


def test_a_key_that_is_lost_between_the_two_ends(visitor: Browser, prepared: Prepared, settings: Settings) -> None:
    prepared()
    url = visitor.consent(visitor.begin())
    keys = settings.PORTAL_ENCRYPTION_KEYS
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    page = visitor.come_back(url)
    assert "encryption key for this account is missing" in page.content.decode()
    settings.PORTAL_ENCRYPTION_KEYS = keys
    assert not Connection.objects.get().is_connected


def test_nobody_is_sent_to_an_offorte_without_https(visitor: Browser, prepared: Prepared, settings: Settings) -> None:
    prepared()
    settings.OFFORTE_OAUTH_URL = "http://{account}.offorte.example/oauth2"
    page = visitor.portal.post("/offorte/bouw/login/")
    assert page.status_code == 200
    assert "use https" in page.content.decode()


def test_another_host_name_is_pointed_to_the_right_one(visitor: Browser, prepared: Prepared) -> None:
    prepared()
    page = visitor.portal.get("/offorte/bouw/login/", headers={"host": "localhost"}).content.decode()
    assert 'href="http://127.0.0.1:8000/offorte/bouw/login/"' in page
    assert "<form method" not in page.partition("steps")[2].partition("</section>")[0]
