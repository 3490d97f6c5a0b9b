"""How often a new password may be asked for: neither the owner is kept from it, nor their mailbox filled."""

import pytest
from django.test import Client

from offorte_portal.staff import sign_in_limits
from offorte_portal.staff.models import SecurityEvent
from tests.support.signing_in import browser, make_member, sign_in

pytestmark = pytest.mark.django_db

ASK = "/accounts/password/reset/"
REFUSED = "Too many requests. Use the link in the latest e-mail, or try again in an hour."


@pytest.fixture(autouse=True)
def anna() -> None:
    make_member("anna", email="passe@bouw.example")


def ask(client: Client, address: str = "passe@bouw.example") -> bool:
    """Ask for a link; return whether that was accepted."""
    response = client.post(ASK, {"email": address})
    assert response.status_code == 302 or REFUSED in response.content.decode()
    return response.status_code == 302


def test_five_requests_slow_down_their_sender_not_the_owner() -> None:
    assert [ask(browser()) for _ in range(6)] == [True] * 5 + [False]
    assert ask(browser("198.51.100.7"))
    assert SecurityEvent.objects.filter(kind="password_reset_asked", address="192.0.2.1").get().count == 6


@pytest.mark.parametrize("address", ["passe@bouw.example", "stranger@bouw.example"])
def test_requests_from_everywhere_fill_nobodys_mailbox(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_in_limits.RATES["reset"], "name", "8/h/key")
    assert [ask(browser(f"203.0.113.{number}"), address) for number in range(9)] == [True] * 8 + [False]


def test_spellings_of_one_address_are_counted_together() -> None:
    spellings = ["passe@bouw.example", "PASSE@bouw.example", "paſse@bouw.example", "pasſe@bouw.example"]
    assert [ask(browser(), address) for address in [*spellings, "paſſe@bouw.example", "passe@bouw.example"]] == [
        *[True] * 5,
        False,
    ]


def test_who_is_signed_in_asks_no_more_often() -> None:
    client = browser()
    sign_in(client, "anna")
    assert [ask(client) for _ in range(5)] == [True] * 5
    assert not ask(browser())


def test_a_request_that_is_refused_is_written_down() -> None:
    for _ in range(5):
        ask(browser())
    SecurityEvent.objects.all().delete()
    ask(browser())
    event = SecurityEvent.objects.get()
    assert (event.kind, event.about_name, event.details) == ("password_reset_asked", "anna", {"reason": "limited"})
