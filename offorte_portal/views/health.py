"""What load balancers and supervisors ask: is the process up, and can it do its work?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.conf import Conf
from django_q.status import Stat
from redis.exceptions import RedisError

from offorte_portal.services.webhooks.health import read_health

# A worker reports twice a second.
HEARTBEAT = timedelta(seconds=10)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations and worker are as they should be, else 503 with what is not."""
    parts = {"database": has_database, "migrations": is_migrated, "worker": has_worker}
    states = {name: _is_fine(check) for name, check in parts.items()}
    is_ready = all(states.values())
    answer: dict[str, Any] = {"status": "ok" if is_ready else "not ready"} | {
        name: "ok" if state else "failing" for name, state in states.items()
    }
    if is_ready:
        answer |= describe_webhooks()
    return JsonResponse(answer, status=200 if is_ready else 503)


def describe_webhooks() -> dict[str, Any]:
    """How hearing from Offorte goes, over all accounts; nothing while there are none.

    Only told: a webhook that does not work is no reason to send visitors to another machine.
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
    """Whether the database answers. Raises DatabaseError when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def is_migrated() -> bool:
    """Whether every migration of this code has been applied. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def has_worker() -> bool:
    """Whether a worker has reported of late that it works or waits for work. Raises DatabaseError."""
    since = timezone.now() - HEARTBEAT
    alive = {Conf.IDLE, Conf.WORKING}
    return any(stat.status in alive and stat.timestamp > since for stat in Stat.get_all())


def _is_fine(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, RedisError):
        return False
