"""A web process that waits for a moment, and somebody who may do everything."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from offorte_portal.waiting import middleware
from offorte_portal.waiting.pool import Pool


@pytest.fixture(autouse=True)
def pool(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """A web process that waits for a moment, with threads of its own."""
    settings.ANSWER_WITHIN = 0.3
    fresh = Pool()
    monkeypatch.setattr(middleware, "POOL", fresh)
    monkeypatch.setattr(middleware, "GLANCE", 0.1)
    return fresh


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_superuser("ada"))
    return client
