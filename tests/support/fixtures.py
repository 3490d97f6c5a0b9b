"""People and a proposal that tests of several rooms need, and what every test begins with."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.test import Client

from contacts.models import Person
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from proposals.models import Proposal
from tests.support.factories import link_by_address, make_staff
from tests.support.forms import Mirror


@pytest.fixture
def seller(proposal: Proposal) -> User:
    """The owner of the proposal below."""
    user = member("Seller", "sanne", email="sanne@bouw.example")
    link_by_address(user)
    return user


@pytest.fixture
def manager() -> User:
    return member("Manager", "boss")


def member(role: str, name: str, **fields: str) -> User:
    """Somebody with a role."""
    user = make_staff(name, is_superuser=False, first_name=name.capitalize(), **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def proposal(simulator: Simulator, mirror: Mirror) -> Proposal:
    """One in edit, of 1,000 less a tenth, at a company with one person who can receive it."""
    account = simulator.account("bouw")
    simulator.switches.vintage = "live"
    person = next(one for one in account.people.values() if one["email"])
    owner = next(one for one in account.users.values() if one["email"].startswith("sanne"))
    rows = [
        PriceRow("price", "<p>Dak</p>", Decimal(2), Decimal(500), Decimal(21)),
        PriceRow("discount", "<p>Korting</p>", discount_type="percentage", discount_value=Decimal(10)),
    ]
    fields = {"name": "Dakkapel", "pricetables": [PriceTable("t", rows)], "account_user_id": owner["id"]}
    made = account.create_proposal(person["company_id"], **fields)
    mirror()
    return Proposal.objects.get(remote_id=made["id"])


@pytest.fixture
def person(proposal: Proposal) -> Person:
    """The one who can receive it."""
    return Person.objects.filter(company=proposal.company).exclude(email="").order_by("pk")[0]


@pytest.fixture
def sanne(client: Client) -> User:
    """A superuser who is signed in; proposals of sanne@example.com are hers."""
    user = make_staff("sanne")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Begin with nothing that this process remembers."""
    caches["local"].clear()
