"""What can't be read is left with a warning; nothing that is known is blanked or removed for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError
from django.db import connection as database
from django.utils import timezone

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.items import Applied
from offorte_portal.mirror.resource import Json, Resource
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.models import SyncRun
from proposals.models import Proposal
from tests.sync.comparison import assert_mirrored
from tests.sync.failures.runs import advance_to_the_end, start

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]


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


def test_a_list_that_offorte_refuses_leaves_the_rest_synced(simulator: Simulator, connect: Connect) -> None:
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


@pytest.mark.parametrize("status", [400, 500])
def test_details_that_cannot_be_read_are_left_with_a_warning(
    simulator: Simulator, connect: Connect, status: int
) -> None:
    connection = connect()
    broken = sorted(simulator.account("bouw").proposals)[3]
    simulator.faults.add(Fault("status", path=f"/proposals/{broken}/details/", status=status, times=None))
    run = advance_to_the_end(start(connection))
    assert run.state == SyncRun.State.DONE
    assert [warning.remote_id for warning in run.warnings.all()] == [broken]
    assert Proposal.objects.filter(details_as_of__isnull=True).get().remote_id == broken
    simulator.faults.clear()
    advance_to_the_end(start(connection))
    assert_mirrored(simulator.account("bouw"), connection)


@pytest.mark.parametrize("error", [IntegrityError, DataError])
def test_a_list_that_cannot_be_kept_is_left_with_a_warning(
    simulator: Simulator, connect: Connect, error: type[Exception]
) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "contacts_company"'):
            raise error("odd")
        return execute(sql, params, many, context)

    run = start(connect())
    with database.execute_wrapper(refuse):
        advance_to_the_end(run)
    assert (run.state, Company.objects.count(), Proposal.objects.count()) == (SyncRun.State.DONE, 0, 14)
    warning = run.warnings.get()
    assert (warning.resource, put_into_words(warning.reason)) == (
        "companies",
        "We couldn’t read this list: The portal couldn’t write to its database: odd",
    )


@pytest.mark.parametrize("error", [TypeError, IntegrityError, DataError])
def test_details_that_cant_be_kept_are_warned_of_and_retried(
    simulator: Simulator,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
) -> None:
    connection = connect()
    broken = sorted(simulator.account("bouw").proposals)[3]

    def apply(connection_id: int, resource: Resource, remote_id: int, raw: Json, **options: Any) -> Applied:
        applied = apply_object(connection_id, resource, remote_id, raw, **options)
        if remote_id == broken:
            raise error("odd")
        return applied

    with monkeypatch.context() as patch:
        patch.setattr("offorte_portal.sync.details.apply_object", apply)
        run = advance_to_the_end(start(connection))
    warning = run.warnings.get()
    assert (run.state, warning.remote_id) == (SyncRun.State.DONE, broken)
    assert put_into_words(warning.reason) == f"We couldn’t read the details: {error.__name__}"
    assert "can't be kept" in caplog.text
    row = Proposal.objects.get(details_as_of__isnull=True)
    assert (row.remote_id, row.details_tries) == (broken, 1)
    Proposal.objects.filter(pk=row.pk).update(details_retry_at=timezone.now())
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
    assert any("couldn’t check whether" in put_into_words(warning.reason) for warning in run.warnings.all())


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
