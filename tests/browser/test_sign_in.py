"""Signing in with password, code and passkey, all under the strict CSP."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.signing_in import code_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person() -> User:
    return User.objects.create_user("sanne", "sanne@example.nl", "portal", is_staff=True)


@pytest.fixture
def security_key(page: Page, settings: Settings) -> Iterator[None]:
    """A key in the browser that always says yes."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    devtools.send("WebAuthn.disable")


def enter_password(page: Page, base: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Username or e-mail").fill("sanne")
    page.get_by_label("Password").fill("portal")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def open_confirmed(page: Page, url: str) -> None:
    """Open a page for which the password is asked once more."""
    page.goto(url)
    confirm(page)
    page.wait_for_url(url)


def confirm(page: Page) -> None:
    page.get_by_label("Password").fill("portal")
    page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.locator("summary.person").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.usefixtures("person")
def test_a_wrong_password_is_said_beside_the_form(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Username or e-mail").fill("sanne")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.get_by_label("Username or e-mail")).to_have_value("sanne")


@pytest.mark.usefixtures("person")
def test_an_authenticator_app_and_its_recovery_codes(page: Page, live_server: LiveServer) -> None:
    enter_password(page, live_server.url)
    open_confirmed(page, f"{live_server.url}/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    expect(page.locator("img.qr")).to_be_visible()
    page.get_by_label("Code from your authenticator app").fill(code_for(secret))
    page.get_by_role("button", name="Set up authenticator app").click()
    codes = page.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10
    sign_out(page)
    enter_password(page, live_server.url)
    page.get_by_role("textbox").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".sidebar")).to_be_visible()


@pytest.mark.usefixtures("person", "security_key")
def test_a_passkey_is_added_signs_in_and_is_removed(page: Page, live_server: LiveServer) -> None:
    enter_password(page, live_server.url)
    open_confirmed(page, f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in without a password").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".sidebar")).to_be_visible()
    open_confirmed(page, f"{live_server.url}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkeys yet.")).to_be_visible()


@pytest.mark.usefixtures("person")
def test_without_the_required_second_factor_nobody_enters(
    page: Page, live_server: LiveServer, settings: Settings
) -> None:
    settings.PORTAL_REQUIRE_MFA = True
    enter_password(page, live_server.url)
    expect(page).to_have_url(f"{live_server.url}/accounts/2fa/")
    expect(page.locator(".sidebar")).to_have_count(0)
    expect(page.get_by_text("Set up two-factor authentication first")).to_be_visible()
