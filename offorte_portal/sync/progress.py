"""The progress of a run, for the people who wait for it."""

from dataclasses import dataclass
from math import ceil

from offorte_portal.api.lists import PAGE_SIZE
from offorte_portal.connections.budget import forecast
from offorte_portal.mirror.registry import LISTED
from offorte_portal.sync.details import count_due
from offorte_portal.sync.models import SyncRun


@dataclass(frozen=True, slots=True)
class Estimate:
    """Requests made and left, and about how many seconds those will take. `left` is None while it is unknown."""

    made: int
    left: int | None
    seconds: float | None

    @property
    def minutes(self) -> int | None:
        """Minutes left, rounded up."""
        return None if self.seconds is None else ceil(self.seconds / 60)

    @property
    def share(self) -> int | None:
        """Percent done, None while it is unknown."""
        return None if self.left is None else round(100 * self.made / max(1, self.made + self.left))


def estimate(run: SyncRun) -> Estimate:
    """Estimate from the mirror what a run still has to do; unknown while the mirror is filled for the first time."""
    made = sum(figures.get("requests", 0) for figures in run.progress.values())
    if not run.is_active:
        return Estimate(made, 0, 0)
    unread = [
        resource
        for resource in LISTED
        if (not run.only or resource.name in run.only) and not run.progress.get(resource.name, {}).get("is_complete")
    ]
    if unread and run.connection.synced_at is None:
        return Estimate(made, None, None)
    left = count_due(run.connection_id) if not run.only or "proposals" in run.only else 0
    for resource in unread:
        held = resource.model._default_manager.filter(connection_id=run.connection_id, removed_at__isnull=True).count()
        read = run.progress.get(resource.name, {}).get("items", 0)
        left += ceil(max(0, held - read) / PAGE_SIZE) or 1
    return Estimate(made, left, forecast(run.connection, left))
