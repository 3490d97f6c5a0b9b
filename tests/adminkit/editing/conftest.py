"""A company that is mirrored, and somebody who may change it."""

import pytest
from django.test import Client

from contacts.models import Company
from tests.support.forms import Mirror, staff_client


@pytest.fixture
def company(mirror: Mirror) -> Company:
    mirror("companies")
    return Company.objects.order_by("pk")[0]


@pytest.fixture
def client(company: Company) -> Client:
    return staff_client(username="sanne", first_name="Sanne", last_name="Jansen")
