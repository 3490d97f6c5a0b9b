"""The background reader keeps to its share, gives way, and goes on after whatever goes wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.utils import timezone
from django_q.tasks import async_task
from pytest_django import Settings

from offorte_portal.api.client import Client
from offorte_portal.connections.models import Connection, Drain, RequestBudget
from offorte_portal.mirror import engine
from offorte_portal.mirror.items import Applied
from offorte_portal.mirror.resource import Resource
from offorte_portal.runs import schedules
from offorte_portal.simulator import Fault
from offorte_portal.sync import refreshing
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.reading import reader
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.sync.comparison import assert_mirrored
from tests.sync.reading.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def all_due(world: World) -> None:
    world.age(days=30)


def sweep(world: World) -> bool:
    """Whether the sweep queues a turn."""
    Drain.objects.update(queued_at=None)
    reader.sweep()
    return Drain.objects.filter(queue="reading", queued_at__isnull=False).exists()


def test_a_turn_uses_half_of_the_limit_and_a_tenth_beside_a_sync(world: World, settings: Settings) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 12
    assert reader.allowed(world.connection.pk) == 6
    assert 3 <= len(world.turn()) <= 6
    settings.OFFORTE_REQUESTS_PER_MINUTE = 30
    RequestBudget.objects.all().delete()
    SyncRun.objects.create(connection=world.connection, trigger="person")
    assert len(world.turn()) == 3


def test_a_turn_waits_for_the_budget_while_no_other_task_does(world: World, settings: Settings) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 4
    async_task(schedules.run, "sweep")
    before = timezone.now()
    assert 1 <= len(world.turn()) <= 2
    assert len(world.turn()) <= 1
    assert timezone.now() - before < timedelta(seconds=5)


def test_it_gives_way_to_writes_and_events_that_wait(world: World) -> None:
    assert sweep(world)
    operation = Operation.objects.create(
        connection=world.connection, verb="change", target="companies", remote_id=1, draft={"name": "x"}
    )
    assert not sweep(world)
    assert world.turn() == []
    operation.delete()
    event = WebhookEvent.objects.create(
        connection=world.connection, body=b"{}", state="applied", received_at=timezone.now()
    )
    assert not sweep(world)
    assert world.turn() == []
    event.delete()
    assert world.turn()


@pytest.mark.parametrize("state", ["reconnect", "disconnected"])
def test_an_account_that_is_not_connected_is_left_alone(world: World, state: str) -> None:
    Connection.objects.update(state=state)
    assert not sweep(world)
    assert world.turn() == []


def test_nothing_is_queued_where_nothing_is_due(world: World) -> None:
    world.age(minutes=1)
    assert not sweep(world)


def test_a_turn_that_is_killed_is_gone_on_with(world: World) -> None:
    class Killed(BaseException):
        pass

    class DyingClient(Client):
        left = 3

        def get_proposal(self, proposal_id: int) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Killed
            return super().get_proposal(proposal_id)

    with pytest.raises(Killed):
        reader.read(
            world.connection.pk, make_client=lambda account: DyingClient(reader.background_client(account).transport)
        )
    assert len(world.turn()) == len(world.account.proposals) - 3
    assert_mirrored(world.account, world.connection)


def test_only_one_process_reads_an_account(world: World) -> None:
    reader.sweep()
    until = timezone.now() + timedelta(seconds=60)
    Drain.objects.filter(queue="reading").update(lease="other", lease_until=until)
    assert world.turn() == []


def test_what_is_gone_or_hidden_is_noted(world: World) -> None:
    gone, hidden = sorted(world.account.proposals)[:2]
    world.account.delete_proposal(gone)
    world.account.hide("proposal", hidden)
    assert len(world.turn()) == len(world.account.proposals) + 1
    assert world.row(gone).removed_at is not None
    assert world.row(hidden).is_hidden


def test_one_that_cannot_be_read_keeps_nobody_up(world: World) -> None:
    broken = world.of_status("open")[0]
    world.age(broken, days=40)
    world.simulator.faults.add(Fault("malformed_json", path=f"/proposals/{broken}/details", times=1))
    assert set(world.turn()) == set(world.account.proposals)
    assert (world.row(broken).details_tries, world.turn()) == (1, [])
    Proposal.objects.filter(remote_id=broken).update(details_retry_at=timezone.now())
    assert world.turn() == [broken]
    assert world.row(broken).details_tries == 0


def test_while_offorte_is_away_the_turn_ends(world: World) -> None:
    world.simulator.faults.add(Fault("unavailable_503_html", times=None))
    asked = [set(world.turn()) for _ in range(3)]
    assert [len(one) for one in asked] == [1, 1, 1]
    assert len(set.union(*asked)) == 3
    assert Proposal.objects.filter(details_tries=1).count() == 3
    world.simulator.faults.clear()
    Proposal.objects.exclude(details_retry_at=None).update(details_retry_at=timezone.now())
    assert set(world.turn()) == set(world.account.proposals)
    assert not Proposal.objects.filter(details_tries__gt=0).exists()


@pytest.mark.parametrize(
    ("kind", "options"),
    [("status", {"status": 400}), ("error_500", {}), ("drop_before", {}), ("unavailable_503_html", {})],
)
def test_one_that_is_refused_or_dropped_keeps_nobody_up(world: World, kind: Any, options: dict[str, int]) -> None:
    broken = world.of_status("open")[0]
    world.age(broken, days=40)
    world.simulator.faults.add(Fault(kind, path=f"/proposals/{broken}/details", times=None, **options))  # type: ignore[arg-type]
    assert set(world.turn()) | set(world.turn()) == set(world.account.proposals)
    assert (world.row(broken).details_tries, world.turn()) == (1, [])


@pytest.mark.parametrize("status", [401, 429])
def test_an_error_of_the_account_postpones_nothing(world: World, status: int) -> None:
    world.simulator.faults.add(Fault("status", status=status, times=None))
    world.turn()
    assert not Proposal.objects.filter(details_tries__gt=0).exists()


@pytest.mark.parametrize("error", [TypeError, IntegrityError, DataError])
def test_one_that_cannot_be_kept_keeps_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    broken = world.row(world.of_status("open")[0])
    world.age(broken.remote_id, days=40)
    refuse(monkeypatch, broken, error)
    assert set(world.turn()) == set(world.account.proposals)
    assert world.row(broken.remote_id).details_tries == 1
    assert f"proposal {broken.pk} can't be kept" in caplog.text
    assert world.turn() == []


def test_a_database_that_is_away_postpones_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = world.row(world.of_status("open")[0])
    world.age(broken.remote_id, days=40)
    refuse(monkeypatch, broken, OperationalError)
    with pytest.raises(OperationalError):
        world.turn()
    assert not Proposal.objects.filter(details_tries__gt=0).exists()


def refuse(monkeypatch: pytest.MonkeyPatch, proposal: Proposal, error: type[Exception]) -> None:
    """Have the mirror fail at the details of one proposal."""

    def apply_object(connection_id: int, resource: Resource, remote_id: int, *args: Any, **options: Any) -> Applied:
        if remote_id == proposal.remote_id:
            raise error("odd")
        return engine.apply_object(connection_id, resource, remote_id, *args, **options)

    monkeypatch.setattr(refreshing, "apply_object", apply_object)
