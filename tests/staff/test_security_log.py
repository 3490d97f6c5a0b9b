"""What the security log keeps of an event, and the line that it writes."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory
from pytest_django import Settings

from offorte_portal.staff import security_log
from offorte_portal.staff.models import SecurityEvent
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return make_staff("boss")


def test_an_event_keeps_who_did_what_to_whom_and_from_where(rf: RequestFactory, boss: User) -> None:
    anna = make_staff("anna")
    request = rf.post("/", headers={"user-agent": "Firefox " * 100})
    security_log.record(SecurityEvent.Kind.ROLE_CHANGED, by=boss, about=anna, request=request, added=["Seller"])
    event = SecurityEvent.objects.get()
    assert (event.kind, event.by, event.by_name, event.about, event.about_name) == (
        "role_changed",
        boss,
        "boss",
        anna,
        "anna",
    )
    assert (event.address, event.details) == ("127.0.0.1", {"added": ["Seller"]})
    assert len(event.user_agent) == 200


def test_an_event_outlives_the_people_in_it(boss: User) -> None:
    security_log.record(SecurityEvent.Kind.STAFF_ADDED, by=boss, about=make_staff("anna"))
    User.objects.all().delete()
    event = SecurityEvent.objects.get()
    assert (event.by, event.by_name, event.about, event.about_name) == (None, "boss", None, "anna")


def test_who_is_signed_in_did_it(rf: RequestFactory, boss: User) -> None:
    request = rf.post("/")
    request.user = boss
    assert security_log.record(SecurityEvent.Kind.KEYS_ROTATED, request=request).by == boss
    request.user = AnonymousUser()
    assert security_log.record(SecurityEvent.Kind.SIGN_IN_FAILED, request=request, name="eve\0").by_name == "eve"


def test_an_event_about_an_account_names_it() -> None:
    connection = make_connection("bouw")
    event = security_log.record(SecurityEvent.Kind.ACCOUNT_CONNECTED, connection=connection)
    assert (event.connection_id, event.details) == (connection.pk, {"account": "bouw"})


def test_the_line_is_json_on_one_line(rf: RequestFactory, lines: pytest.LogCaptureFixture) -> None:
    request = rf.post("/", headers={"user-agent": "curl\n2026 forged"})
    security_log.record(SecurityEvent.Kind.SIGN_IN_FAILED, request=request, name="eve\r\nroot", reason="password")
    (message,) = lines.messages
    assert len(message.splitlines()) == 1
    line = json.loads(message)
    assert line.pop("time")
    assert line == {
        "event": "sign_in_failed",
        "by": "eve\r\nroot",
        "address": "127.0.0.1",
        "user_agent": "curl\n2026 forged",
        "reason": "password",
    }


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [(0, "203.0.113.9", "127.0.0.1"), (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"), (1, "nonsense", None)],
)
def test_behind_a_proxy_the_visitors_address_counts(
    rf: RequestFactory, settings: Settings, proxies: int, forwarded: str, address: str | None
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.post("/", headers={"x-forwarded-for": forwarded})
    assert security_log.record(SecurityEvent.Kind.SIGNED_OUT, request=request).address == address
