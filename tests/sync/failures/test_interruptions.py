"""A run that is taken over, cancelled, stranded or killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncPage, SyncRun
from tests.support.length import usual_or_long
from tests.support.processes import environment
from tests.sync.comparison import assert_mirrored
from tests.sync.failures.runs import advance_to_the_end, start

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]
KILLS = usual_or_long(2, 10)


def test_a_run_is_worked_on_by_one_process_at_a_time(simulator: Simulator, connect: Connect) -> None:
    run = start(connect())
    assert work.claim(run.pk)
    assert work.advance(run.pk) is None
    assert simulator.requests == []


def test_a_run_that_was_taken_over_keeps_nothing_of_the_first(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    run = start(connection)
    taken: list[Any] = []

    def take_over(account: Connection) -> Any:
        client = work.background_client(account)
        fetch = client.fetch_page

        def fetch_and_lose(*args: Any, **options: Any) -> Any:
            page = fetch(*args, **options)
            if not taken:
                SyncRun.objects.filter(pk=run.pk).update(lease="another")
                taken.append(page)
            return page

        client.fetch_page = fetch_and_lose  # type: ignore[method-assign]
        return client

    assert work.advance(run.pk, make_client=take_over) is None
    run.refresh_from_db()
    assert run.lease == "another"
    assert not SyncPage.objects.exists()
    SyncRun.objects.filter(pk=run.pk).update(lease="")
    advance_to_the_end(run)
    assert_mirrored(simulator.account("bouw"), connection)


def test_cancelling_a_queued_run_ends_it_at_once(simulator: Simulator, connect: Connect) -> None:
    run = start(connect())
    sync_run.cancel(run)
    assert run.state == SyncRun.State.CANCELLED
    assert work.advance(run.pk) is None


def test_a_cancelled_run_ends_before_its_next_request(simulator: Simulator, connect: Connect) -> None:
    run = start(connect())

    def cancel_after_two(account: Connection) -> Any:
        client = work.background_client(account)
        fetch = client.fetch_page

        def fetch_then_cancel(*args: Any, **options: Any) -> Any:
            if len(simulator.requests) == 2:
                sync_run.cancel(SyncRun.objects.get(pk=run.pk))
            return fetch(*args, **options)

        client.fetch_page = fetch_then_cancel  # type: ignore[method-assign]
        return client

    work.advance(run.pk, make_client=cancel_after_two)
    run.refresh_from_db()
    assert run.state == SyncRun.State.CANCELLED
    assert run.finished_at
    assert len(simulator.requests) == 3


def test_stranded_runs_are_found_and_due_ones_started(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    (due,) = sync_run.request_due()
    assert due.trigger == SyncRun.Trigger.SCHEDULE
    assert sync_run.request_due() == []
    assert sync_run.resume_stranded() == [due]
    assert work.claim(due.pk)
    assert sync_run.resume_stranded() == []
    SyncRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sync_run.resume_stranded() == [due]
    advance_to_the_end(due)
    assert sync_run.request_due() == []
    SyncRun.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert [run.connection for run in sync_run.request_due()] == [connection]


@pytest.mark.long
def test_kills_end_with_the_mirror_of_an_unbroken_run(simulator: Simulator, connect: Connect) -> None:
    """kill -9 at some points, another process goes on after the lease; nothing is missed or read for nothing."""
    connection = connect()
    run = start(connection)
    settings_of = environment(simulator)
    imports = "import django; django.setup(); from offorte_portal.sync import work"
    script = f"{imports}; work.advance({run.pk}, seconds=60)"
    for kill in range(KILLS):
        seen = len(simulator.requests)
        process = subprocess.Popen([sys.executable, "-c", script], env=settings_of, cwd=django_settings.BASE_DIR)
        while len(simulator.requests) < seen + 1 + kill % 4 and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # As if the lease, and the pause before another try, had gone by.
        SyncRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1), retry_at=None)
    advance_to_the_end(run)
    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE
    assert run.attempts > KILLS // 2
    assert_mirrored(simulator.account("bouw"), connection)
