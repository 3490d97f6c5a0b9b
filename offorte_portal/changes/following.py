"""Running the followers: each reads on from its own cursor, and commits the cursor together with what it made."""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db import connection as database
from django.db.models import F, Q, QuerySet

from offorte_portal import ports
from offorte_portal.changes.models import Change, Cursor
from offorte_portal.changes.registry import FOLLOWERS, READ_AGAIN, Follower
from offorte_portal.connections.models import Connection
from offorte_portal.runs import lease as leases

logger = logging.getLogger(__name__)

# The first of the two numbers of an advisory lock; the second is the account's.
LOCK = 20_240
BATCH = 50
# A line that can't be followed so often in a row is passed over; what it was about is rebuilt.
MOST_FAILURES = 5
# Seconds that whoever brought news spends on rebuilding; the sweep does the rest.
AT_ONCE = 2.0
# Lines live so long. Who is further behind rebuilds.
KEPT = timedelta(days=7)
REBUILD_LEASE = timedelta(minutes=2)


def catch_up(connection_id: int | None, kinds: Collection[str] | None = None, *, seconds: float = AT_ONCE) -> None:
    """Let the followers of these kinds, or all, work with what they have not read yet, then rebuild for so long.

    Each has its share of that time, so that one which has to rebuild for hours keeps none from its turn.
    """
    share = seconds / max(len(FOLLOWERS), 1)
    for follower in list(FOLLOWERS.values()):
        if kinds is None or READ_AGAIN in kinds or not set(kinds).isdisjoint(follower.kinds):
            try:
                while follow(follower, connection_id):
                    pass
                if connection_id is not None and (kinds is None or READ_AGAIN in kinds):
                    rebuild(follower, connection_id, ports.monotonic() + share)
            except Exception:
                logger.exception("%s could not follow what changed in account %s", follower.name, connection_id)


def follow(follower: Follower, connection_id: int | None) -> bool:
    """Follow some lines; whether there may be more of them. Raises what the follower raised, and notes that."""
    cursor = find_cursor(follower, connection_id)
    if not unread(follower, cursor).exists():
        return False
    try:
        with transaction.atomic():
            lock(connection_id)
            cursor.refresh_from_db()
            most = 1 if cursor.failures else BATCH
            lines = list(unread(follower, cursor).order_by("pk")[:most])
            if not lines:
                return False
            move(cursor, lines, is_whole=pass_on(follower, cursor, lines))
            return len(lines) == most
    except OperationalError:
        raise  # the database is away or busy
    except Exception:
        Cursor.objects.filter(pk=cursor.pk, position=cursor.position).update(failures=F("failures") + 1)
        raise


def find_cursor(follower: Follower, connection_id: int | None) -> Cursor:
    """Return the follower's cursor in the account's lines; a new one rebuilds and reads all lines that there are."""
    rows = Cursor.objects.filter(of_account(connection_id), follower=follower.name)
    if cursor := rows.first():
        return cursor
    begin = None if connection_id is None else 0
    made = Cursor(follower=follower.name, connection_id=connection_id, rebuilt_to=begin)
    Cursor.objects.bulk_create([made], ignore_conflicts=True)
    return rows.get()


def of_account(connection_id: int | None) -> Q:
    """The condition that a row is of the account, or of none."""
    return Q(connection__isnull=True) if connection_id is None else Q(connection=connection_id)


def unread(follower: Follower, cursor: Cursor) -> QuerySet[Change]:
    """Return the lines of the follower's kinds after its cursor."""
    kinds = [*follower.kinds, READ_AGAIN]
    return Change.objects.filter(of_account(cursor.connection_id), pk__gt=cursor.position, kind__in=kinds)


def lock(connection_id: int | None) -> None:
    """Wait until no other transaction records or follows news of the account; ends with the transaction.

    On SQLite transactions are immediate, which is such a lock.
    """
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, connection_id or 0])


def pass_on(follower: Follower, cursor: Cursor, lines: list[Change]) -> bool:
    """Hand the lines to the follower; False where it has to rebuild for what they don't tell, or can't be followed."""
    if cursor.failures >= MOST_FAILURES:
        logger.error("%s passes over change %s of account %s", follower.name, lines[0].pk, cursor.connection_id)
        return False
    news = [line for line in lines if line.kind != READ_AGAIN]
    if news:
        follower.follow(cursor.connection_id, news)
    return len(news) == len(lines)


def move(cursor: Cursor, lines: list[Change], *, is_whole: bool) -> None:
    """Move the cursor behind the lines."""
    begun_again = {} if is_whole else {"rebuilt_to": 0, "rebuild": F("rebuild") + 1}
    Cursor.objects.filter(pk=cursor.pk).update(position=lines[-1].pk, failures=0, **begun_again)


def rebuild(follower: Follower, connection_id: int, until: float) -> None:
    """Rebuild what is to be rebuilt for so long, where no other process is at it."""
    rows = Cursor.objects.filter(follower=follower.name, connection_id=connection_id)
    held = leases.acquire(rows, among=rows.filter(rebuilt_to__isnull=False), length=REBUILD_LEASE)
    if held is None:
        return
    try:
        while ports.monotonic() < until and held.renew():
            cursor = held.rows.get()
            if cursor.rebuilt_to is None:
                break
            come_to = follower.rebuild(connection_id, cursor.rebuilt_to) if follower.rebuild else None
            # A rebuild that was asked for meanwhile begins at the beginning.
            held.still_mine().filter(rebuild=cursor.rebuild).update(rebuilt_to=come_to)
    finally:
        held.release()


def sweep(seconds: float = 20.0) -> None:
    """Once a minute: follow what a crash left, and go on rebuilding. A follower that is not installed holds nothing."""
    until = ports.monotonic() + seconds
    Cursor.objects.exclude(follower__in=FOLLOWERS).delete()
    accounts = [None, *Connection.objects.order_by("pk").values_list("pk", flat=True)]
    for number, connection_id in enumerate(accounts):
        catch_up(connection_id, seconds=(until - ports.monotonic()) / (len(accounts) - number))


def drop_old() -> int:
    """Drop lines after seven days; who has not read them rebuilds. Return how many."""
    old = Change.objects.filter(recorded_at__lt=ports.now() - KEPT)
    for cursor in Cursor.objects.filter(follower__in=FOLLOWERS, connection__isnull=False):
        if unread(FOLLOWERS[cursor.follower], cursor).filter(pk__in=old.values("pk")).exists():
            Cursor.objects.filter(pk=cursor.pk).update(rebuilt_to=0, rebuild=F("rebuild") + 1)
    return old.delete()[0]
