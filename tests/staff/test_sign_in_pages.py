"""The pages of sign-in security speak one language at a time, and call a passkey nothing else."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
PAGES = {
    "password/change/": ("Current password", "Huidig wachtwoord"),
    "logout/": ("Do you want to sign out?", "Wil je uitloggen?"),
    "sessions/": ("Sign out everywhere else", "Overal elders uitloggen"),
    "2fa/": ("You have 1 passkey.", "Je hebt 1 passkey."),
    "2fa/totp/activate/": (
        "Scan the QR code with your authenticator app.",
        "Scan de QR-code met je authenticator-app.",
    ),
    "2fa/webauthn/": ("Not used yet.", "Nog niet gebruikt."),
    "2fa/webauthn/keys/{pk}/edit/": ("Rename passkey", "Passkey hernoemen"),
    "2fa/webauthn/keys/{pk}/remove/": ("Remove passkey", "Passkey verwijderen"),
    "2fa/recovery-codes/generate/": ("Create new codes", "Nieuwe codes maken"),
}
OTHER_NAMES = re.compile(
    r"security key|beveiligingssleutel|>\s*WebAuthn|Two-Factor|Not used\.|>\s*Name\s*<", re.IGNORECASE
)


def sign_in(language: str) -> tuple[Client, Authenticator]:
    user = make_staff("anna", first_name="Anna")
    user.set_password(PASSWORD)
    user.save()
    client = Client(headers={"accept-language": language})
    client.post("/accounts/login/", {"login": "anna", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client, Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Laptop", "credential": {"clientExtensionResults": {}}}
    )


def main_of(page: Any) -> str:
    assert page.status_code == 200
    [main] = re.findall(r"(?s)<main.*?</main>", page.content.decode())
    return str(main)


@pytest.mark.parametrize(("language", "at"), [("en", 0), ("nl", 1)])
def test_each_page_is_in_the_persons_language(language: str, at: int) -> None:
    client, passkey = sign_in(language)
    for path, words in PAGES.items():
        main = main_of(client.get(f"/accounts/{path.format(pk=passkey.pk)}"))
        assert words[at] in main, path
        found = OTHER_NAMES.search(main)
        assert found is None or (language == "en" and found[0].strip(" \n<>") == "Name"), path
    passkey.delete()  # it has no real credential, which the page of a new one would exclude
    main = main_of(client.get("/accounts/2fa/webauthn/add/"))
    assert ("Sign in without a password", "Inloggen zonder wachtwoord")[at] in main


@pytest.mark.parametrize(
    ("language", "wrong", "short", "stale"),
    [
        ("en", "password is incorrect", "Use at least 8 characters", "This is not your current password"),
        ("nl", "wachtwoord klopt niet", "Gebruik minstens 8 tekens", "Dit is niet je huidige wachtwoord"),
    ],
)
def test_errors_are_in_the_persons_language(language: str, wrong: str, short: str, stale: str) -> None:
    client, _passkey = sign_in(language)
    data = {"oldpassword": "x", "password1": "abc", "password2": "abc"}
    main = main_of(client.post("/accounts/password/change/", data))
    assert short in main
    assert stale in main
    stranger = Client(headers={"accept-language": language})
    assert wrong in main_of(stranger.post("/accounts/login/", {"login": "anna", "password": "x"}))


@pytest.mark.parametrize(("language", "words"), [("en", "no longer works"), ("nl", "werkt niet meer")])
def test_a_link_that_was_used_leads_to_a_new_one(language: str, words: str) -> None:
    main = main_of(Client(headers={"accept-language": language}).get("/accounts/password/reset/key/abc-def/"))
    assert words in main
    assert 'href="/accounts/password/reset/"' in main
