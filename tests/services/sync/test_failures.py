"""A sync that meets trouble ends in a state that a person can read, and the mirror stays right."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone

from contacts.models import Company
from offorte_portal.models import Connection, SyncPage, SyncRun
from offorte_portal.services import sync
from offorte_portal.services.sync import work
from offorte_portal.simulator import Fault, Simulator
from proposals.models import Proposal
from tests.services.sync.comparison import assert_mirrored

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Connection]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(work, "LONGEST_PAUSE", 0.02)


def start(connection: Connection, only: tuple[str, ...] = ()) -> SyncRun:
    return sync.request(connection, trigger=SyncRun.Trigger.COMMAND, only=only, is_queued=False)


def advance_to_the_end(run: SyncRun, seconds: float = 5) -> SyncRun:
    while run.is_active:
        sync.advance(run.pk, seconds=seconds)
        time.sleep(0.02)
        run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_500", path=".*", after=3, times=4),
        Fault("unavailable_503_html", path=".*", after=2, times=8),
        Fault("drop_before", path=".*", after=2, times=5),
        Fault("drop_after", path=".*", after=2, times=5),
        Fault("malformed_json", path="/companies.*", times=1),
        Fault("html_200", path="/proposals.*", after=2, times=2),
        Fault("empty_body", path="/settings/.*", times=1),
        Fault("rate_limited", path=".*", after=4, times=2, retry_after=1),
        Fault("redirect", path="/account/users/", times=1, location="https://example.com/"),
        Fault("unknown_field", path=".*", times=None, name="novelty"),
    ],
    ids=lambda fault: fault.kind,
)
def test_passing_trouble_is_waited_out(simulator: Simulator, connect: Connect, fault: Fault) -> None:
    connection = connect()
    simulator.faults.add(fault)
    run = advance_to_the_end(start(connection))
    assert (run.state, run.reason) == (SyncRun.State.DONE, "")
    simulator.faults.clear()
    if fault.kind != "unknown_field":
        assert_mirrored(simulator.account("bouw"), connection)


def test_an_outage_ends_the_run_with_its_reason(simulator: Simulator, connect: Connect) -> None:
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    run = advance_to_the_end(start(connect()))
    assert run.state == SyncRun.State.FAILED
    assert "Offorte" in run.reason


def test_a_waiting_run_says_why_and_when_it_goes_on(
    simulator: Simulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "FIRST_PAUSE", 30)
    monkeypatch.setattr(work, "LONGEST_PAUSE", 900)
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    run = start(connect())
    assert sync.advance(run.pk) == 30
    run.refresh_from_db()
    assert (run.state, run.failures) == (SyncRun.State.WAITING, 1)
    assert run.reason
    assert run.retry_at
    assert timedelta(seconds=20) < run.retry_at - timezone.now() < timedelta(seconds=31)
    assert sync.advance(run.pk) is None


def test_a_list_that_cannot_be_read_is_left_with_a_warning(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    simulator.faults.add(Fault("status", path="/automations/sets", status=404, times=None))
    simulator.faults.add(Fault("malformed_json", path="/settings/text-templates/", times=None))
    run = advance_to_the_end(start(connection))
    connection.refresh_from_db()
    assert run.state == SyncRun.State.DONE
    assert {warning.resource for warning in run.warnings.all()} == {"automation_sets", "text_templates"}
    assert not run.progress.get("text_templates", {}).get("is_complete")
    assert connection.synced_at is None
    assert Proposal.objects.count() == 14


def test_a_list_that_offorte_does_not_give_leaves_the_rest_synced(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    simulator.faults.add(Fault("status", path="/automations/sets", status=403, times=None))
    run = advance_to_the_end(start(connection))
    connection.refresh_from_db()
    assert (run.state, run.warnings.get().resource) == (SyncRun.State.DONE, "automation_sets")
    assert connection.synced_at


def test_what_a_list_that_failed_does_not_hold_is_not_removed(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    advance_to_the_end(start(connection))
    account.delete_company(next(iter(account.companies)))
    simulator.faults.add(Fault("malformed_json", path="/companies", times=None))
    advance_to_the_end(start(connection))
    assert not Company.objects.filter(removed_at__isnull=False).exists()


def test_details_that_cannot_be_read_are_left_with_a_warning(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    broken = sorted(simulator.account("bouw").proposals)[3]
    simulator.faults.add(Fault("error_500", path=f"/proposals/{broken}/details/", times=None))
    run = advance_to_the_end(start(connection))
    assert run.state == SyncRun.State.DONE
    assert [warning.remote_id for warning in run.warnings.all()] == [broken]
    assert Proposal.objects.filter(details_as_of__isnull=True).get().remote_id == broken
    simulator.faults.clear()
    advance_to_the_end(start(connection))
    assert_mirrored(simulator.account("bouw"), connection)


def test_absent_objects_that_cannot_be_asked_for_stay(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    advance_to_the_end(start(connection))
    gone = next(iter(account.companies))
    account.delete_company(gone)
    simulator.faults.add(Fault("error_500", path=f"/companies/{gone}/", times=None))
    run = advance_to_the_end(start(connection))
    assert run.state == SyncRun.State.DONE
    assert Company.objects.get(remote_id=gone).removed_at is None
    assert any("absent" in warning.message for warning in run.warnings.all())


def test_a_revoked_token_ends_the_run_and_asks_to_reconnect(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    simulator.account("bouw").revoke_tokens()
    run = advance_to_the_end(start(connection))
    connection.refresh_from_db()
    assert run.state == SyncRun.State.FAILED
    assert run.reason
    assert connection.state == Connection.State.RECONNECT


def test_an_account_that_is_not_connected_fails_at_once(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    run = advance_to_the_end(start(connection))
    assert (run.state, simulator.requests) == (SyncRun.State.FAILED, [])


@pytest.mark.parametrize("name", ["name", "status", "company_id", "price_total", "version_id"])
@pytest.mark.parametrize("kind", ["missing_field", "null_field"])
def test_missing_and_null_fields_blank_nothing_that_is_known(
    simulator: Simulator, connect: Connect, kind: Any, name: str
) -> None:
    connection = connect()
    advance_to_the_end(start(connection))
    before = Proposal.objects.order_by("pk").values_list("pk", "status", "name")
    simulator.faults.add(Fault(kind, path="/proposals/open", name=name))
    run = advance_to_the_end(start(connection))
    assert run.state == SyncRun.State.DONE
    if kind == "missing_field":
        assert list(before) == list(Proposal.objects.order_by("pk").values_list("pk", "status", "name"))
    simulator.faults.clear()
    advance_to_the_end(start(connection))
    assert_mirrored(simulator.account("bouw"), connection)


def test_the_database_being_locked_is_waited_out(
    simulator: Simulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.vendor != "sqlite":
        pytest.skip("Only SQLite locks the whole database.")
    connection = connect()
    run = start(connection)
    failures = iter([True, True, False])

    def fail_at_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "contacts_company" in sql and sql.startswith("INSERT") and next(failures, False):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with database.execute_wrapper(fail_at_first):
        advance_to_the_end(run)
    assert run.state == SyncRun.State.DONE
    assert_mirrored(simulator.account("bouw"), connection)


def test_an_unexpected_error_is_recorded_and_raised(
    simulator: Simulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(context: object) -> bool:
        raise KeyError("surprise")

    monkeypatch.setattr(work, "take_step", explode)
    run = start(connect())
    with pytest.raises(KeyError):
        sync.advance(run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == (SyncRun.State.FAILED, "Unexpected error: KeyError")


def test_a_run_is_worked_on_by_one_process_at_a_time(simulator: Simulator, connect: Connect) -> None:
    run = start(connect())
    assert work.claim(run.pk)
    assert sync.advance(run.pk) is None
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

    assert sync.advance(run.pk, make_client=take_over) is None
    run.refresh_from_db()
    assert run.lease == "another"
    assert not SyncPage.objects.exists()
    SyncRun.objects.filter(pk=run.pk).update(lease="")
    advance_to_the_end(run)
    assert_mirrored(simulator.account("bouw"), connection)


def test_cancelling_a_queued_run_ends_it_at_once(simulator: Simulator, connect: Connect) -> None:
    run = start(connect())
    sync.cancel(run)
    assert run.state == SyncRun.State.CANCELLED
    assert sync.advance(run.pk) is None


def test_cancelling_a_run_that_is_worked_on_ends_it_before_its_next_request(
    simulator: Simulator, connect: Connect
) -> None:
    run = start(connect())

    def cancel_after_two(account: Connection) -> Any:
        client = work.background_client(account)
        fetch = client.fetch_page

        def fetch_then_cancel(*args: Any, **options: Any) -> Any:
            if len(simulator.requests) == 2:
                sync.cancel(SyncRun.objects.get(pk=run.pk))
            return fetch(*args, **options)

        client.fetch_page = fetch_then_cancel  # type: ignore[method-assign]
        return client

    sync.advance(run.pk, make_client=cancel_after_two)
    run.refresh_from_db()
    assert run.state == SyncRun.State.CANCELLED
    assert run.finished_at
    assert len(simulator.requests) == 3


def test_a_clock_that_goes_backwards_does_not_freeze_the_mirror(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run = advance_to_the_end(start(connection))
    ahead = timezone.now() + timedelta(hours=3)
    Company.objects.update(as_of=ahead)
    SyncRun.objects.filter(pk=run.pk).update(checkpoint={**run.checkpoint, "as_of": ahead.isoformat()})
    changed, gone = list(account.companies)[:2]
    account.update_company(changed, name="Renamed after the clock was set back")
    account.delete_company(gone)
    advance_to_the_end(start(connection))
    assert_mirrored(account, connection)


def test_stranded_runs_are_found_and_due_ones_started(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    (due,) = sync.request_due()
    assert due.trigger == SyncRun.Trigger.SCHEDULE
    assert sync.request_due() == []
    assert sync.resume_stranded() == [due]
    assert work.claim(due.pk)
    assert sync.resume_stranded() == []
    SyncRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sync.resume_stranded() == [due]
    advance_to_the_end(due)
    assert sync.request_due() == []
    SyncRun.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert [run.connection for run in sync.request_due()] == [connection]


def test_ten_kills_and_resumptions_end_with_the_mirror_of_an_unbroken_run(
    simulator: Simulator, connect: Connect
) -> None:
    """kill -9 at ten points, another process goes on after the lease; nothing is missed or read for nothing."""
    connection = connect()
    run = start(connection)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "offorte_portal.settings",
        "DATABASE_URL": database_url(),
        "OFFORTE_API_URL": simulator.api_url,
        "OFFORTE_OAUTH_URL": simulator.oauth_url,
        "OFFORTE_REQUESTS_PER_MINUTE": "0",
    }
    script = (
        f"import django; django.setup(); from offorte_portal.services import sync; sync.advance({run.pk}, seconds=60)"
    )
    for kill in range(10):
        seen = len(simulator.requests)
        process = subprocess.Popen([sys.executable, "-c", script], env=environment, cwd=django_settings.BASE_DIR)
        while len(simulator.requests) < seen + 1 + kill % 4 and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # As if the two minutes of the lease had gone by.
        SyncRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    advance_to_the_end(run)
    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE
    assert run.attempts > 5
    assert_mirrored(simulator.account("bouw"), connection)


def database_url() -> str:
    """The address of the test database, for another process."""
    parts = database.settings_dict
    if database.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    return f"postgres://{parts['USER']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
