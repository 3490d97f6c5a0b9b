"""Deleting an account's price memory along with its proposals."""

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.prices.models import PriceMemory


def wiped(connection_id: int) -> None:
    """Delete what was remembered of an account that is no longer mirrored."""
    PriceMemory.objects.filter(connection_id=connection_id).delete()


register(Hooks(wiped=wiped))
