"""Looking up remembered prices. A price of Offorte's product list, where it is known, counts before any of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q

from offorte_portal.connections.models import Connection
from offorte_portal.prices.identity import Identity
from offorte_portal.prices.linking import find_owners
from offorte_portal.prices.models import PriceGroup, PriceMemory

# The permission to see remembered prices.
VIEW = "prices.view_pricememory"
# How long before the last use a price counts as recent.
RECENT = timedelta(days=30)
CENT = Decimal("0.01")
Owners = dict[tuple[int, str], int | None]


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """The last price of one identity in one account and currency, with or without VAT, and what is known of others.

    `source` is the number or name of the proposal with the last price. `low` and `high` are of all prices; `recent_…`
    are about the 30 days up to the last: how many different prices, and between which.
    """

    price: Decimal
    currency: str
    includes_vat: bool
    vat: Decimal | None
    at: datetime
    connection_id: int
    proposal_id: int | None
    source: str
    offered: int
    won: int
    lost: int
    low: Decimal
    high: Decimal
    recent_prices: int
    recent_low: Decimal
    recent_high: Decimal
    # Those in other currencies, with VAT where this is without it and the other way round, and of joined accounts.
    others: tuple["Remembered", ...] = ()

    @property
    def share(self) -> float | None:
        """The percentage won of those won and lost; None if there are neither."""
        return 100 * self.won / (self.won + self.lost) if self.won + self.lost else None

    @property
    def is_spread(self) -> bool:
        """Whether several prices were used in the last 30 days of use, so that the last is one of many."""
        return self.recent_prices > 1

    def with_basis(self, *, includes_vat: bool) -> "Remembered | None":
        """Return the latest of these prices that is with VAT, or without it; None if there is none."""
        return next((each for each in self._own if each.includes_vat == includes_vat), None)

    def for_table(self, currency: str, *, includes_vat: bool, rate: Decimal | None = None) -> "TablePrice | None":
        """Return the latest of these prices for a table with VAT in its prices, or without it; None if there is none.

        Those in the currency count first. A price of the other kind is converted: VAT is added at `rate`, or at that of
        its row, and taken off at that of its row. If that is unknown, the latest that needs no conversion counts.
        """
        own = sorted(self._own, key=lambda each: each.currency != currency)
        return next(filter(None, (each.convert(includes_vat=includes_vat, rate=rate) for each in own)), None)

    @property
    def _own(self) -> list["Remembered"]:
        """These prices, the latest first, without those of joined accounts if there are others."""
        return [each for each in (self, *self.others) if each.connection_id == self.connection_id]

    def convert(self, *, includes_vat: bool, rate: Decimal | None = None) -> "TablePrice | None":
        """Return the last price with VAT, or without it; None if it can't be told."""
        if includes_vat == self.includes_vat:
            return TablePrice(self.price, includes_vat, self)
        known = rate if includes_vat and rate is not None else self.vat
        if known is None or known < 0:
            return None
        factor = 1 + known / 100
        amount = self.price * factor if includes_vat else self.price / factor
        return TablePrice(amount.quantize(CENT, ROUND_HALF_UP), includes_vat, self)


@dataclass(frozen=True)
class TablePrice:
    """A remembered price for a table whose prices are with VAT, or without it, and where it is from."""

    amount: Decimal
    includes_vat: bool
    origin: Remembered

    @property
    def is_converted(self) -> bool:
        return self.includes_vat != self.origin.includes_vat


def recall(connection_id: int, identities: Iterable[Identity]) -> dict[Identity, Remembered]:
    """Return what is remembered of these identities, the latest first; nothing of those that are unknown.

    Prices of other accounts are among `others`, and first only if the account has none, where a `PriceGroup` joins
    them. Four queries.
    """
    accounts, identities = joined_accounts(connection_id), list(identities)
    keys = {key for identity in identities for key in identity.keys}
    owners = find_owners(accounts, keys)
    wanted = Q(key__in=keys) | Q(product__in=set(owners.values()) - {None})
    rows = PriceMemory.objects.filter(wanted, connection__in=accounts, last_at__isnull=False)
    memories = list(rows.select_related("last_proposal").defer("last_proposal__payload", "last_proposal__search_text"))
    found = {}
    for identity in identities:
        matches = [memory for memory in memories if _is_of(memory, identity, owners, connection_id)]
        matches.sort(key=lambda memory: (memory.connection_id == connection_id, memory.last_at), reverse=True)
        groups: dict[tuple[int, str, bool], list[Remembered]] = defaultdict(list)
        for memory in matches:
            groups[memory.connection_id, memory.currency, memory.includes_vat].append(_remember(memory))
        if groups:
            first, *others = map(_merge, groups.values())
            found[identity] = replace(first, others=tuple(others))
    return found


def _merge(found: list[Remembered]) -> Remembered:
    """Return one for those of several keys of a product, the latest first."""
    latest = found[0]
    recent = [each for each in found if each.at >= latest.at - RECENT]
    low, high = min(each.recent_low for each in recent), max(each.recent_high for each in recent)
    return replace(
        latest,
        offered=sum(each.offered for each in found),
        won=sum(each.won for each in found),
        lost=sum(each.lost for each in found),
        low=min(each.low for each in found),
        high=max(each.high for each in found),
        # At least so many: the same price may be among those of several keys.
        recent_prices=max(*(each.recent_prices for each in recent), 1 if low == high else 2),
        recent_low=low,
        recent_high=high,
    )


def _is_of(memory: PriceMemory, identity: Identity, owners: Owners, own: int) -> bool:
    """Return whether a memory is of this identity: of its product, or of no product and with one of its keys."""
    account = memory.connection_id
    if identity.remote_id and account == own:
        return memory.product_id is not None and memory.product_id == owners.get((own, identity.keys[0]))
    keys = identity.shared_keys
    products = [product for key in keys if (product := owners.get((account, key)))]
    if products:
        return memory.product_id == products[0]
    return memory.product_id is None and memory.key in keys and (account, memory.key) not in owners


def joined_accounts(connection_id: int) -> list[int]:
    """Return the account, and those whose prices may be used for it."""
    groups = PriceGroup.objects.filter(connections=connection_id).values("pk")
    others = Connection.objects.filter(price_groups__in=groups).values_list("pk", flat=True)
    return [connection_id, *sorted(set(others) - {connection_id})]


def _remember(memory: PriceMemory) -> Remembered:
    proposal = memory.last_proposal
    assert memory.last_price is not None  # noqa: S101
    assert memory.last_at is not None  # noqa: S101
    return Remembered(
        price=memory.last_price,
        currency=memory.currency,
        includes_vat=memory.includes_vat,
        vat=memory.last_vat,
        at=memory.last_at,
        connection_id=memory.connection_id,
        proposal_id=memory.last_proposal_id,
        source=(proposal.number or str(proposal)) if proposal else "",
        offered=memory.offered,
        won=memory.won,
        lost=memory.lost,
        low=memory.low if memory.low is not None else memory.last_price,
        high=memory.high if memory.high is not None else memory.last_price,
        recent_prices=memory.recent_prices,
        recent_low=memory.recent_low if memory.recent_low is not None else memory.last_price,
        recent_high=memory.recent_high if memory.recent_high is not None else memory.last_price,
    )
