"""Answers for load balancers and supervisors: is the process up, and can it do its work?"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offorte_portal import ports
from offorte_portal.ports import queueing
from offorte_portal.runs import beats, disk
from offorte_portal.webhooks.health import read_health

logger = logging.getLogger(__name__)

Told = TypeVar("Told")

PROBE = "probe"
UNREADABLE = "unreadable"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200: the process is up."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if all of PARTS are in order, else 503; the body has the state of each."""
    states = {name: attempt(check, False) for name, check in PARTS.items()}
    is_ready = all(states.values())
    answer: dict[str, Any] = {"status": "ok" if is_ready else "not ready"} | {
        name: "ok" if state else "failing" for name, state in states.items()
    }
    answer |= disk.describe()
    if states["database"] and states["migrations"]:
        answer |= attempt(describe_work, {"work": UNREADABLE})
    if is_ready:
        answer |= attempt(describe_webhooks, {"webhooks": UNREADABLE})
    return JsonResponse(answer, status=200 if is_ready else 503)


def attempt(step: Callable[[], Told], otherwise: Told) -> Told:
    """Return what a step returns, or `otherwise` if it fails: `/readyz` answers whatever is stored."""
    try:
        return step()
    except DatabaseError:
        return otherwise
    except Exception:
        logger.exception("/readyz could not read something")
        return otherwise


def describe_work() -> dict[str, Any]:
    """Return how long ago a worker beat, how long the oldest task has waited, and which tasks can't be read."""
    figures: dict[str, float | None] = {"last_beat_seconds": None, "oldest_task_seconds": None}
    findings: list[str] = []
    try:
        figures["last_beat_seconds"] = _seconds_since(beats.last_beat())
        waiting = queueing.look_at_waiting()
        figures["oldest_task_seconds"] = _seconds_since(waiting.oldest)
        # The worker drops tasks of another key; a sweep finds their work.
        kinds = {"that another DJANGO_SECRET_KEY signed": waiting.foreign, "that can't be read": waiting.unreadable}
        findings = [f"{count} queued task{'s' * (count > 1)} {kind}" for kind, count in kinds.items() if count]
    except queueing.QUEUE_ERRORS:
        findings = ["the queue can't be read"]
    return {"work": figures} | ({"findings": findings} if findings else {})


def _seconds_since(at: datetime | None) -> float | None:
    return None if at is None else round(max(0.0, (ports.now() - at).total_seconds()), 1)


def describe_webhooks() -> dict[str, Any]:
    """Return the state of all accounts' webhooks; empty without accounts.

    It does not count for readiness: a webhook that fails is no reason to send visitors to another machine.
    """
    healths = read_health()
    if not healths:
        return {}
    heard_at = max((health.heard_at for health in healths if health.heard_at), default=None)
    figures = {
        "accounts": len(healths),
        "active": sum(health.is_active for health in healths),
        "last_event": heard_at.isoformat() if heard_at else None,
        "lag_seconds": round(max(health.lag for health in healths), 1),
        "waiting": sum(health.waiting for health in healths),
        "unconfirmed": sum(health.unconfirmed for health in healths),
        "failed": sum(health.failed for health in healths),
    }
    return {"webhooks": figures}


def has_database() -> bool:
    """Return whether the database answers. Raises DatabaseError if it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def is_writable() -> bool:
    """Return True if the database takes a write: no full disk, not read-only. Raises DatabaseError if it does not."""
    with transaction.atomic():
        beats.beat(PROBE)
    return True


def is_migrated() -> bool:
    """Return whether every migration of this code has been applied. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def has_worker() -> bool:
    """Return whether a worker has beaten recently. Raises DatabaseError."""
    return not beats.is_silent(beats.last_beat())


# Each returns whether it is in order, or raises DatabaseError.
PARTS: dict[str, Callable[[], bool]] = {
    "database": has_database,
    "writable": is_writable,
    "migrations": is_migrated,
    "queue": queueing.is_queue_reachable,
    "worker": has_worker,
    "disk": disk.has_room,
}
