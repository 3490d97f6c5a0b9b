"""What tests of other rooms begin with, a copy of what a sync has stored, is what a sync stores."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.sync.models import SyncRun
from tests.support import mirrored
from tests.support.mirrored import are_empty, mirror_account, tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(connect: Callable[..., Connection], monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr(mirrored, "_copies", {})
    return connect()


def contents() -> dict[type[Model], list[dict[str, Any]]]:
    """All that is stored; of moments that there is one."""
    models = apps.get_models(include_auto_created=True)
    return {model: [plain(row) for row in model._base_manager.order_by("pk").values()] for model in models}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: datetime if isinstance(value, datetime) else value for name, value in row.items()}


def undone(work: Callable[[], Any]) -> Any:
    """What comes of some work whose rows are given up again."""
    with transaction.atomic():
        result = work()
        transaction.set_rollback(True)
    return result


def test_a_copy_holds_what_a_sync_stores(simulator: Simulator, connection: Connection) -> None:
    def mirror() -> dict[type[Model], list[dict[str, Any]]]:
        mirror_account(connection, simulator)
        return contents()

    read = undone(mirror)
    simulator.log.clear()
    copied = undone(mirror)
    assert simulator.requests == []
    assert sum(len(rows) for rows in copied.values()) > 200
    assert copied == read


def test_other_data_is_read(simulator: Simulator, connection: Connection) -> None:
    undone(lambda: mirror_account(connection, simulator))
    simulator.log.clear()
    simulator.account("bouw").create_company(name="Nieuw")
    mirror_account(connection, simulator)
    assert simulator.requests != []
    assert SyncRun.objects.get().state == SyncRun.State.DONE


def test_a_mirror_that_holds_something_is_read(simulator: Simulator, connection: Connection) -> None:
    mirror_account(connection, simulator)
    simulator.log.clear()
    assert not are_empty(tables())
    mirror_account(connection, simulator)
    assert simulator.requests != []
