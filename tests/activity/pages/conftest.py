"""A seller who owns proposals at Offorte, one of hers and one of somebody else's."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.connections.models import Connection
from proposals.models import Proposal
from tests.activity.pages.entries import make_user
from tests.support.bulk import sign_in
from tests.support.factories import link, make_connection, make_proposal


@pytest.fixture
def connection() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def sanne(connection: Connection) -> User:
    """A seller who owns proposals at Offorte."""
    user = make_user("sanne@example.com", "view_proposal")
    link(user, connection, email="Sanne@Example.com", lastname="Jansen")
    return user


@pytest.fixture
def client(sanne: User) -> Client:
    return sign_in(sanne)


@pytest.fixture
def mine(connection: Connection) -> Proposal:
    return make_proposal(
        connection, name="Dakkapel", owner_email="sanne@example.com", company_name="De Vries", price_total="1234.50"
    )


@pytest.fixture
def theirs(connection: Connection) -> Proposal:
    return make_proposal(connection, name="Kozijnen", owner_email="pieter@example.com", owner_name="Pieter Kok")
