"""An account whose mirror is complete, and a worker that works when it is told to."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning, registry, starting
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.writes import draining
from tests.support.factories import make_staff
from tests.support.mirrored import mirror_account

Start = Callable[..., Job]
# Seconds in which a job of a test is done on the busiest machine; the slices of production are shorter.
LONGEST = 120


@pytest.fixture
def account(simulator: Simulator, connect: Callable[..., Connection]) -> Connection:
    """The simulator's account, synced."""
    connection = connect()
    mirror_account(connection, simulator)
    return connection


@pytest.fixture
def boss(db: None) -> User:
    """Somebody who may do everything."""
    return make_staff("boss")


@pytest.fixture
def start(boss: User) -> Start:
    """Starts a job as its page would: options checked, then confirmed."""

    def make(
        name: str, rows: Any, options: Mapping[str, Any] | None = None, by: User | None = None, **more: Any
    ) -> Job:
        action = registry.find(name)
        selection = [getattr(row, "pk", row) for row in rows]
        options = action.clean(options or {})
        return starting.start(action, selection=selection, options=options, by=by or boss, **({"key": uuid4()} | more))

    return make


def work_off(job: Job) -> Job:
    """Let the worker plan the job and send all that waits in its accounts."""
    planning.plan(job.pk, seconds=LONGEST)
    for connection in Connection.objects.filter(operations__job=job).distinct():
        draining.drain(connection.pk, seconds=LONGEST)
    ending.finish_ended()
    job.refresh_from_db()
    return job


def reload(user: User) -> User:
    """The person without the permissions that were looked up before."""
    return User.objects.get(pk=user.pk)


def make_seller(*codenames: str, **fields: Any) -> User:
    """A member of staff with these permissions only."""
    seller = make_staff(is_superuser=False, **fields)
    seller.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return seller
