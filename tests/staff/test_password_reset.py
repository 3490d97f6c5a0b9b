"""Forgotten passwords: a link to whoever has the address, and nothing that tells whether anybody has."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, TestCase
from django_q.models import OrmQ
from pytest_django import Settings

from offorte_portal.staff import password_reset
from tests.support.signing_in import PASSWORD, is_signed_in, make_member, sign_in

pytestmark = pytest.mark.django_db

ASK = "/accounts/password/reset/"
NEW = "another-one-2"


@pytest.fixture
def anna() -> User:
    return make_member("anna", email="Derde@Bouw.Example", first_name="Anna")


def ask(client: Client, address: str, **options: str) -> None:
    """Ask for a link, and have the worker do what it is told to."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = client.post(ASK, {"email": address}, headers=options or None)
    assert response["Location"] == "/accounts/password/reset/done/"
    for task in OrmQ.objects.all():
        assert task.task["func"] == "offorte_portal.staff.password_reset.send_links"
        password_reset.send_links(*task.task["args"])
        task.delete()


def link() -> str:
    return str(re.findall(r"https?://\S+/key/\S+", str(mail.outbox[-1].body))[0])


def choose(client: Client, url: str, password: str = NEW) -> str:
    """Follow the link and enter a new password twice."""
    form = client.get(re.sub("^https?://[^/]+", "", url), follow=True)
    path = form.redirect_chain[-1][0] if form.redirect_chain else url
    page = client.post(path, {"password1": password, "password2": password}, follow=True)
    return str(page.content.decode())


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("address", ["derde@bouw.example", "DERDE@bouw.example", "Derde@Bouw.Example"])
def test_whoever_forgot_the_password_chooses_another(client: Client, address: str) -> None:
    ask(client, address)
    assert mail.outbox[0].to == ["Derde@Bouw.Example"]
    choose(client, link())
    assert not is_signed_in(client)
    sign_in(client, "anna", NEW)
    assert is_signed_in(client)


@pytest.mark.usefixtures("anna")
def test_the_link_leads_to_the_portal_whatever_host_was_asked(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.PORTAL_URL = "https://portal.bouw.example"
    ask(client, "derde@bouw.example", host="evil.example")
    assert link().startswith("https://portal.bouw.example/accounts/password/reset/key/")
    assert "evil.example" not in str(mail.outbox[0].message())


@pytest.mark.usefixtures("anna")
def test_the_mail_is_in_the_language_of_the_page(client: Client) -> None:
    ask(client, "derde@bouw.example", accept_language="nl")
    ask(client, "derde@bouw.example")
    assert [message.subject for message in mail.outbox] == [
        "Kies een nieuw wachtwoord voor Offorte Portal",
        "Choose a new password for Offorte Portal",
    ]
    assert "Anna" in str(mail.outbox[0].body)


@pytest.mark.parametrize("address", ["stranger@example.com", "guest@example.com", "old@example.com"])
def test_strangers_and_who_may_not_sign_in_get_no_mail(client: Client, address: str) -> None:
    make_member("guest", email="guest@example.com", is_staff=False)
    make_member("old", email="old@example.com", is_active=False)
    ask(client, address)
    assert mail.outbox == []


def test_an_address_of_the_past_gets_no_mail(client: Client, anna: User) -> None:
    EmailAddress.objects.create(user=anna, email="previous@example.com", verified=True, primary=True)
    ask(client, "previous@example.com")
    assert mail.outbox == []


def test_who_was_invited_and_has_no_password_yet_gets_a_link(client: Client, anna: User) -> None:
    anna.set_unusable_password()
    anna.save()
    ask(client, "derde@bouw.example")
    choose(client, link())
    sign_in(client, "anna", NEW)
    assert is_signed_in(client)


@pytest.mark.usefixtures("anna")
def test_asking_takes_the_same_work_whoever_is_asked_for(client: Client) -> None:
    for address in ("derde@bouw.example", "stranger@example.com"):
        with TestCase.captureOnCommitCallbacks(execute=True):
            client.post(ASK, {"email": address})
    assert OrmQ.objects.count() == 2
    assert mail.outbox == []


@pytest.mark.usefixtures("anna")
def test_a_link_works_once_and_ends_what_was_begun_before(client: Client) -> None:
    thief = Client()
    sign_in(thief, "anna")
    ask(client, "derde@bouw.example")
    url = link()
    choose(client, url)
    assert thief.get("/").status_code == 302
    assert "This link no longer works" in choose(Client(), url)


def test_a_link_dies_with_the_address_that_it_was_sent_to(client: Client, anna: User) -> None:
    ask(client, "derde@bouw.example")
    User.objects.update(email="new@bouw.example")
    assert "This link no longer works" in choose(client, link())


def test_a_link_is_no_second_factor(client: Client, anna: User) -> None:
    TOTP.activate(anna, "JBSWY3DPEHPK3PXP")
    ask(client, "derde@bouw.example")
    choose(client, link())
    sign_in(client, "anna", NEW)
    assert not is_signed_in(client)


@pytest.mark.usefixtures("anna")
def test_a_new_password_works_at_once_after_five_wrong_ones(client: Client) -> None:
    for _ in range(6):
        page = sign_in(client, "anna", "wrong")
    assert "Too many" in page
    ask(client, "derde@bouw.example")
    choose(client, link())
    sign_in(client, "anna", NEW)
    assert is_signed_in(client)


@pytest.mark.usefixtures("anna")
def test_who_is_somebody_else_is_signed_out_by_a_link(client: Client) -> None:
    make_member("bram")
    sign_in(client, "bram", PASSWORD)
    ask(Client(), "derde@bouw.example")
    choose(client, link())
    assert not is_signed_in(client)
