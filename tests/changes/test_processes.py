"""Several processes bring and follow news at once, and any of them may die: nothing is missed, nothing is double."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from offorte_portal.activity.models import Activity, Notification
from offorte_portal.changes import following, registry
from offorte_portal.changes.models import Change
from offorte_portal.changes.recording import Recording, Source, What, recording
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import ProposalStats, Rollup
from proposals.models import Proposal
from tests.changes.conftest import Listener
from tests.support.factories import link, make_proposal
from tests.support.fixtures import member
from tests.support.length import usual_or_long
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

KILLS = usual_or_long(3, 10)
# Statements after which a process dies, the first time; later ones get further.
FIRST, STEP = 5, 9
SCRIPT = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from offorte_portal.changes import following
following.BATCH = 2
left = int(sys.argv[1])
def die(execute, *args):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*args)
with connection.execute_wrapper(die):
    following.sweep()
"""


def test_who_commits_last_has_the_last_line(
    account: Connection, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, is_over = threading.Event(), threading.Event()
    write = Recording.write

    def write_and_wait(self: Recording) -> set[str]:
        kinds = write(self)
        if 1 in self.objects["proposals"]:
            written.set()
            is_over.wait(1)  # in vain, for the other one waits for this
        return kinds

    def tell(remote_id: int) -> None:
        try:
            with recording(account.pk) as record:
                record.note("proposals", remote_id, What.NEW)
        finally:
            connections.close_all()

    monkeypatch.setattr(Recording, "write", write_and_wait)
    first = threading.Thread(target=tell, args=[1])
    first.start()
    assert written.wait(10)
    tell(2)
    is_over.set()
    first.join()
    assert [line.remote_ids for line in Change.objects.order_by("pk")] == [[1], [2]]
    assert listener.ids == [1, 2]


def test_many_at_once_miss_and_double_nothing(account: Connection, listener: Listener) -> None:
    def tell(begin: int) -> None:
        try:
            for remote_id in range(begin, begin + 10):
                with recording(account.pk) as record:
                    record.note("proposals", remote_id, What.NEW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell, args=[begin]) for begin in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    following.sweep()
    assert len(listener.ids) == len(set(listener.ids)) == 30


@pytest.fixture
def seller(account: Connection) -> User:
    """Whom every event of the proposals below is told."""
    user = member("Seller", "sanne", email="sanne@bouw.example")
    for _number in range(8):
        make_proposal(account, owner_email=user.email, details_as_of=timezone.now(), as_of=timezone.now())
    link(user, account)
    following.sweep()
    return user


def test_followers_that_are_killed_miss_and_double_nothing(account: Connection, seller: User) -> None:
    Notification.objects.all().delete()
    with nobody_follows():
        for stats in ProposalStats.objects.order_by("pk"):
            post(account, stats.proposal.remote_id)
    for number in range(KILLS):
        assert follow_and_die(FIRST + STEP * number) == -signal.SIGKILL
    assert follow_and_die(0) == 0
    assert Change.objects.filter(facts=[]).count() == 0
    assert Activity.objects.filter(kind="won").count() == 8
    told = Notification.objects.filter(user=seller)
    assert told.count() == 8
    assert len({one.activity_id for one in told}) == 8
    assert set(ProposalStats.objects.values_list("status", flat=True)) == {"won"}
    assert sum(Rollup.objects.filter(basis="created", status="won").values_list("count", flat=True)) == 8


def post(account: Connection, remote_id: int) -> None:
    """An event as the inbox applies it."""
    with recording(account.pk, Source.EVENT) as record:
        rows = Proposal.objects.filter(connection=account, remote_id=remote_id)
        rows.update(status="won", as_of=timezone.now())
        record.note("proposals", remote_id, What.CHANGED, {"status": "open"}, {"status": "won"})
        at = timezone.now() - timedelta(minutes=1)
        record.add_fact("proposals", remote_id=remote_id, event="proposal_won", at=at, status="won")


@contextmanager
def nobody_follows() -> Iterator[None]:
    """As if whoever brings news died as soon as it is committed."""
    known = dict(registry.FOLLOWERS)
    registry.FOLLOWERS.clear()
    try:
        yield
    finally:
        registry.FOLLOWERS.update(known)


def follow_and_die(after: int) -> int:
    """Let a process follow what there is; it dies before so many statements, 0: never."""
    command = [sys.executable, "-c", SCRIPT, str(after)]
    return subprocess.run(command, env=environment(), cwd=settings.BASE_DIR, check=False).returncode
