"""Who gets into the admin, and by which door."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from offorte_portal.adminkit.apps import UNLISTED
from offorte_portal.adminkit.site import PortalAdminSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("sanne", "sanne@example.nl", "portal", is_staff=True)


def test_the_portals_site_is_the_default_one() -> None:
    assert isinstance(admin.site, PortalAdminSite)


@pytest.mark.parametrize("name", UNLISTED)
def test_models_with_secrets_have_no_admin(name: str) -> None:
    assert not admin.site.is_registered(apps.get_model(name))


@pytest.mark.parametrize("path", ["/", "/proposals/proposal/", "/login/"])
def test_strangers_are_sent_to_allauths_sign_in(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_people_who_are_not_staff_are_refused(client: Client) -> None:
    client.force_login(User.objects.create_user("guest"))
    assert client.get("/", follow=True).status_code == 403


def test_staff_without_a_required_second_factor_set_it_up(client: Client, person: User, settings: Settings) -> None:
    client.force_login(person)
    assert client.get("/").status_code == 200
    settings.PORTAL_REQUIRE_MFA = True
    answer = client.get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
    assert b'class="sidebar"' not in answer.content


def test_staff_with_the_required_second_factor_come_in(client: Client, person: User, settings: Settings) -> None:
    settings.PORTAL_REQUIRE_MFA = True
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    client.force_login(person)
    assert client.get("/").status_code == 200


def test_passwords_are_changed_on_allauths_page(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get("/password_change/")["Location"] == "/accounts/password/change/"


def test_pages_carry_the_strict_policy_and_nothing_inline(admin_client: Client) -> None:
    answer = admin_client.get("/")
    page = answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(("path", "status"), [("/nothing/here/", 404), ("/account/", 405)])
def test_mistaken_addresses_have_a_page(admin_client: Client, path: str, status: int) -> None:
    assert admin_client.get(path).status_code == status


def test_the_page_for_what_is_not_there_is_ours(admin_client: Client) -> None:
    assert "Offorte Portal" in admin_client.get("/nothing/here/").content.decode()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_to_be_rendered(code: str) -> None:
    page = render_to_string(f"{code}.html")
    assert "<h1>" in page
    assert "adminkit/css/auth.css" in page
    assert " style=" not in page


def test_the_form_of_another_page_is_refused_in_plain_words(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    answer = client.post("/account/", {"account": "all"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
