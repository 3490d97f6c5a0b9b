"""Whoever guesses passwords is slowed down, and the owner of the name is not."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from offorte_portal.staff import password_reset, sign_in_limits
from offorte_portal.staff.models import SecurityEvent
from tests.support.signing_in import PASSWORD, TOO_MANY, browser, guess, is_signed_in, make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return make_member("Anna", email="Derde@Bouw.Example")


@pytest.mark.usefixtures("anna")
def test_wrong_passwords_slow_down_the_guesser_not_the_owner() -> None:
    guesser, owner = browser(), browser("198.51.100.7")
    assert TOO_MANY not in guess(guesser)
    assert TOO_MANY in sign_in(guesser, "anna")
    sign_in(owner, "anna")
    assert is_signed_in(owner)


@pytest.mark.usefixtures("anna")
def test_whom_nobody_knows_is_slowed_down_alike() -> None:
    guesser = browser()
    assert TOO_MANY not in guess(guesser, "nobody")
    assert TOO_MANY in guess(guesser, "NOBODY", times=1)


@pytest.mark.usefixtures("anna")
def test_an_owner_in_a_known_browser_gets_in_beside_a_guesser() -> None:
    owner = browser()
    sign_in(owner, "anna")
    owner.post("/accounts/logout/")
    assert TOO_MANY in guess(browser(), times=6), "from the same address"
    sign_in(owner, "anna")
    assert is_signed_in(owner)


@pytest.mark.usefixtures("anna")
def test_a_browser_that_is_known_has_five_tries_too() -> None:
    owner = browser()
    sign_in(owner, "anna")
    owner.post("/accounts/logout/")
    assert TOO_MANY not in guess(owner)
    assert TOO_MANY in sign_in(owner, "anna")


def test_a_forged_cookie_makes_no_browser_known(anna: User) -> None:
    guesser = browser()
    for number in range(6):
        guesser.cookies[f"known_{anna.pk}"] = f"abc:{number}"
        page = sign_in(guesser, "anna", "wrong")
    assert TOO_MANY in page


@pytest.mark.usefixtures("anna")
def test_confirming_in_a_session_has_five_tries_of_its_own() -> None:
    owner, page = browser(), "/accounts/reauthenticate/?next=/accounts/sessions/"
    sign_in(owner, "anna")
    guess(browser(), times=6)
    guess(browser("198.51.100.8"), times=6)
    for _ in range(5):
        assert TOO_MANY not in owner.post(page, {"password": "wrong"}).content.decode()
    assert TOO_MANY in owner.post(page, {"password": PASSWORD}).content.decode()


@pytest.mark.usefixtures("anna")
def test_one_address_does_not_try_one_password_on_everybody() -> None:
    sprayer = browser()
    pages = [sign_in(sprayer, f"name-{number}", "Welkom123") for number in range(21)]
    assert [TOO_MANY in page for page in pages] == [False] * 20 + [True]


@pytest.mark.usefixtures("anna")
def test_guesses_from_everywhere_spare_known_browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_in_limits.RATES["password"], "name", "8/h/key")
    owner = browser()
    sign_in(owner, "anna")
    owner.post("/accounts/logout/")
    pages = [guess(browser(f"203.0.113.{number}"), times=1) for number in range(9)]
    assert [TOO_MANY in page for page in pages] == [False] * 8 + [True]
    sign_in(owner, "anna")
    assert is_signed_in(owner)


@pytest.mark.usefixtures("anna")
def test_right_passwords_are_not_counted() -> None:
    for _ in range(7):
        client = browser()
        sign_in(client, "anna")
        assert is_signed_in(client)


@pytest.mark.usefixtures("anna")
def test_behind_a_proxy_visitors_are_told_apart_by_what_it_says(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = "10.0.0.1"
    for number in range(6):
        forged = f"198.51.100.{number}, 192.0.2.66"
        page = sign_in(Client(REMOTE_ADDR=proxy, headers={"x-forwarded-for": forged}), "anna", "wrong")
    assert TOO_MANY in page, "the last address is the proxy's word, those before it are the visitor's"
    owner = Client(REMOTE_ADDR=proxy, headers={"x-forwarded-for": "192.0.2.1"})
    sign_in(owner, "anna")
    assert is_signed_in(owner)


@pytest.mark.usefixtures("anna")
def test_without_a_proxy_nobody_chooses_an_address(settings: Settings) -> None:
    pages = [
        sign_in(Client(REMOTE_ADDR="192.0.2.66", headers={"x-forwarded-for": f"198.51.100.{number}"}), "anna", "wrong")
        for number in range(6)
    ]
    assert TOO_MANY in pages[-1]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("limit", ["network_and_name", "name"])
def test_a_limit_does_not_tell_that_two_names_are_one_person(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_in_limits.RATES["password"], limit, "3/h/key")
    refused = []
    for name, address in (("anna", "derde@bouw.example"), ("nobody", "nobody@bouw.example")):
        logins = [name, name, name, name.upper(), address]
        refused.append([TOO_MANY in guess(browser(), login, times=1) for login in logins])
    assert refused == [[False, False, False, True, False]] * 2


def test_spellings_of_one_name_are_counted_together() -> None:
    spellings = ("ines", "INES", " Ines ", "ıneſ", "INEſ")
    assert [TOO_MANY in guess(browser(), login, times=1) for login in spellings] == [False] * 5
    assert TOO_MANY in guess(browser(), "ineſ", times=1)


@pytest.mark.usefixtures("anna")
def test_a_64_of_ipv6_is_one_visitor() -> None:
    pages = [guess(browser(f"2001:db8:0:1::{number}"), times=1) for number in range(6)]
    assert [TOO_MANY in page for page in pages] == [False] * 5 + [True]
    owner = browser("2001:db8:0:2::1")
    sign_in(owner, "anna")
    assert is_signed_in(owner)


@pytest.mark.usefixtures("anna")
def test_a_48_of_ipv6_is_slowed_down_before_a_name_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_in_limits.RATES["password"], "name", "25/h/key")
    pages = [guess(browser(f"2001:db8:0:{number}::1"), times=1) for number in range(26)]
    assert [TOO_MANY in page for page in pages] == [False] * 20 + [True] * 6
    owner = browser("2001:db8:1::1")
    sign_in(owner, "anna")
    assert is_signed_in(owner)


def test_a_48_of_ipv6_does_not_try_one_password_on_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_in_limits.RATES["password"], "wide_network", "6/h/key")
    sprayers = [browser(f"2001:db8:0:{number}::1") for number in range(7)]
    pages = [sign_in(sprayer, f"name-{number}", "Welkom123") for number, sprayer in enumerate(sprayers)]
    assert [TOO_MANY in page for page in pages] == [False] * 6 + [True]
    assert TOO_MANY not in sign_in(browser("2001:db8:1::1"), "name-7", "Welkom123")


@pytest.mark.usefixtures("anna")
def test_ipv4_addresses_written_as_ipv6_are_told_apart() -> None:
    for number in range(6):
        guess(browser(f"::ffff:192.0.2.{number}"))
    assert TOO_MANY in sign_in(browser("192.0.2.1"), "anna")
    owner = browser("::ffff:198.51.100.7")
    sign_in(owner, "anna")
    assert is_signed_in(owner)
    assert SecurityEvent.objects.filter(address="198.51.100.7").exists()


@pytest.mark.usefixtures("anna")
def test_known_and_unknown_names_cost_the_same_queries() -> None:
    counted = []
    for login in ("first", "anna", "nobody", "derde@bouw.example", "nobody@bouw.example"):
        SecurityEvent.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            guess(browser(), login, times=2)
        counted.append(len(queries))
    assert len(set(counted[1:])) == 1, counted


@pytest.mark.usefixtures("anna")
def test_a_new_password_can_be_used_in_a_known_browser() -> None:
    owner = browser()
    sign_in(owner, "anna")
    owner.post("/accounts/logout/")
    assert TOO_MANY in guess(owner, times=6)
    link = password_reset.reset_url(User.objects.get()).removeprefix("http://127.0.0.1:8000")
    form = owner.get(link)["Location"]
    owner.post(form, {"password1": "another-one-2", "password2": "another-one-2"})
    sign_in(owner, "anna", "another-one-2")
    assert is_signed_in(owner)
