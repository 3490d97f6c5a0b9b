"""The people who sell, by the owners of proposals."""

from collections import defaultdict

from django.contrib.auth.models import User
from django.core.cache import caches

from offorte_portal.desk.reports.expectations import SECONDS
from offorte_portal.staff.identity import OwnerKey
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.staff.sellers import read_addresses
from proposals.currencies import read_currencies


class Sellers:
    """The people who sell: active members of staff who are Offorte users, with their currencies.

    Two queries; one if the addresses are cached.
    """

    def __init__(self) -> None:
        links = OfforteUserLink.objects.select_related("user").order_by("user__first_name", "user__username", "pk")
        addresses, found = _recall_addresses(), list(links)
        currencies = read_currencies({link.connection_id for link in found})
        self.people: dict[int, User] = {}
        self.currencies: dict[int, list[str]] = defaultdict(list)
        self.addresses: dict[int, str] = {}
        self._owners: dict[OwnerKey, int] = {}
        for link in found:
            owner, user = (link.connection_id, f"#{link.remote_id}"), link.user
            self._owners[owner] = user.pk
            if address := addresses.get(owner, ""):
                self.addresses.setdefault(user.pk, address)
                # Proposals that name their owner by address alone.
                self._owners.setdefault((link.connection_id, address), user.pk)
            if user.is_active:
                self.people[user.pk] = user
                currency = currencies[link.connection_id]
                if currency not in self.currencies[user.pk]:
                    self.currencies[user.pk].append(currency)

    def find(self, owner: OwnerKey) -> int:
        """Return the user who is the owner of proposals; 0 for nobody of the staff."""
        return self._owners.get(owner, 0)


def _recall_addresses() -> dict[OwnerKey, str]:
    """Return the addresses of Offorte users, at most a minute old."""
    known: dict[OwnerKey, str] | None = caches["local"].get("desk:addresses")
    if known is None:
        known = read_addresses()
        caches["local"].set("desk:addresses", known, SECONDS)
    return known
