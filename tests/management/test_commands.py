"""The commands with which an operator sets up accounts and keys."""

import io
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.webhooks import address
from offorte_portal.webhooks.models import WebhookEndpoint

pytestmark = pytest.mark.django_db
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(name: str, *args: str, stdin: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        out = io.StringIO()
        call_command(name, *args, stdout=out)
        return out.getvalue()

    return call


def connect_account(run: Run, *args: str, stdin: str = "hush\n") -> str:
    return run("connect_account", *args, "--client-secret-stdin", stdin=stdin)


def test_an_account_is_set_up_from_the_command_line(run: Run) -> None:
    printed = connect_account(run, "bouw", "--client-id", "abc", "--label", "Bouw")
    connection = Connection.objects.get()
    assert (connection.account, connection.label, connection.client_id) == ("bouw", "Bouw", "abc")
    assert connection.client_secret == "hush"
    assert connection.state == Connection.State.NEW
    assert "http://127.0.0.1:8000/offorte/bouw/callback/" in printed
    assert printed.rstrip().endswith("http://127.0.0.1:8000/offorte/bouw/login/")
    assert "hush" not in printed


def test_credentials_of_an_account_are_changed_and_nothing_else(run: Run) -> None:
    connect_account(run, "bouw", "--client-id", "abc", "--label", "Bouw")
    Connection.objects.update(access_token="token", state=Connection.State.CONNECTED)
    connect_account(run, "bouw", "--client-id", "new", stdin="other")
    connection = Connection.objects.get()
    assert (connection.client_id, connection.client_secret, connection.label) == ("new", "other", "Bouw")
    assert connection.access_token == "token"
    assert connection.is_connected


@pytest.mark.parametrize("account", ["Bouw", "bouw.offorte.com", "bouw\n", "-bouw", "bouw/../x", ""])
def test_a_name_that_could_lead_elsewhere_is_refused(run: Run, account: str) -> None:
    with pytest.raises(CommandError):
        connect_account(run, account, "--client-id", "abc")
    assert not Connection.objects.exists()


def test_no_secret_is_no_account(run: Run) -> None:
    with pytest.raises(CommandError, match="no client secret"):
        connect_account(run, "bouw", "--client-id", "abc", stdin="\n")


def test_a_generated_key_is_a_key(run: Run, settings: Settings) -> None:
    settings.PORTAL_ENCRYPTION_KEYS = [run("generate_key").strip()]
    connect_account(run, "bouw", "--client-id", "abc")
    assert Connection.objects.get().client_secret == "hush"


def test_rotation_makes_the_old_keys_needless(run: Run, settings: Settings) -> None:
    connect_account(run, "bouw", "--client-id", "abc")
    Connection.objects.update(access_token="token")
    webhook_token = address.ensure(Connection.objects.get()).token
    user = User.objects.create_user("anna")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_ENCRYPTION_KEYS]
    assert "1 accounts, 2 second factors, 1 webhooks" in run("rotate_keys")
    settings.PORTAL_ENCRYPTION_KEYS = settings.PORTAL_ENCRYPTION_KEYS[:1]
    connection = Connection.objects.get()
    assert (connection.client_secret, connection.access_token, connection.refresh_token) == ("hush", "token", "")
    assert WebhookEndpoint.objects.get().token == webhook_token
    factors = {factor.type: factor for factor in Authenticator.objects.all()}
    assert secret not in str(factors["totp"].data)
    recovery: RecoveryCodes = factors["recovery_codes"].wrap()
    assert recovery.get_unused_codes() == codes


def test_rotation_names_what_no_key_fits_and_does_the_rest(run: Run, settings: Settings) -> None:
    connect_account(run, "bouw", "--client-id", "abc")
    address.ensure(Connection.objects.get())
    TOTP.activate(User.objects.create_user("anna"), generate_totp_secret())
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    connect_account(run, "zuid", "--client-id", "abc")
    with pytest.raises(CommandError, match="the account bouw, the webhook of bouw, the second factor of anna"):
        run("rotate_keys")
    assert Connection.objects.get(account="zuid").client_secret == "hush"


def test_rotation_without_keys_says_how_to_get_one(run: Run, settings: Settings) -> None:
    settings.PORTAL_ENCRYPTION_KEYS = []
    with pytest.raises(CommandError, match="generate_key"):
        run("rotate_keys")
