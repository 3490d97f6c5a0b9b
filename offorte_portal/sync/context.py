"""What the stages of a run share: the run with its lease, the client, and how results are stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from offorte_portal.api.client import Client
from offorte_portal.mirror.items import Applied, ItemWarning
from offorte_portal.mirror.registry import LISTED
from offorte_portal.mirror.resource import Resource
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.models import SyncRun, SyncWarning

# Longer than a step can take: waiting for the budget, a request that times out, its retries.
LEASE = timedelta(seconds=120)


@dataclass
class Context:
    """A run that this process works on. Nothing is stored once the lease is lost."""

    run: SyncRun
    client: Client
    lease: Lease
    at: Checkpoint
    # Offorte ids by resource that are absent from this generation, computed once a slice.
    absent: dict[str, list[int]] = field(default_factory=dict)

    @property
    def connection_id(self) -> int:
        """The id of the account's connection."""
        return self.run.connection_id

    @property
    def resources(self) -> list[Resource]:
        """The resources that the run reads."""
        return [resource for resource in LISTED if not self.run.only or resource.name in self.run.only]

    def stamp(self, requested_at: datetime) -> datetime:
        """Return the moment for an answer to a request of now: never before an earlier one, whatever the clock says."""
        as_of = max(requested_at, datetime.fromisoformat(self.at.as_of))
        self.at = self.at.move(as_of=as_of.isoformat(), skips=self.at.skips)
        return as_of

    def count(self, resource: str, **amounts: int) -> None:
        """Add these amounts to the resource's figures."""
        figures = self.run.progress.setdefault(resource, {})
        for name, amount in amounts.items():
            figures[name] = figures.get(name, 0) + amount

    def count_changes(self) -> int:
        """Return how many objects the run has found new or changed."""
        return sum(figures.get("new", 0) + figures.get("changed", 0) for figures in self.run.progress.values())

    def count_applied(self, resource: str, applied: Applied) -> None:
        """Add the counts of applied objects, and store their warnings."""
        self.count(resource, items=applied.items, new=applied.new, changed=applied.changed)
        self.warn(applied.warnings)

    def is_complete(self, resource: str) -> bool:
        """Return whether the resource's lists were read to their ends."""
        return bool(self.run.progress.get(resource, {}).get("is_complete"))

    def is_settled(self, resource: str) -> bool:
        """Return whether the resource's lists were read to their ends, or Offorte refused to give them."""
        return self.is_complete(resource) or bool(self.run.progress.get(resource, {}).get("is_refused"))

    def warn(self, warnings: Iterable[ItemWarning]) -> None:
        """Store warnings for the people who look after the mirror."""
        SyncWarning.objects.bulk_create(SyncWarning(run=self.run, **warning._asdict()) for warning in warnings)

    def save(self, at: Checkpoint, **columns: Any) -> None:
        """Store the checkpoint and the figures, and renew the lease. Raises LeaseLostError."""
        columns |= {"checkpoint": at.dump(), "progress": self.run.progress, "reason": None} | tries.moved()
        self.lease.save(where=Q(is_cancel_requested=False), **columns)
        self.run.failures = tries.UNDER_WAY
        self.at = at
