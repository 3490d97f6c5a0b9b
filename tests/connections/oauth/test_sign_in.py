"""Staff sign in through allauth; nobody signs up."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from offorte_portal.connections.encryption import cipher
from tests.support.factories import make_staff
from tests.support.signing_in import code_for

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_attempts_before(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, login: str, password: str = "a-long-one-1") -> str:
    return str(client.post(LOGIN, {"login": login, "password": password}, follow=True).content.decode())


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def set_up_second_factor(client: Client) -> str:
    """Sign in, set up an authenticator app and return its secret."""
    sign_in(client, "anna")
    client.post("/accounts/reauthenticate/", {"password": "a-long-one-1"})
    client.get("/accounts/2fa/totp/activate/")
    secret: str = client.session["mfa.totp.secret"]
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    return secret


@pytest.fixture
def staff() -> User:
    user = make_staff("anna", email="anna@example.com")
    user.set_password("a-long-one-1")
    user.save()
    return user


@pytest.mark.parametrize("login", ["anna", "anna@example.com"])
def test_staff_sign_in_by_name_or_address(client: Client, staff: User, login: str) -> None:
    sign_in(client, login)
    assert is_signed_in(client)


def test_a_wrong_password_is_refused(client: Client, staff: User) -> None:
    sign_in(client, "anna", "another")
    assert not is_signed_in(client)


def test_the_first_administrator_comes_from_the_command_line(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-one-1")
    call_command("createsuperuser", username="boss", email="boss@example.com", interactive=False, verbosity=0)
    sign_in(client, "boss")
    assert client.get("/connections/connection/").status_code == 200


def test_who_is_not_staff_is_told_so(client: Client, staff: User) -> None:
    User.objects.update(is_staff=False)
    page = sign_in(client, "anna")
    assert "have access to this portal" in page
    assert not is_signed_in(client)


def test_who_was_made_inactive_stays_out(client: Client, staff: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client, "anna")
    assert not is_signed_in(client)


def test_nobody_signs_up(client: Client) -> None:
    form = {"username": "eve", "email": "eve@example.com", "password1": "a-long-one-1", "password2": "a-long-one-1"}
    for url in ("/accounts/signup/", "/accounts/3rdparty/signup/"):
        client.get(url)
        client.post(url, form)
    assert not User.objects.exists()


def test_guessing_passwords_is_slowed_down(client: Client, staff: User) -> None:
    pages = [sign_in(client, "anna", "wrong") for _ in range(6)]
    assert "Too many failed login attempts" in pages[-1]
    sign_in(client, "anna")
    assert not is_signed_in(client)


def test_a_second_factor_is_asked_for_and_kept_encrypted(client: Client, staff: User) -> None:
    secret = set_up_second_factor(client)
    factors = {factor.type: factor.data for factor in Authenticator.objects.all()}
    assert set(factors) == {"totp", "recovery_codes"}
    assert cipher().decrypt(factors["totp"]["secret"].encode()).decode() == secret
    assert cipher().decrypt(factors["recovery_codes"]["seed"].encode())
    assert secret not in str(factors)
    cache.clear()  # a code is good for one use only, also for the one that activated it

    client.logout()
    sign_in(client, "anna")
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_signed_in(client)


def test_a_recovery_code_lets_in_once(client: Client, staff: User) -> None:
    set_up_second_factor(client)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        client.logout()
        sign_in(client, "anna")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_signed_in(client) is expected


def test_tokens_and_accounts_of_allauth_are_in_no_admin(client: Client, staff: User) -> None:
    client.force_login(staff)
    for path in ("socialaccount/socialapp", "socialaccount/socialtoken", "socialaccount/socialaccount"):
        assert client.get(f"/{path}/").status_code == 404
    for path in ("account/emailaddress", "mfa/authenticator", "django_q/schedule"):
        assert client.get(f"/{path}/").status_code == 404
