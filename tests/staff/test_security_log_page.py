"""Administrators read the security log, find things in it, and can change nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from offorte_portal.runs import schedules
from offorte_portal.staff import retention, security_log
from offorte_portal.staff.models import SecurityEvent
from offorte_portal.staff.models.security_event import Kind
from offorte_portal.staff.roles import grant
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db

LIST = "/staff/securityevent/"


@pytest.fixture
def administrator() -> Client:
    grant(apps, connection.SchemaEditorClass(connection))
    user = make_staff("boss", is_superuser=False)
    user.groups.add(Group.objects.get(name="Administrator"))
    client = Client()
    client.force_login(user)
    return client


def record(kind: Kind, days_ago: int = 0, **options: object) -> SecurityEvent:
    event = security_log.record(kind, **options)  # type: ignore[arg-type]
    event.happened_at -= timedelta(days=days_ago)
    event.save()
    return event


def show(client: Client, query: str = "") -> str:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_tells_what_happened_by_whom_to_whom_and_from_where(administrator: Client, rf: object) -> None:
    anna = make_staff("anna")
    record(Kind.ROLE_CHANGED, by=make_staff("bram"), about=anna, added=["Seller"], removed=["Viewer"])
    record(Kind.SIGNED_IN, by=anna, methods=["password", "totp"])
    SecurityEvent.objects.filter(kind=Kind.SIGNED_IN).update(address="192.0.2.1", user_agent="Windows Firefox/140.0")
    page = show(administrator)
    for text in ("Role changed", "bram", "anna", "Added: Seller", "Removed: Viewer"):
        assert text in page
    for text in ("Signed in", "Password, Authenticator app", "192.0.2.1", "Firefox, Windows"):
        assert text in page
    assert page.index("Signed in</") < page.index("Role changed</"), "the newest first"


def test_it_is_narrowed_by_event_person_and_time_and_searched(administrator: Client) -> None:
    anna, bram = make_staff("anna"), make_staff("bram")
    record(Kind.SIGNED_IN, by=anna, days_ago=100)
    record(Kind.ROLE_CHANGED, by=bram, about=anna)
    record(Kind.SIGNED_OUT, by=bram)
    SecurityEvent.objects.filter(kind=Kind.SIGNED_OUT).update(address="192.0.2.44")

    def found(query: str) -> set[str]:
        context: Any = administrator.get(LIST + query).context_data
        return {row.kind for row in context["cl"].result_list}

    assert found("?kind=signed_in,signed_out") == {"signed_in", "signed_out"}
    assert found(f"?person={anna.pk}") == {"signed_in", "role_changed"}
    assert found("?at=today") == {"role_changed", "signed_out"}
    assert found("?q=192.0.2.44") == {"signed_out"}
    assert found("?q=anna") == {"signed_in", "role_changed"}


def test_each_event_has_a_page_and_no_button(administrator: Client) -> None:
    event = record(Kind.SIGN_IN_FAILED, name="eve@example.com", reason="limited")
    SecurityEvent.objects.update(count=12, last_at=timezone.now())
    path = f"{LIST}{event.pk}/change/"
    page = administrator.get(path).content.decode()
    for text in ("eve@example.com", "Too many attempts", "12 times"):
        assert text in page
    assert administrator.post(path, {"by_name": "nobody"}).status_code == 403
    assert administrator.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert administrator.get(f"{LIST}add/").status_code == 403
    assert SecurityEvent.objects.get().by_name == "eve@example.com"


def test_it_is_for_administrators(administrator: Client) -> None:
    manager = make_staff("mia", is_superuser=False)
    manager.groups.add(Group.objects.get(name="Manager"))
    client = Client()
    client.force_login(manager)
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/").content.decode()
    assert LIST in administrator.get("/auth/user/").content.decode()


def test_it_is_shown_in_dutch(administrator: Client) -> None:
    record(Kind.SIGN_IN_FAILED, name="eve@example.com", reason="limited")
    page = administrator.get(LIST, headers={"accept-language": "nl"}).content.decode()
    assert "Inloggen mislukt" in page
    assert "Te veel pogingen" in page


def test_what_people_typed_is_text(administrator: Client) -> None:
    record(Kind.SIGN_IN_FAILED, name="<b>eve</b>@example.com", reason="<i>")
    page = show(administrator)
    assert "<b>eve" not in page
    assert "<i>" not in page


def test_old_events_go_and_failures_are_kept_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_FAILURES", 3)
    monkeypatch.setattr(retention, "BATCH", 2)
    record(Kind.SIGNED_IN, days_ago=retention.KEPT_DAYS + 1)
    kept = record(Kind.SIGNED_IN, days_ago=retention.KEPT_DAYS - 1)
    failures = [record(Kind.SIGN_IN_FAILED, days_ago=number, name="eve") for number in range(8, 0, -1)]
    schedules.run("check webhooks")
    assert list(SecurityEvent.objects.order_by("id")) == [kept, *failures[-3:]]
    assert retention.drop_old() == 0


def test_failures_about_strangers_push_out_none_about_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_FAILURES", 2)
    guess = record(Kind.SIGN_IN_FAILED, days_ago=9, about=make_staff("anna"))
    strangers = [record(Kind.SIGN_IN_FAILED, days_ago=number, name="eve") for number in range(4, 0, -1)]
    assert retention.drop_old() == 2
    assert list(SecurityEvent.objects.order_by("id")) == [guess, *strangers[-2:]]
