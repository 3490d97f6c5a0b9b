"""A seller who is known at Offorte by another address than here."""

import pytest
from django.contrib.auth.models import User

from tests.support.factories import link, make_staff


@pytest.fixture
def seller(db: None) -> User:
    user = make_staff("sanne", email="elsewhere@example.com")
    link(user, email="sanne@example.com")
    return user
