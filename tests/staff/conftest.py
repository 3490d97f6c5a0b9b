"""Fixtures for tests that sign in often, and administrators who manage staff."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.db import connection
from django.test import Client

from offorte_portal.staff import security_log
from offorte_portal.staff.roles import grant
from tests.support.factories import make_staff
from tests.support.signing_in import confirm


@pytest.fixture(autouse=True)
def nothing_counted_before(db: None) -> Iterator[None]:
    """Attempts are counted in the cache."""
    for name in caches:
        caches[name].clear()
    yield
    for name in caches:
        caches[name].clear()


@pytest.fixture
def roles(db: None) -> None:
    grant(apps, connection.SchemaEditorClass(connection))


@pytest.fixture
def administrator(roles: None) -> User:
    return make_member("anna", "Administrator")


def make_member(name: str, role: str, **fields: object) -> User:
    user = make_staff(name, is_superuser=False, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return confirm(client)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the logger of the security log writes, which it does not hand on."""
    security_log.logger.addHandler(caplog.handler)
    caplog.set_level(logging.INFO, logger=security_log.logger.name)
    yield caplog
    security_log.logger.removeHandler(caplog.handler)


@pytest.fixture
def failures(lines: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Tells why people were refused, as far as that was written down: a reason for each line, in order."""

    def read() -> list[str]:
        written = [json.loads(record.getMessage()) for record in lines.records if record.name == "portal.security"]
        return [line["reason"] for line in written if line["event"] == "sign_in_failed"]

    return read
