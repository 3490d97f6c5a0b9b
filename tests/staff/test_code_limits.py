"""Codes, passkeys, links and confirmations are tried a limited number of times, which locks no owner out."""

from collections.abc import Callable

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.staff import sign_in_limits
from tests.support.signing_in import PASSWORD, TOO_MANY, browser, code_for, is_signed_in, make_member, sign_in

pytestmark = pytest.mark.django_db

Failures = Callable[[], list[str]]
SECRET = "JBSWY3DPEHPK3PXP"
CONFIRM = "/accounts/reauthenticate/"
CHANGE = "/accounts/password/change/"
SECOND = "/accounts/2fa/authenticate/"


@pytest.fixture
def anna() -> User:
    return make_member("Anna", email="Derde@Bouw.Example")


@pytest.fixture
def recovery_codes(anna: User) -> list[str]:
    """Of Anna, who has an authenticator app, too."""
    TOTP.activate(anna, SECRET)
    codes: list[str] = RecoveryCodes.activate(anna).get_unused_codes()
    return codes


def enter(client: Client, code: str, times: int = 1) -> str:
    """Sign in with the right password and enter the code; return the last page."""
    sign_in(client, "anna")
    return [client.post(SECOND, {"code": code}).content.decode() for _ in range(times)][-1]


def values(password: str) -> dict[str, str]:
    """What both forms that ask for the current password take."""
    return {"password": password, "oldpassword": password, "password1": "another-one-2", "password2": "another-one-2"}


def test_passkeys_and_links_are_tried_a_limited_number_of_times() -> None:
    client = browser()
    passkeys = [client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"}).status_code for _ in range(11)]
    assert passkeys == [302] * 10 + [429]
    link = "/accounts/password/reset/key/1-set-password/"
    assert [client.post(link, {"password1": "x"}).status_code for _ in range(21)][-1] == 429


def test_a_code_is_good_once(anna: User, failures: Failures) -> None:
    TOTP.activate(anna, SECRET)
    code = code_for(SECRET)
    for expected in (True, False):
        client = browser()
        enter(client, code)
        assert is_signed_in(client) is expected
    assert failures() == ["second_factor"]


def test_wrong_codes_slow_down_the_guesser_not_the_owner(recovery_codes: list[str], failures: Failures) -> None:
    guesser, owner = browser(), browser("198.51.100.7")
    assert TOO_MANY not in enter(guesser, "000000", times=5)
    assert TOO_MANY in enter(guesser, "000000")
    enter(owner, recovery_codes[0])
    assert is_signed_in(owner)
    assert TOO_MANY in enter(guesser, recovery_codes[1]), "the owner's code takes back no guess of others"
    assert failures() == ["second_factor"] * 5 + ["limited"] * 2


def test_a_48_of_ipv6_is_slowed_down_before_a_person_is(recovery_codes: list[str]) -> None:
    pages = [enter(browser(f"2001:db8:0:{number}::1"), "000000") for number in range(11)]
    assert [TOO_MANY in page for page in pages] == [False] * 10 + [True]
    owner = browser("2001:db8:1::1")
    enter(owner, recovery_codes[0])
    assert is_signed_in(owner)


def test_codes_from_many_networks_are_limited(recovery_codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_in_limits.RATES["second_factor"], "name", "8/h/key")
    owner = browser()
    enter(owner, recovery_codes[0])
    owner.post("/accounts/logout/")
    pages = [enter(browser(f"203.0.113.{number}"), "000000") for number in range(9)]
    assert [TOO_MANY in page for page in pages] == [False] * 8 + [True]
    enter(owner, recovery_codes[1])
    assert is_signed_in(owner)


def test_refused_passkeys_use_up_no_codes_but_are_limited(recovery_codes: list[str], failures: Failures) -> None:
    guesser, owner = browser(), browser("198.51.100.7")
    sign_in(guesser, "anna")
    for _ in range(21):
        assert guesser.post(SECOND, {"credential": '{"id": "x"}'}).status_code == 200
    assert failures() == ["passkey"] * 20 + ["limited"]
    enter(owner, recovery_codes[0])
    assert is_signed_in(owner)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("form", [CONFIRM, CHANGE], ids=["confirm", "change"])
def test_a_stolen_session_keeps_the_owner_from_no_form(form: str, failures: Failures) -> None:
    thief, owner = browser(), browser("198.51.100.7")
    for client in (thief, owner):
        sign_in(client, "anna")
    for _ in range(11):
        assert thief.post(form, values("wrong")).status_code == 200
    assert failures() == ["password"] * 5 + ["limited"] * 6
    assert owner.post(form, values(PASSWORD)).status_code == 302


@pytest.mark.usefixtures("anna")
def test_a_session_has_five_tries_at_both_forms_together(failures: Failures) -> None:
    client = browser()
    sign_in(client, "anna")
    for form in (CONFIRM, CHANGE, CONFIRM, CHANGE, CHANGE):
        assert TOO_MANY not in client.post(form, values("wrong")).content.decode()
    for form in (CONFIRM, CHANGE):
        assert TOO_MANY in client.post(form, values(PASSWORD)).content.decode()
    assert failures() == ["password"] * 5 + ["limited"] * 2


@pytest.mark.usefixtures("anna")
def test_a_current_password_that_is_right_is_not_counted() -> None:
    client = browser()
    sign_in(client, "anna")
    weak = values(PASSWORD) | {"password1": "1", "password2": "1"}
    for _ in range(6):
        assert TOO_MANY not in client.post(CHANGE, weak).content.decode()
    assert client.post(CHANGE, values(PASSWORD)).status_code == 302


@pytest.mark.usefixtures("anna")
def test_the_password_of_somebody_else_confirms_nothing(failures: Failures) -> None:
    other = make_member("bram", email="anna")
    other.set_password("of-somebody-else-1")
    other.save()
    client = browser()
    sign_in(client, "anna")
    assert client.post(CONFIRM, values("of-somebody-else-1")).status_code == 200
    assert failures() == ["password"]
