"""The portal's own machine fails: its database is locked, its clock goes back, its code is wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import RunReason
from offorte_portal.simulator import Simulator
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from tests.sync.comparison import assert_mirrored
from tests.sync.failures.runs import advance_to_the_end, start

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]


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
        work.advance(run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == (SyncRun.State.FAILED, RunReason.UNEXPECTED(error="KeyError"))


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
