"""Each person's language: chosen once, the same in every browser, and in mails that the worker sends."""

import pytest
from django.core import mail
from django.db import connection as database
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from offorte_portal.staff import languages, password_reset
from offorte_portal.staff.alerts import mail_administrators
from offorte_portal.staff.invitations import invite
from offorte_portal.staff.models import Preferences
from tests.support.factories import make_connection, make_staff
from tests.support.signing_in import browser, make_member, sign_in

pytestmark = pytest.mark.django_db
SWITCH = "/i18n/setlang/"


def shown_in(client: Client) -> str:
    """Return the language of a page."""
    return client.get("/activity/").content.decode().partition('<html lang="')[2][:2]


def test_a_choice_goes_with_the_person_to_every_browser() -> None:
    anna = make_staff("anna")
    here, there = (Client(headers={"Accept-Language": "en"}) for _ in range(2))
    for client in (here, there):
        client.force_login(anna)
    assert (shown_in(here), shown_in(there)) == ("en", "en")
    here.post(SWITCH, {"language": "nl", "next": "/account/"})
    assert (shown_in(here), shown_in(there)) == ("nl", "nl")
    there.post(SWITCH, {"language": "en"})
    assert (shown_in(here), shown_in(there)) == ("en", "en")


def test_the_language_of_the_first_sign_in_stays() -> None:
    anna = make_member("anna", email="anna@bouw.example")
    first, second = (Client(headers={"Accept-Language": language}) for language in ("nl", "en"))
    sign_in(first, "anna")
    assert languages.chosen_by(anna) == "nl"
    sign_in(second, "anna")
    assert (shown_in(first), shown_in(second)) == ("nl", "nl")


def test_before_signing_in_the_browser_keeps_the_choice() -> None:
    client = browser()
    client.post(SWITCH, {"language": "nl", "next": "/accounts/login/"})
    assert '<html lang="nl"' in client.get("/accounts/login/").content.decode()
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("language", ["xx", "", "de", "nl'--", "n" * 50])
def test_a_language_that_there_is_not_changes_nothing(language: str) -> None:
    anna = make_staff("anna")
    languages.choose(anna, "nl")
    client = Client()
    client.force_login(anna)
    client.post(SWITCH, {"language": language})
    assert shown_in(client) == "nl"


def test_only_a_post_changes_the_language() -> None:
    client = Client()
    client.force_login(make_staff("anna"))
    assert client.get(SWITCH + "?language=nl").status_code == 405
    assert not Preferences.objects.exists()


def test_a_page_costs_no_further_query() -> None:
    counts = []
    for name, language in (("anna", ""), ("bob", "nl")):
        user = make_staff(name)
        languages.choose(user, language)
        client = Client()
        client.force_login(user)
        client.get("/activity/")
        with CaptureQueriesContext(database) as queries:
            client.get("/activity/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("chosen", "word"), [("nl", "wachtwoord"), ("en", "password"), ("", "wachtwoord")])
def test_mails_are_in_the_language_of_who_gets_them(chosen: str, word: str) -> None:
    anna, admin = make_staff("anna", email="anna@bouw.example"), make_staff("admin")
    languages.choose(anna, chosen)
    with translation.override("nl"):
        invite(anna, by=admin)
        password_reset.send_links("anna@bouw.example", "nl")
    for message in mail.outbox:
        assert word in message.body.lower()


@override_settings(LANGUAGE_CODE="en")
def test_administrators_are_mailed_each_in_their_language() -> None:
    for name, language in (("anna", "nl"), ("bob", "en"), ("cas", "")):
        languages.choose(make_staff(name, email=f"{name}@bouw.example"), language)
    assert mail_administrators(make_connection().pk, lambda: (translation.get_language() or "", "text"))
    assert {message.subject: message.bcc for message in mail.outbox} == {
        "en": ["bob@bouw.example", "cas@bouw.example"],
        "nl": ["anna@bouw.example"],
    }
