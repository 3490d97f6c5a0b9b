"""What is written down in the security log, by whom, and without what is secret."""

import io
import json
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from offorte_portal.connections.models import Connection
from offorte_portal.staff import security_log
from offorte_portal.staff.models import SecurityEvent
from tests.support.factories import make_connection, make_staff
from tests.support.signing_in import PASSWORD, code_for, confirm, make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return make_member("anna", email="anna@example.com")


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(make_staff("boss"))
    return client


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))


def latest() -> SecurityEvent:
    return SecurityEvent.objects.order_by("-id")[0]


def test_a_day_of_an_account_is_logged_without_its_secrets(
    client: Client,
    anna: User,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    security_log.logger.addHandler(caplog.handler)
    secrets = [PASSWORD, "another-one-2", "wrong-one-3"]
    sign_in(client, "anna", "wrong-one-3")
    sign_in(client, "anna")
    confirm(client)
    client.get("/accounts/2fa/totp/activate/")
    secrets.append(client.session["mfa.totp.secret"])
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_for(secrets[-1])})
    client.get("/accounts/2fa/recovery-codes/")
    client.get("/accounts/2fa/recovery-codes/download/")
    client.post("/accounts/2fa/recovery-codes/generate/")
    secrets += Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    form = {"oldpassword": PASSWORD, "password1": "another-one-2", "password2": "another-one-2"}
    client.post("/accounts/password/change/", form)
    confirm(client).post("/accounts/2fa/totp/deactivate/")
    secrets += list(Session.objects.values_list("pk", flat=True))
    client.post("/accounts/logout/")
    client.post("/accounts/password/reset/", {"email": "anna@example.com"})
    security_log.logger.removeHandler(caplog.handler)
    assert set(kinds()) >= {
        "sign_in_failed",
        "signed_in",
        "second_factor_added",
        "recovery_codes_made",
        "recovery_codes_viewed",
        "password_changed",
        "second_factor_removed",
        "signed_out",
        "password_reset_asked",
    }
    rows = str(list(SecurityEvent.objects.values()))
    lines = [record.getMessage() for record in caplog.records if record.name == "portal.security"]
    assert len(lines) >= len(kinds())
    assert all(json.loads(line)["event"] for line in lines)
    assert [secret for secret in secrets if secret in rows or secret in "".join(lines)] == []


def test_a_sign_in_tells_how(client: Client, anna: User) -> None:
    sign_in(client, "anna")
    event = latest()
    assert (event.kind, event.by, event.address, event.details) == (
        "signed_in",
        anna,
        "127.0.0.1",
        {"methods": ["password"]},
    )


@pytest.mark.parametrize(
    ("login", "password", "change", "reason"),
    [
        ("anna@example.com", "wrong", {}, "password"),
        ("anna", PASSWORD, {"is_staff": False}, "not_staff"),
        ("anna", PASSWORD, {"is_active": False}, "inactive"),
    ],
)
def test_a_failure_tells_who_and_why(
    client: Client, anna: User, login: str, password: str, change: dict[str, bool], reason: str
) -> None:
    if change:
        User.objects.update(**change)
    sign_in(client, login, password)
    event = latest()
    assert (event.kind, event.by, event.about, event.details["reason"]) == ("sign_in_failed", None, anna, reason)


@pytest.mark.parametrize(
    ("typed", "kept"), [("Passw0rd!today", "Pa…"), ("eve@example.com", "eve@example.com"), ("x", "x")]
)
def test_a_password_that_was_entered_as_a_name_is_not_kept(client: Client, typed: str, kept: str) -> None:
    sign_in(client, typed, "x")
    assert latest().by_name == kept


@pytest.mark.usefixtures("anna")
def test_failures_of_a_name_within_a_minute_are_one_row(client: Client) -> None:
    for _ in range(7):
        sign_in(client, "anna", "wrong")
    sign_in(Client(REMOTE_ADDR="192.0.2.8"), "anna", "wrong")
    rows = SecurityEvent.objects.filter(kind="sign_in_failed").order_by("id")
    assert [(row.address, row.count) for row in rows] == [("127.0.0.1", 7), ("192.0.2.8", 1)]
    assert rows[0].last_at
    assert rows[0].last_at >= rows[0].happened_at
    SecurityEvent.objects.update(happened_at=timezone.now() - security_log.REPEAT)
    sign_in(client, "anna", "wrong")
    assert rows.all().count() == 3


