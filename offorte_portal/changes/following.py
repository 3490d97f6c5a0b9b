"""Running the followers: each reads from its own cursor, and commits the cursor together with its results."""

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

# The first of the two numbers of an advisory lock; the second is the account's key.
LOCK = 20_240
BATCH = 50
# After so many failures in a row a line is skipped, and the follower rebuilds.
MOST_FAILURES = 5
# Seconds of rebuilding in the process that recorded changes; the sweep does the rest.
AT_ONCE = 2.0
# How long lines are kept. A follower that is further behind rebuilds.
KEPT = timedelta(days=7)
REBUILD_LEASE = timedelta(minutes=2)


def catch_up(connection_id: int | None, kinds: Collection[str] | None = None, *, seconds: float = AT_ONCE) -> None:
    """Let the followers of these kinds, or all, handle the lines they have not read, then rebuild for `seconds`.

    Each gets an equal share of that time, so that one that has to rebuild for hours does not hold up the others.
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
    """Handle some lines; return whether there may be more. Raises what the follower raised, and counts the failure."""
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
            is_whole = pass_on(follower, cursor, lines)
            begun_again = {} if is_whole else {"rebuilt_to": 0, "rebuild": F("rebuild") + 1}
            Cursor.objects.filter(pk=cursor.pk).update(position=lines[-1].pk, failures=0, **begun_again)
            return len(lines) == most
    except OperationalError:
        raise  # the database is away or busy
    except Exception:
        Cursor.objects.filter(pk=cursor.pk, position=cursor.position).update(failures=F("failures") + 1)
        raise


def find_cursor(follower: Follower, connection_id: int | None) -> Cursor:
    """Return the follower's cursor for the account; a new one reads all lines, and rebuilds if there is an account."""
    rows = Cursor.objects.filter(of_account(connection_id), follower=follower.name)
    if cursor := rows.first():
        return cursor
    begin = None if connection_id is None else 0
    made = Cursor(follower=follower.name, connection_id=connection_id, rebuilt_to=begin)
    Cursor.objects.bulk_create([made], ignore_conflicts=True)
    return rows.get()


def of_account(connection_id: int | None) -> Q:
    """Return the condition that a row is of the account, or for None of no account."""
    return Q(connection__isnull=True) if connection_id is None else Q(connection=connection_id)


def unread(follower: Follower, cursor: Cursor) -> QuerySet[Change]:
    """Return the lines of the follower's kinds after its cursor."""
    kinds = [*follower.kinds, READ_AGAIN]
    return Change.objects.filter(of_account(cursor.connection_id), pk__gt=cursor.position, kind__in=kinds)


def lock(connection_id: int | None) -> None:
    """Wait until no other transaction records or follows changes of the account; hold the lock until commit.

    On SQLite, transactions are immediate, which has the same effect.
    """
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, connection_id or 0])


def pass_on(follower: Follower, cursor: Cursor, lines: list[Change]) -> bool:
    """Hand the lines to the follower; return False if it has to rebuild for missing lines or for a failing one."""
    if cursor.failures >= MOST_FAILURES:
        logger.error("%s passes over change %s of account %s", follower.name, lines[0].pk, cursor.connection_id)
        return False
    news = [line for line in lines if line.kind != READ_AGAIN]
    if news:
        follower.follow(cursor.connection_id, news)
    return len(news) == len(lines)


def rebuild(follower: Follower, connection_id: int, until: float) -> None:
    """Rebuild until `until` on the monotonic clock, if there is anything to do and no other process does it."""
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
            # If another rebuild was asked for meanwhile, that one starts from the beginning.
            held.still_mine().filter(rebuild=cursor.rebuild).update(rebuilt_to=come_to)
    finally:
        held.release()


def sweep(seconds: float = 20.0) -> None:
    """Follow lines left by a crash, go on rebuilding, and delete cursors of followers that are not installed."""
    until = ports.monotonic() + seconds
    Cursor.objects.exclude(follower__in=FOLLOWERS).delete()
    accounts = [None, *Connection.objects.order_by("pk").values_list("pk", flat=True)]
    for number, connection_id in enumerate(accounts):
        catch_up(connection_id, seconds=(until - ports.monotonic()) / (len(accounts) - number))


def drop_old() -> int:
    """Delete lines after seven days; followers that have not read them rebuild. Return how many."""
    old = Change.objects.filter(recorded_at__lt=ports.now() - KEPT)
    for cursor in Cursor.objects.filter(follower__in=FOLLOWERS, connection__isnull=False):
        if unread(FOLLOWERS[cursor.follower], cursor).filter(pk__in=old.values("pk")).exists():
            Cursor.objects.filter(pk=cursor.pk).update(rebuilt_to=0, rebuild=F("rebuild") + 1)
    return old.delete()[0]
