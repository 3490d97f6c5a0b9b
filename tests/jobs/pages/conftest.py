"""A manager who acts on proposals of one account."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from proposals.models import Proposal
from tests.support.bulk import make_member, sign_in, start_job
from tests.support.factories import make_connection, make_proposal


@pytest.fixture
def account() -> Connection:
    return make_connection(label="De Vries")


@pytest.fixture
def manager(account: Connection) -> User:
    return make_member("Manager", "mia")


@pytest.fixture
def client(manager: User) -> Client:
    return sign_in(manager)


@pytest.fixture
def opened(account: Connection) -> list[Proposal]:
    return [make_proposal(name=f"Dak {number}", price_total=Decimal(number)) for number in range(1, 4)]


@pytest.fixture
def job(manager: User) -> Job:
    """A running job with three writes and one row that is left out."""
    rows = [make_proposal(name=f"Dak {number}") for number in range(3)] + [make_proposal(name="Oud", status="lost")]
    return start_job(manager, "proposals.mark_lost", rows)
