"""A process that is killed has tried: what kills it is not begun again for ever."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from offorte_portal import other_systems as quotes
from offorte_portal import sync
from offorte_portal.models import Connection, QuoteImport, Source, SyncRun
from offorte_portal.other_systems import context as quote_context
from offorte_portal.other_systems import work as quote_work
from offorte_portal.runs import tries
from offorte_portal.sync import context as sync_context
from offorte_portal.sync import work as sync_work

pytestmark = pytest.mark.django_db
Make = Callable[[], Any]


def make_import() -> QuoteImport:
    source = Source.objects.create(system="fynn", label="Fynn", base_url="http://127.0.0.1:9", secret="s")
    return QuoteImport.objects.create(source=source, trigger="command")


def make_sync() -> SyncRun:
    return SyncRun.objects.create(connection=Connection.objects.create(account="bouw"), trigger="command")


def move_import(run: QuoteImport, lease: str) -> None:
    reader: Any = SimpleNamespace(http=SimpleNamespace(count=1))
    with quote_context.Context(run, reader, mapper=reader, lease=lease).keep():
        pass


def move_sync(run: SyncRun, lease: str) -> None:
    client: Any = None
    context = sync_context.Context(run, client, lease, sync_work.load_checkpoint(run))
    context.save(context.at)


KINDS = [(make_import, quote_work.claim, quotes), (make_sync, sync_work.claim, sync)]
every_kind = pytest.mark.parametrize(("make", "claim", "service"), KINDS, ids=["import", "sync"])


def outlast_lease(run: Any) -> None:
    type(run).objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def outlast_pause(run: Any) -> None:
    type(run).objects.filter(pk=run.pk).update(retry_at=timezone.now() - timedelta(seconds=1))


@every_kind
def test_one_whose_process_is_killed_again_and_again_fails_and_says_so(make: Make, claim: Any, service: Any) -> None:
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
    assert (run.state, run.reason, run.lease, run.retry_at) == ("failed", tries.STOPPED, "", None)
    assert pauses == [60, 120, 240, 480, *[900] * 7]
    assert service.resume_stranded() == []


@every_kind
def test_a_slice_without_a_failure_takes_its_try_back(make: Make, claim: Any, service: Any) -> None:
    run = make()
    type(run).objects.update(failures=3)
    assert claim(run.pk)
    type(run).objects.filter(pk=run.pk, failures=4).update(**tries.released())
    run.refresh_from_db()
    assert (run.failures, run.lease, run.retry_at) == (3, "", None)


@pytest.mark.parametrize(
    ("make", "claim", "move", "service"),
    [(make_import, quote_work.claim, move_import, quotes), (make_sync, sync_work.claim, move_sync, sync)],
    ids=["import", "sync"],
)
def test_one_that_got_further_before_it_was_killed_goes_on_at_once(
    make: Make, claim: Any, move: Any, service: Any
) -> None:
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