def test_a_flood_of_failures_fills_no_more_than_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "MOST_PER_MINUTE", 5)
    for number in range(12):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), f"name{number}@example.com", "wrong")
    rows = SecurityEvent.objects.order_by("id")
    assert [row.count for row in rows] == [1, 1, 1, 1, 1, 7]
    assert (rows[5].by_name, rows[5].address, rows[5].details) == ("", None, {"reason": "flood"})


@pytest.mark.usefixtures("anna")
def test_a_flood_of_names_hides_no_guess_at_a_member_of_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "MOST_PER_MINUTE", 3)
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), f"name{number}@example.com", "wrong")
    sign_in(Client(REMOTE_ADDR="198.51.100.7"), "anna", "wrong")
    event = latest()
    assert (event.about_name, event.address, event.details) == ("anna", "198.51.100.7", {"reason": "password"})


def test_a_flood_about_one_member_says_whom_and_how_many(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "MOST_PER_MINUTE", 3)
    for number in range(8):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), "anna", "wrong")
    rows = SecurityEvent.objects.order_by("id")
    assert [(row.about, row.count) for row in rows] == [(anna, 1), (anna, 1), (anna, 1), (anna, 5)]
    assert (rows[3].address, rows[3].details) == (None, {"reason": "many_addresses"})
    assert rows[3].last_at


def test_accounts_and_their_secrets(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"account": "bouw", "client_id": "id", "secret": "the-app-secret", "label": ""}
    boss.post("/connections/connection/add/", form)
    connection = Connection.objects.get()
    assert latest().details == {"account": "bouw"}
    boss.post(f"/connections/connection/{connection.pk}/change/", form | {"secret": "another-secret"})
    monkeypatch.setattr(sys, "stdin", io.StringIO("a-third-secret\n"))
    call_command("connect_account", "bouw", client_id="id", client_secret_stdin=True, stdout=io.StringIO())
    assert latest().details == {"account": "bouw", "via": "connect_account"}
    call_command("rotate_keys", stdout=io.StringIO())
    assert latest().details["accounts"] == 1
    boss.post(f"/connections/connection/{connection.pk}/delete/", {"post": "yes"})
    assert kinds() == ["account_added", "secret_changed", "secret_changed", "keys_rotated", "account_removed"]
    assert latest().connection_id == connection.pk
    assert latest().by_name == "boss"
    assert "secret" not in str(list(SecurityEvent.objects.values("details", "by_name", "about_name")))


def test_a_disconnect_and_a_new_webhook_address_are_logged(boss: Client) -> None:
    connection = make_connection("bouw")
    boss.post(f"/events/accounts/{connection.pk}/rotate/")
    boss.post(f"/connections/connection/{connection.pk}/disconnect/", {"mirror": "keep"})
    assert kinds() == ["webhook_rotated", "account_disconnected"]


@pytest.mark.parametrize(
    "credential",
    [
        '{"id": "x"}',
        "[1]",
        '"x"',
        '{"id": null}',
        '{"response": {"userHandle": "////"}}',
        """{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30",
        "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}""",
    ],
)
def test_a_passkey_that_nobody_has(client: Client, credential: str) -> None:
    assert client.post("/accounts/2fa/webauthn/login/", {"credential": credential}).status_code == 302
    assert (latest().kind, latest().details) == ("sign_in_failed", {"reason": "passkey"})


@pytest.mark.parametrize("door", ["authenticate", "webauthn/reauthenticate"])
def test_a_passkey_that_is_not_ones_own(client: Client, anna: User, door: str) -> None:
    Authenticator.objects.create(user=anna, type="totp", data={})
    if door == "authenticate":
        sign_in(client, "anna")
    else:
        Authenticator.objects.create(user=anna, type="webauthn", data={"name": "Laptop", "credential": {}})
        client.force_login(anna)
    response = client.post(f"/accounts/2fa/{door}/", {"credential": '{"id": "x"}'})
    assert response.status_code in {200, 302}
    assert (latest().about, latest().details) == (anna, {"reason": "passkey"})


def test_a_passkey_that_no_browser_makes_is_not_added(client: Client, anna: User) -> None:
    client.force_login(anna)
    confirm(client).get("/accounts/2fa/webauthn/add/")
    response = client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": '{"id": "x"}'})
    assert response.status_code == 200
    assert not Authenticator.objects.exists()
