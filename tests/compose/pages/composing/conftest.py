"""A seller who composes, in an account that is mirrored."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from contacts.models import Person
from offorte_portal.connections.models import Connection
from tests.compose.composing import document
from tests.compose.drafting import price_row
from tests.support.factories import make_staff
from tests.support.forms import Mirror


@pytest.fixture
def user(client: Client) -> User:
    user = make_staff("sanne", first_name="Sanne", email="sanne@bouw.example")
    client.force_login(user)
    return user


@pytest.fixture
def connection(mirror: Mirror, user: User) -> Connection:
    return mirror()


@pytest.fixture
def person(connection: Connection) -> Person:
    return Person.objects.exclude(email="").exclude(company=None).order_by("pk")[0]


@pytest.fixture
def complete(person: Person) -> dict[str, Any]:
    """What has to be typed for a proposal to be created."""
    return {
        "name": "Dakkapel",
        "company_id": person.company_remote_id,
        "company_contacts": [str(person.remote_id)],
        "document": document(price_row()),
    }
