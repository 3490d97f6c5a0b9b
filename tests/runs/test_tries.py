"""A process that is killed has tried: what kills it is not begun again for ever."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import context as quote_context
from offorte_portal.other_systems import runs as quote_runs
from offorte_portal.other_systems import work as quote_work
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease
from offorte_portal.runs.reasons import RunReason
from offorte_portal.sync import context as sync_context
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work as sync_work
from offorte_portal.sync.models import SyncRun

pytestmark = pytest.mark.django_db
Make = Callable[[], Any]


def make_import() -> QuoteImport:
    source = Source.objects.create(system="fynn", label="Fynn", base_url="http://127.0.0.1:9", secret="s")
    return QuoteImport.objects.create(source=source, trigger="command")


def make_sync() -> SyncRun:
    return SyncRun.objects.create(connection=Connection.objects.create(account="bouw"), trigger="command")


def move_import(run: QuoteImport, lease: Lease) -> None:
    reader: Any = SimpleNamespace(http=SimpleNamespace(count=1))
    with quote_context.Context(run, reader, mapper=reader, lease=lease).keep():
        pass


def move_sync(run: SyncRun, lease: Lease) -> None:
    client: Any = None
    context = sync_context.Context(run, client, lease, sync_work.load_checkpoint(run))
    context.save(context.at)


IMPORTS = SimpleNamespace(advance=quote_work.advance, **vars(quote_runs))
SYNCS = SimpleNamespace(advance=sync_work.advance, **vars(sync_run))
KINDS = [(make_import, quote_work.claim, IMPORTS), (make_sync, sync_work.claim, SYNCS)]
every_kind = pytest.mark.parametrize(("make", "claim", "service"), KINDS, ids=["import", "sync"])


def outlast_lease(run: Any) -> None:
    type(run).objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def outlast_pause(run: Any) -> None:
    type(run).objects.filter(pk=run.pk).update(retry_at=timezone.now() - timedelta(seconds=1))


@every_kind
def test_a_run_killed_again_and_again_fails_and_says_so(make: Make, claim: Any, service: Any) -> None:
    run = make()
    pauses = []
    for _ in range(tries.MOST_FAILURES):
        begun = timezone.now()
        assert claim(run.pk)
        outlast_lease(run)
        run.refresh_from_db()
        if run.retry_at:
            assert service.resume_stranded() == []
            pauses.append(round((run.retry_at - begun).total_seconds()))
            outlast_pause(run)
        assert service.resume_stranded() == [run]
    assert service.advance(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.reason, run.lease, run.retry_at) == ("failed", RunReason.STOPPED(), "", None)
    assert pauses == [60, 120, 240, 480, *[900] * 7]
    assert service.resume_stranded() == []


@every_kind
def test_a_slice_without_a_failure_takes_its_try_back(make: Make, claim: Any, service: Any) -> None:
    run = make()
    type(run).objects.update(failures=3)
    held = claim(run.pk)
    run.refresh_from_db()
    assert run.failures == 4
    tries.give_back(held)
    run.refresh_from_db()
    assert (run.failures, run.lease, run.retry_at) == (3, "", None)


@pytest.mark.parametrize(
    ("make", "claim", "move", "service"),
    [(make_import, quote_work.claim, move_import, IMPORTS), (make_sync, sync_work.claim, move_sync, SYNCS)],
    ids=["import", "sync"],
)
def test_a_killed_run_that_got_further_goes_on_at_once(make: Make, claim: Any, move: Any, service: Any) -> None:
    run = make()
    for _ in range(3):
        lease = claim(run.pk)
        outlast_lease(run)
        outlast_pause(run)
    run.refresh_from_db()
    type(run).objects.update(retry_at=timezone.now() + timedelta(minutes=2))
    move(run, lease)
    outlast_lease(run)
    assert service.resume_stranded() == [run]


@every_kind
def test_what_a_killed_process_holds_is_cancelled_at_once(make: Make, claim: Any, service: Any) -> None:
    run = make()
    assert claim(run.pk)
    outlast_lease(run)
    type(run).objects.update(failures=F("failures") + 5, retry_at=timezone.now() + timedelta(minutes=15))
    service.cancel(run)
    assert run.state == "cancelled"
