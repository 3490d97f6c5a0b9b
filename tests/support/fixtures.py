import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from tests.compose.conftest import manager, person, proposal, seller
from tests.support.factories import make_staff

__all__ = ["manager", "person", "proposal", "seller"]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Begin with nothing remembered by this process."""
    caches["local"].clear()


@pytest.fixture
def sanne(client: Client) -> User:
    """A superuser who is signed in; proposals of sanne@example.com are hers."""
    user = make_staff("sanne")
    client.force_login(user)
    return user
