"""Pages of staff, sessions and the security log, in Dutch and English, at a desk and on a phone, light and dark.

With SCREENSHOTS=folder there is a picture of each.
"""

from collections.abc import Callable, Iterator
from pprint import pformat
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.test import Client
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.connections.models import Connection
from offorte_portal.staff import languages
from offorte_portal.staff.roles import grant
from offorte_portal.staff.security_log import Kind, record
from proposals.models import AccountUser
from tests.browser.looking import look
from tests.journeys.steps import DESK, PHONE, Axe
from tests.support.factories import link, make_account_user, make_connection, make_staff
from tests.support.length import usual_or_long
from tests.support.signing_in import PASSWORD, confirm, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEVICES = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "192.0.2.1"),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1",
        "192.0.2.2",
    ),
    ("curl/8.0", "2001:db8:85a3::8a2e:370:7334"),
]
# Language, size and scheme: each of them once, and at full length with each of the others.
LOOKS = usual_or_long(
    [("nl", DESK, "light"), ("en", PHONE, "dark")],
    [("nl", DESK, "light"), ("nl", PHONE, "dark"), ("en", DESK, "dark"), ("en", PHONE, "light")],
)


@pytest.fixture
def staff(connect: Callable[..., Connection], page: Page, live_server: LiveServer) -> User:
    """Somebody who manages staff; a colleague who is linked, one who may be, one who was invited, one who left."""
    grant(apps, database.SchemaEditorClass(database))
    anna = make_staff("anna", first_name="Anna", last_name="van den Bosch-Hendriksen", email="anna@bouw.example")
    accounts = [connect(), make_connection(account="dak-en-gevel")]
    sem = make_staff("sem", first_name="Sem", last_name="Jansen", email="sem@bouw.example")
    link(sem, accounts[0], firstname="Sem", lastname="Jansen", email="sem@bouw.example")
    Authenticator.objects.create(user=sem, type=Authenticator.Type.TOTP, data={})
    for account in accounts:
        for first, last in (("Fatima", "el Amrani"), ("Bram", "Bos")):
            make_account_user(account, firstname=first, lastname=last, email=f"{first.lower()}@bouw.example")
    make_staff("fatima", first_name="Fatima", last_name="el Amrani", email="fatima@bouw.example")
    make_staff("joost", first_name="Joost", last_name="van 't Hof", email="joost@bouw.example", is_active=False)
    for name, role in {"sem": "Manager", "fatima": "Seller", "joost": "Viewer"}.items():
        User.objects.filter(username=name).update(is_superuser=False)
        User.objects.get(username=name).groups.add(Group.objects.get(name=role))
    anna.set_password(PASSWORD)
    anna.save()
    here, *_others = (open_browser(*device) for device in DEVICES)
    record(Kind.SIGNED_IN, by=anna)
    record(Kind.SIGN_IN_FAILED, name="d…@bouw.example", reason="password")
    record(Kind.ADDRESS_CHANGED, by=anna, about=sem, before="sem@bouw.example", after="sem.jansen@bouw.example")
    record(Kind.ROLE_CHANGED, by=anna, about=sem, before=["Seller"], after=["Manager"])
    cookie = confirm(here).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return sem


def open_browser(user_agent: str, address: str) -> Client:
    """A browser of Anna's, signed in."""
    client = Client(headers={"user-agent": user_agent}, REMOTE_ADDR=address)
    sign_in(client, "anna")
    return client


def paths(member: User) -> Iterator[tuple[str, str]]:
    """What each page is called here, and its address."""
    page = f"/auth/user/{member.pk}/"
    group = f"/auth/group/{Group.objects.get(name='Manager').pk}/"
    yield from {
        "list": "/auth/user/",
        "add": "/auth/user/add/",
        "member": f"{page}change/",
        "second-factor": f"{page}second-factor/",
        "history": f"{page}history/",
        "links": "/auth/user/links/",
        "groups": "/auth/group/",
        "add-group": "/auth/group/add/",
        "group": f"{group}change/",
        "group-history": f"{group}history/",
        "log": "/staff/securityevent/",
        "sessions": "/accounts/sessions/",
        "confirm": "/accounts/reauthenticate/?next=/accounts/sessions/",
        "two-factor": "/accounts/2fa/",
    }.items()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_pages_of_staff_are_for_everybody(
    page: Page, live_server: LiveServer, axe: Axe, staff: User, language: str, size: ViewportSize, scheme: Any
) -> None:
    languages.choose(User.objects.get(username="anna"), language)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    faults: dict[str, Any] = {}
    for name, path in paths(staff):
        answer = page.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator("html")).to_have_attribute("lang", language)
        faults |= look(page, axe, f"staff-{name}-{language}-{size['width']}-{scheme}")
    assert not faults, pformat(faults, width=200)


def test_all_matches_are_linked_by_keyboard(page: Page, live_server: LiveServer, staff: User) -> None:
    page.goto(f"{live_server.url}/auth/user/")
    page.get_by_role("link", name="Link to Offorte users").press("Enter")
    page.get_by_role("button", name="Link all 2 matches").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 links were made.")).to_be_visible()
    fatima = User.objects.get(username="fatima")
    linked = {(link.connection.account, link.remote_id) for link in fatima.offorte_links.select_related("connection")}
    theirs = AccountUser.objects.filter(firstname="Fatima").select_related("connection")
    assert linked == {(one.connection.account, one.remote_id) for one in theirs}
