"""What each stage of a run does when the account changes under its hands."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from catalog.models import Product
from offorte_portal.api.errors import Hidden, NotFound
from offorte_portal.connections import tokens
from offorte_portal.connections.models import Connection
from offorte_portal.ports import queueing
from offorte_portal.runs import schedules, tries
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync import refreshing as proposals
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync import work as sync_work
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.progress import estimate
from proposals.models import Proposal
from tests.sync.comparison import assert_mirrored

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Connection]
# Seconds in which a run is begun, but no step ends: the next one is left to the next call.
SINGLE_STEP = 0.00002


def start(connection: Connection) -> SyncRun:
    return sync_run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False)


def advance_to(stage: str, run: SyncRun, **options: Any) -> None:
    """Take single steps until the run has come to a stage."""
    while run.checkpoint.get("stage") != stage:
        work.advance(run.pk, seconds=SINGLE_STEP, **options)
        run.refresh_from_db()
        assert run.is_active


def test_proposals_that_go_before_their_details_are_read(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run = start(connection)
    advance_to("details", run)
    gone, hidden = sorted(account.proposals)[:2]
    account.delete_proposal(gone)
    account.hide("proposal", hidden)
    run = work.sync_now(run)
    assert run.state == SyncRun.State.DONE
    assert Proposal.objects.get(remote_id=gone).removed_at
    assert Proposal.objects.get(remote_id=hidden).is_hidden
    assert run.progress["proposals"]["removed"] == 1
    assert_mirrored(account, connection)


def test_a_directory_that_goes_while_products_are_read(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    work.sync_now(start(connection))
    directory = max(account.directories)
    products = [i for i, product in account.products.items() if product["directory_id"] == directory]
    run = start(connection)
    while run.checkpoint.get("resource") != "products":
        work.advance(run.pk, seconds=SINGLE_STEP)
        run.refresh_from_db()
    for product in products:
        account.delete_product(product)
    account.delete_directory(directory)
    SyncRun.objects.filter(pk=run.pk).update(allows_mass_removal=True)
    run = work.sync_now(run)
    assert run.state == SyncRun.State.DONE
    assert Product.objects.filter(removed_at__isnull=False).count() == len(products)
    assert_mirrored(account, sync_again(connection))


def sync_again(connection: Connection) -> Connection:
    assert work.sync_now(start(connection)).state == SyncRun.State.DONE
    return connection


def test_a_directory_that_comes_while_products_are_read(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    for directory in list(account.directories)[1:]:
        for product in [i for i, p in account.products.items() if p["directory_id"] == directory]:
            account.delete_product(product)
        account.delete_directory(directory)
    run = start(connection)
    while run.checkpoint.get("resource") != "products":
        work.advance(run.pk, seconds=SINGLE_STEP)
        run.refresh_from_db()
    account.create_product(account.create_directory(name="Nieuw")["id"], name="Nieuw product")
    assert work.sync_now(run).state == SyncRun.State.DONE
    assert_mirrored(account, sync_again(connection))


def test_an_account_without_anything(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    for things in (account.proposals, account.products, account.directories, account.people, account.companies):
        things.clear()
    account.people_of.clear()
    run = work.sync_now(start(connection))
    assert run.state == SyncRun.State.DONE
    assert_mirrored(account, connection)


def test_days_of_trouble_in_several_places_end_the_run(
    simulator: Simulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(tries, "LONGEST_PAUSE", 0.001)
    simulator.faults.add(Fault("html_200", path="/proposals/.*/details/", times=None))
    run = start(connect())
    while run.is_active:
        work.advance(run.pk)
        run.refresh_from_db()
    assert run.state == SyncRun.State.FAILED
    assert run.warnings.filter(resource="proposals").count() == work.TRIES - 1


def test_held_removals_can_be_kept(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    work.sync_now(start(connection))
    for remote_id in list(account.companies)[:6]:
        account.delete_company(remote_id)
    run = work.sync_now(start(connection))
    sync_run.keep_held(run)
    assert run.held_removals == {}


def test_an_estimate_is_unknown_at_first_and_exact_at_the_end(
    simulator: Simulator, connect: Connect, settings: Settings
) -> None:
    connection = connect()
    run = start(connection)
    assert estimate(run).left is None
    assert (estimate(run).minutes, estimate(run).share) == (None, None)
    advance_to("details", run)
    settings.OFFORTE_REQUESTS_PER_MINUTE = 30
    begun = estimate(run)
    assert begun.left == len(simulator.account("bouw").proposals)
    assert begun.minutes
    assert begun.share
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    done = estimate(work.sync_now(run))
    assert (done.left, done.minutes, done.share) == (0, 0, 100)
    connection.refresh_from_db()
    again = estimate(start(connection))
    assert again.left
    assert again.left > 10


def test_the_worker_goes_on_until_the_run_is_done(
    simulator: Simulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []

    def note(task: str, pk: int, **_: object) -> None:
        if task == queueing.path_of(sync_work.advance_sync):
            queued.append(pk)

    monkeypatch.setattr("offorte_portal.ports.queueing.async_task", note)
    monkeypatch.setattr("offorte_portal.sync.work.SLICE_SECONDS", 0)
    connect()
    schedules.run("sweep")
    run = SyncRun.objects.get()
    assert set(queued) == {run.pk}
    while queued:
        sync_work.advance_sync(queued.pop(0))
    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE


def test_tokens_are_renewed_by_the_daily_task(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    before = connection.access_token
    Connection.objects.update(token_expires_at=connection.created_at)
    schedules.run("refresh tokens")
    tokens.refresh_token(connection.pk)
    assert Connection.objects.get().access_token != before


def test_the_command_syncs_and_sums_up(
    simulator: Simulator, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = connect()
    call_command("sync", "bouw")
    assert_mirrored(simulator.account("bouw"), connection)
    out = capsys.readouterr().out
    assert "companies            12 items" in out
    assert out.endswith("Done\n")


def test_the_command_exits_with_1_when_anything_failed(
    simulator: Simulator, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    connect()
    simulator.faults.add(Fault("status", path="/account/users/", status=404, times=None))
    with pytest.raises(SystemExit, match="1"):
        call_command("sync", "bouw", "--only", "users")
    assert "We couldn’t read this list" in capsys.readouterr().out


def test_the_command_knows_only_accounts_that_there_are(simulator: Simulator) -> None:
    with pytest.raises(CommandError, match="no account 'nobody'"):
        call_command("sync", "nobody")


def test_refreshing_a_proposal_reads_its_details_at_once(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    work.sync_now(start(connection))
    row = Proposal.objects.filter(status="open").first()
    assert row
    account.answer(row.remote_id, "Dat klopt.")
    simulator.log.clear()
    proposals.refresh(row)
    assert row.comments.filter(comment="Dat klopt.").exists()
    assert len(simulator.requests) == 1


@pytest.mark.parametrize(("error", "column"), [(NotFound, "removed_at"), (Hidden, "is_hidden")])
def test_refreshing_a_proposal_that_is_gone_or_hidden(
    simulator: Simulator, connect: Connect, error: type[Exception], column: str
) -> None:
    connection, account = connect(), simulator.account("bouw")
    work.sync_now(start(connection))
    row = Proposal.objects.order_by("pk")[0]
    if error is Hidden:
        account.hide("proposal", row.remote_id)
    else:
        account.delete_proposal(row.remote_id)
    with pytest.raises(error):
        proposals.refresh(row)
    row.refresh_from_db()
    assert getattr(row, column)
