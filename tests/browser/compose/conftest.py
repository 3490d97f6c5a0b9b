"""A seller who composes in a browser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from tests.support.factories import make_staff
from tests.support.forms import Mirror

SignIn = Callable[[User], None]


@pytest.fixture
def user(sign_in: SignIn) -> User:
    user = make_staff("sanne", first_name="Sanne", last_name="de Wit", email="sanne@bouw.example")
    sign_in(user)
    return user


@pytest.fixture
def connection(mirror: Mirror, user: User) -> Connection:
    return mirror()


@pytest.fixture
def company(connection: Connection) -> Company:
    person = Person.objects.exclude(email="").exclude(company=None).order_by("pk")[0]
    assert person.company is not None
    return person.company


@pytest.fixture
def editor(page: Page, live_server: LiveServer, company: Company) -> Page:
    """The form of a new proposal for a company."""
    page.goto(f"{live_server.url}/compose/new/?company={company.pk}")
    expect(page.locator("[data-table]")).to_be_visible()
    return page
