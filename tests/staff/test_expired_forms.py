"""A form that was open for too long: what was typed is said to be safe where it is, and there is a way on."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from offorte_portal.staff.pages.expired import find_page, is_kept
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db

EDIT = "/contacts/company/5/edit/"
KEPT = "kept in this browser"


def post(data: dict[str, str], referer: str = "", user: User | None = None, path: str = EDIT) -> Any:
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    answer = client.post(path, data, headers={"referer": referer} if referer else {})
    assert answer.status_code == 403
    return answer


def way_on(page: HttpResponse) -> tuple[str, str]:
    """The words of the button, and where it leads."""
    [(url, words)] = re.findall(r'class="button button-primary" href="([^"]*)">([^<]*)</a>', page.content.decode())
    return words, unescape(url)


def test_whose_session_has_ended_signs_in_and_goes_on() -> None:
    page = post({"form_state": "x", "name": "Nieuwe naam"}, f"http://testserver{EDIT}?tab=2")
    assert KEPT in page.content.decode()
    assert way_on(page) == (
        "Sign in and continue",
        "/accounts/login/?next=%2Fcontacts%2Fcompany%2F5%2Fedit%2F%3Ftab%3D2",
    )


def test_signing_in_by_that_link_leads_back() -> None:
    user = make_staff("anna")
    user.set_password("correct horse battery")
    user.save()
    _words, url = way_on(post({"form_state": "x", "name": "y"}, "http://testserver/contacts/company/?q=bouw"))
    client = Client()
    page = client.get(url)
    assert page.context["redirect_field_value"] == "/contacts/company/?q=bouw"
    data = {"login": "anna", "password": "correct horse battery", "next": page.context["redirect_field_value"]}
    assert client.post(url, data)["Location"] == "/contacts/company/?q=bouw"


def test_who_is_still_signed_in_opens_the_page_again() -> None:
    page = post({"form_state": "x", "name": "Nieuw"}, f"http://testserver{EDIT}", make_staff())
    assert way_on(page) == ("Open the page again", EDIT)


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/x/", "http://testserver//evil.example/", "javascript:alert(1)", "http://[bad/"],
)
def test_the_way_on_stays_on_this_site(referer: str) -> None:
    assert way_on(post({"a": "b"}, referer)) == ("Sign in and continue", "/accounts/login/?next=%2F")
    assert way_on(post({"a": "b"}, referer, make_staff())) == ("Open the page again", "/")


def test_the_sign_in_page_itself_opens_again() -> None:
    login = reverse("account_login")
    page = post({"login": "anna", "password": "x"}, f"http://testserver{login}?next=/board/", path=login)
    assert way_on(page) == ("Sign in and continue", f"{login}?next=/board/")


@pytest.mark.parametrize("path", ["/compose/new/", "/compose/4/", "/catalog/product/add/"])
def test_what_the_composer_and_the_forms_of_records_keep_is_said_to_be_kept(path: str) -> None:
    assert KEPT in post({"form_state": "x"}, path=path).content.decode()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/send/4/", {"form_state": "x", "send_message": "Dag Kees"}),
        ("/webhooks/webhook/4/switch/", {"form_state": "x", "active": "true"}),
        ("/followups/add/", {"note": "Bel Kees"}),
        ("/auth/user/add/", {"first_name": "Kees"}),
        ("/nowhere/", {"form_state": "x"}),
    ],
)
def test_nothing_is_promised_of_forms_that_are_not_kept(path: str, data: dict[str, str]) -> None:
    page = post(data, f"http://testserver{path}", path=path).content.decode()
    assert KEPT not in page
    assert "go back in your browser first and copy it" in page


def test_a_body_that_cant_be_read_is_not_kept(rf: RequestFactory) -> None:
    request = rf.generic("POST", EDIT, b"--x\r\n", content_type="multipart/form-data; boundary=")
    assert (is_kept(request), find_page(request)) == (False, "/")


def test_it_is_shown_in_dutch() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(EDIT, {"form_state": "x", "name": "y"}, headers={"accept-language": "nl"}).content.decode()
    assert "Inloggen en verdergaan" in page
    assert "blijft in deze browser bewaard" in page
