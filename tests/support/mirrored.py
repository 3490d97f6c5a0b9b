"""A mirrored account without reading it again: what a process's first sync stored is kept, and copied from then on.

Tests that are about reading run a sync themselves. The copy is taken only of the same data at Offorte, in the same
settings, into tables that are as empty as they were: else the account is read.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection as database
from django.db import transaction
from django.db.models import DateTimeField, ForeignKey, Model
from django.utils import timezone

from offorte_portal.connections.models import Connection, RequestBudget
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync import runs as run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.tracking.models import LostReason

# Of an account at Offorte, what is no data: how it is served.
UNTOLD = {"base_url", "clock", "is_subscribed", "lock", "subscriber", "tokens"}
# Of a connection, what belongs to one handshake.
OWN = {
    "id",
    "access_token",
    "refresh_token",
    "client_id",
    "client_secret",
    "token_expires_at",
    "connected_at",
    "created_at",
}
# A change at Offorte that a test has just made is the same one whenever it is made.
JUST_NOW = timedelta(minutes=1)

Rows = dict[type[Model], list[Model]]


@dataclass(frozen=True)
class Copy:
    """What a sync has stored, from when to when, and what it wrote to the connection."""

    rows: Rows
    began_at: datetime
    ended_at: datetime
    connection: Mapping[str, Any]


_copies: dict[str, Copy] = {}


def mirror_account(
    connection: Connection, simulator: Simulator, *only: str, trigger: SyncRun.Trigger = SyncRun.Trigger.PERSON
) -> None:
    """Mirror the lists that are named, all of them where none is. Fails where the sync does."""
    connection.refresh_from_db()
    key = describe(connection, simulator, *only, trigger)
    if simulator.faults.waiting or not are_empty(tables()):
        read(connection, only, trigger)
    elif (kept := _copies.get(key)) is not None:
        paste(kept, connection)
    else:
        before, began_at = values_of(connection), timezone.now()
        read(connection, only, trigger)
        after = values_of(connection)
        changed = {name: value for name, value in after.items() if value != before[name]}
        rows = {model: list(model._base_manager.all()) for model in tables()}
        _copies[key] = Copy({model: some for model, some in rows.items() if some}, began_at, timezone.now(), changed)


def read(connection: Connection, only: tuple[str, ...], trigger: SyncRun.Trigger) -> None:
    """Sync the account."""
    ended = work.sync_now(run.request(connection, trigger=trigger, only=only, is_queued=False))
    assert ended.state == SyncRun.State.DONE
    connection.refresh_from_db()


def tables() -> list[type[Model]]:
    """The tables that a sync writes, those first that others refer to."""
    rooms = {
        "contacts",
        "catalog",
        "proposals",
        "sync",
        "webhooks",
        "changes",
        "activity",
        "desk",
        "tracking",
        "prices",
    }
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in rooms]
    # A migration fills the list of lost reasons, not a sync.
    return [*(model for model in found if model is not LostReason), RequestBudget]


def are_empty(models: list[type[Model]]) -> bool:
    """Whether no row is in any of these tables, in one query."""
    each = (f"SELECT 1 FROM {database.ops.quote_name(model._meta.db_table)}" for model in models)
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 WHERE " + " OR ".join(f"EXISTS ({one})" for one in each))
        return cursor.fetchone() is None


def paste(kept: Copy, connection: Connection) -> None:
    """Store the rows again, as of now and of this connection."""
    later = timezone.now() - kept.ended_at

    def moved(value: Any) -> Any:
        is_of_sync = isinstance(value, datetime) and kept.began_at - JUST_NOW <= value <= kept.ended_at
        return value + later if is_of_sync else value

    with transaction.atomic():
        for model, rows in kept.rows.items():
            model._base_manager.bulk_create([pasted(row, connection, moved) for row in rows])
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                cursor.execute(";".join(database.ops.sequence_reset_sql(no_style(), list(kept.rows))))
        for name, value in kept.connection.items():
            setattr(connection, name, moved(value))
        connection.save(update_fields=list(kept.connection))


def pasted(row: Model, connection: Connection, moved: Callable[[Any], Any]) -> Model:
    """A copy of a row of another connection."""
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    new._state.fields_cache = {}
    for field in row._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model is Connection:
            setattr(new, field.attname, connection.pk)
        elif isinstance(field, DateTimeField):
            setattr(new, field.attname, moved(getattr(row, field.attname)))
    return new


def values_of(connection: Connection) -> dict[str, Any]:
    """The columns of a connection that a sync may write."""
    fields = (field.attname for field in connection._meta.concrete_fields)
    return {name: getattr(connection, name) for name in fields if name not in OWN}


def describe(connection: Connection, simulator: Simulator, *more: str) -> str:
    """All that decides what a sync stores."""
    ours = {name: getattr(settings, name) for name in dir(settings) if name.startswith(("OFFORTE_", "PORTAL_"))}
    urls = {"OFFORTE_API_URL", "OFFORTE_OAUTH_URL"}
    account = simulator.account(connection.account)
    told = [f"{name}={value}" for name, value in sorted(ours.items()) if name not in urls]
    columns = values_of(connection)
    return "\n".join([*more, repr(simulator.switches), repr(plain(columns)), *told, *describe_account(account)])


def describe_account(account: Account) -> Iterator[str]:
    """The account's data."""
    for name, value in vars(account).items():
        if name == "ids":
            yield repr({kind: vars(ids) for kind, ids in value.items()})
        elif name not in UNTOLD:
            yield f"{name}={plain(value)!r}"


def plain(value: Any) -> Any:
    """A value that is the same in two accounts with the same data."""
    if isinstance(value, datetime):
        return "now" if timezone.now() - value < JUST_NOW else value
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | Set):
        return [plain(each) for each in (sorted(value, key=repr) if isinstance(value, Set) else value)]
    if hasattr(value, "__dataclass_fields__"):
        return (type(value).__name__, {name: plain(getattr(value, name)) for name in value.__dataclass_fields__})
    return value if isinstance(value, str | int | float | date | None) else str(value)
