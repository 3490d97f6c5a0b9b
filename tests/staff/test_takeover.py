"""A session alone must not become the account: what lets somebody in asks for the password again."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from offorte_portal.staff import password_reset
from offorte_portal.staff.pages.urls import account_urls
from tests.support.factories import make_staff
from tests.support.signing_in import PASSWORD, confirm, is_signed_in, make_member, sign_in

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/reauthenticate/?next="
# What changes or shows how somebody gets in: of oneself, and, for administrators, of anybody.
OWN_PAGES = (
    "/accounts/password/set/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/download/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/1/edit/",
    "/accounts/2fa/webauthn/keys/1/remove/",
    "/accounts/sessions/",
)
# Without it: the entrance, confirming itself, signing out, an overview, and a form that asks for the current password.
WITHOUT = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_change_password",
    "mfa_index",
}


@pytest.fixture
def owner() -> User:
    return make_member("anna", email="anna@example.com")


@pytest.fixture
def thief(owner: User) -> Client:
    """Has the cookie of the owner's session and nothing else."""
    browser = Client()
    sign_in(browser, "anna")
    thief = Client()
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    return thief


def test_whoever_has_the_cookie_can_not_become_the_owner(thief: Client, owner: User) -> None:
    for address in ("/accounts/email/", f"/auth/user/{owner.pk}/change/"):
        thief.post(address, {"action_add": "", "email": "thief@example.com", "username": "anna"})
    for address in (f"/auth/user/{owner.pk}/password/", "/accounts/password/set/"):
        thief.post(address, {"password1": "stolen-it-1", "password2": "stolen-it-1", "usable_password": "true"})
    thief.post("/accounts/password/reset/", {"email": "thief@example.com"})
    password_reset.send_links("thief@example.com", "en")
    assert mail.outbox == []
    owner.refresh_from_db()
    assert (owner.email, owner.check_password(PASSWORD)) == ("anna@example.com", True)
    elsewhere = Client()
    sign_in(elsewhere, "anna", "stolen-it-1")
    assert not is_signed_in(elsewhere)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", OWN_PAGES)
def test_what_lets_somebody_in_asks_for_the_password(thief: Client, owner: User, path: str, method: str) -> None:
    key = set_up_factors(owner)
    response = getattr(thief, method)(path.replace("/1/", f"/{key.pk}/"))
    assert response["Location"].startswith(CONFIRM)


def set_up_factors(user: User) -> Authenticator:
    """Give somebody one of everything; return the passkey."""
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop", "credential": {}})


@pytest.mark.parametrize("path", ["add/", "{}/password/", "{}/delete/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_administrators_session_alone_makes_nobody_else_one(thief: Client, path: str, method: str) -> None:
    colleague = make_staff("bram")
    response = getattr(thief, method)(f"/auth/user/{path.format(colleague.pk)}")
    assert response["Location"].startswith(CONFIRM)


def test_every_page_of_the_account_is_known_to_ask_or_not() -> None:
    """A new address of allauth, or of ours, has to be put on one of the two lists."""
    names = {pattern.name for pattern in account_urls}
    asking = {resolve_name(path) for path in OWN_PAGES}
    assert names == asking | WITHOUT
    mounted = {pattern.name for pattern in find_patterns(get_resolver(), "accounts/")}
    assert mounted == names


def resolve_name(path: str) -> str:
    return str(get_resolver().resolve(path).url_name)


def find_patterns(resolver: URLResolver, prefix: str) -> Iterator[Any]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and str(entry.pattern) == prefix:
            yield from (one for one in entry.url_patterns if isinstance(one, URLPattern))


def test_a_code_of_six_digits_does_not_confirm(thief: Client, owner: User) -> None:
    set_up_factors(owner)
    assert thief.get("/accounts/2fa/reauthenticate/").status_code == 404
    page = thief.get(CONFIRM + "/accounts/sessions/").content.decode()
    assert "/accounts/2fa/webauthn/reauthenticate/" in page
    assert "authenticator app" not in page


def test_after_the_password_the_page_opens_and_again_asks_later(
    thief: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    response = thief.post(CONFIRM + "/accounts/sessions/", {"password": PASSWORD})
    assert response["Location"] == "/accounts/sessions/"
    assert thief.get("/accounts/sessions/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert thief.get("/accounts/sessions/")["Location"].startswith(CONFIRM)


def test_a_form_waits_for_the_password_without_its_secrets(thief: Client, owner: User) -> None:
    colleague = make_staff("bram", is_superuser=False)
    form = {"username": "bram2", "password1": "very-secret-1", "code": "123456", "is_active": "on"}
    form |= {"first_name": "Bram", "email": colleague.email, "csrfmiddlewaretoken": "abc"}
    cookie = thief.cookies["sessionid"].value
    location = thief.post(f"/auth/user/{colleague.pk}/change/", form)["Location"]
    kept = str(dict(thief.session))
    assert "bram2" in kept
    assert [secret for secret in ("very-secret-1", "123456", cookie, "csrfmiddlewaretoken") if secret in kept] == []
    thief.post(location, {"password": PASSWORD})
    colleague.refresh_from_db()
    assert colleague.username == "bram2"


def test_a_form_is_lost_on_no_page_that_may_be_looked_at(thief: Client, owner: User) -> None:
    assert thief.get(f"/auth/user/{owner.pk}/change/").status_code == 200
    assert thief.get("/auth/user/").status_code == 200


def test_who_has_only_a_passkey_confirms_with_it(thief: Client, owner: User) -> None:
    set_up_factors(owner)
    User.objects.update(password="!")
    browser = Client()
    browser.force_login(User.objects.get())
    assert browser.get("/accounts/sessions/")["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")


def test_another_person_in_the_session_has_confirmed_nothing(owner: User) -> None:
    browser = Client()
    browser.force_login(owner)
    confirm(browser)
    assert browser.get("/accounts/sessions/").status_code == 200
    browser.force_login(make_member("bram"))
    assert browser.get("/accounts/sessions/")["Location"].startswith(CONFIRM)
