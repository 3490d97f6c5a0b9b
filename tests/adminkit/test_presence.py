"""Who counts as a person that is about."""

import logging
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection as database
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from offorte_portal.adminkit.presence import PresenceMiddleware
from offorte_portal.connections.models import Connection, RequestBudget

pytestmark = pytest.mark.django_db
STAFF = User(username="seller", is_staff=True)


@dataclass
class Clock:
    moment: float = 5

    def __call__(self) -> float:
        return self.moment


@pytest.fixture(autouse=True)
def budget() -> RequestBudget:
    connection = Connection.objects.create(account="bouw", client_id="id", client_secret="hush")
    return RequestBudget.objects.create(connection=connection)


def visit(
    path: str = "/proposals/",
    *,
    method: str = "GET",
    user: User | AnonymousUser = STAFF,
    headers: dict[str, str] | None = None,
    middleware: PresenceMiddleware | None = None,
) -> HttpResponse:
    request = RequestFactory().generic(method, path, headers=headers)
    request.user = user
    response = (middleware or PresenceMiddleware(answer))(request)
    assert isinstance(response, HttpResponse)
    return response


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


def is_noted() -> bool:
    return RequestBudget.objects.get().person_seen > 0


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("GET", {"HX-Request": "true", "HX-Boosted": "true"}),
        ("POST", {"HX-Request": "true"}),
    ],
    ids=["page", "boosted page", "change by htmx"],
)
def test_what_staff_do_is_noted(method: str, headers: dict[str, str]) -> None:
    assert visit(method=method, headers=headers).content == b"page"
    assert is_noted()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/webhooks/offorte/abc/", "/static/adminkit/css/list.css"])
def test_machines_are_not_people(path: str) -> None:
    visit(path)
    assert not is_noted()


@pytest.mark.parametrize("user", [AnonymousUser(), User(username="guest")], ids=["anonymous", "not staff"])
def test_only_staff_count(user: User | AnonymousUser) -> None:
    visit(user=user)
    assert not is_noted()


def test_a_page_that_refreshes_itself_is_no_person() -> None:
    visit(headers={"HX-Request": "true"})
    assert not is_noted()


def test_a_process_notes_people_once_in_half_a_minute() -> None:
    clock = Clock()
    middleware = PresenceMiddleware(answer, now=clock)
    visit(user=AnonymousUser(), middleware=middleware)
    visit(middleware=middleware)
    RequestBudget.objects.update(person_seen=0)
    clock.moment += 29
    visit(middleware=middleware)
    assert not is_noted()
    clock.moment += 1
    visit(middleware=middleware)
    assert is_noted()


def test_a_note_that_can_not_be_written_costs_nobody_their_page(caplog: pytest.LogCaptureFixture) -> None:
    with database.cursor() as cursor:
        cursor.execute("ALTER TABLE connections_requestbudget RENAME TO budget_elsewhere")
    with caplog.at_level(logging.WARNING, "offorte_portal.adminkit.presence"):
        assert visit().content == b"page"
    assert "Could not note" in caplog.text
