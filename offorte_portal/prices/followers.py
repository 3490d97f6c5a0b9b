"""Keeping price memory up to date from the change feed: uses follow proposals, keys follow products."""

from collections.abc import Callable, Collection, Sequence

from catalog.mirror import PRODUCTS
from catalog.models import Product
from offorte_portal import ports
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.mirror.models import Mirrored
from offorte_portal.prices import linking, rollups, uses
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

# The proposals or products of one step of a rebuild.
STEP = 500
# Sources that people wait for; of a sync, the sweep adds up each month once. Seconds that they wait at most.
AT_ONCE = {Change.Source.EVENT, Change.Source.WRITE}
LONGEST = 1.0

Refresh = Callable[[int, Collection[int]], None]


def _follower(name: str, kind: str, model: type[Mirrored], refresh: Refresh) -> Follower:
    def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
        if connection_id is None:
            return
        changed = {remote_id for change in changes for remote_id in change.remote_ids}
        rows = model._default_manager.filter(connection_id=connection_id, remote_id__in=changed)
        refresh(connection_id, list(rows.order_by("pk").values_list("pk", flat=True)))
        if not AT_ONCE.isdisjoint(change.source for change in changes):
            rollups.rebuild_due(ports.monotonic() + LONGEST, connection_id=connection_id)

    def rebuild(connection_id: int, position: int) -> int | None:
        rows = model._default_manager.filter(connection_id=connection_id, pk__gt=position).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:STEP])
        refresh(connection_id, keys)
        return keys[-1] if len(keys) == STEP else None

    return Follower(name=name, kinds=[kind], follow=follow, rebuild=rebuild)


register(_follower("product_keys", PRODUCTS.name, Product, linking.refresh))
register(_follower("prices", PROPOSALS.name, Proposal, uses.refresh))
