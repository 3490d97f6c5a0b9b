"""Which product a memory belongs to: the only one of the account that has its key now, or else had it before."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from catalog.models import Product
from offorte_portal.changes import following
from offorte_portal.prices.counting import recount
from offorte_portal.prices.identity import identify
from offorte_portal.prices.models import PriceMemory, ProductKey, ProductMemory

AT_ONCE = 200
# A product keeps at most so many keys of earlier names.
MOST_FORMER = 10
FIGURES = ("price", "currency", "includes_vat", "proposal", "used_at", "share", "offered", "won", "lost")


def refresh(connection_id: int, keys: Collection[int]) -> None:
    """Store the keys of these products of an account, and link the memories with keys that changed."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        with transaction.atomic():
            following.lock(connection_id)
            changed = _store_keys(connection_id, ordered[start : start + AT_ONCE])
            link_memories(connection_id, changed)
            new = Product.objects.filter(pk__in=ordered[start : start + AT_ONCE], memory__isnull=True)
            refresh_products(set(new.order_by("pk").values_list("pk", flat=True)))


def _store_keys(connection_id: int, products: list[int]) -> set[str]:
    """Store the keys; return those that a product got, or has no longer."""
    rows = Product.objects.filter(pk__in=products, removed_at__isnull=True)
    found = {
        (row.pk, key)
        for row in rows.only("name", "sku", "remote_id", "descr_short", "connection_id")
        for key in identify(row).keys
    }
    held = {(row.product_id, row.key): row for row in ProductKey.objects.filter(product__in=products).order_by("pk")}
    turned = [row for pair, row in held.items() if row.is_current != (pair in found)]
    for row in turned:
        row.is_current = not row.is_current
    ProductKey.objects.bulk_update(turned, ["is_current"])
    new = sorted(found - held.keys())
    ProductKey.objects.bulk_create(
        (ProductKey(product_id=product, connection_id=connection_id, key=key) for product, key in new), batch_size=500
    )
    former: dict[int, list[ProductKey]] = defaultdict(list)
    for row in held.values():
        if not row.is_current:
            former[row.product_id].append(row)
    old = [row for each in former.values() for row in each[:-MOST_FORMER]]
    ProductKey.objects.filter(pk__in=[row.pk for row in old]).delete()
    return {row.key for row in (*turned, *old)} | {key for _product, key in new}


def link_memories(connection_id: int, keys: Collection[str]) -> None:
    """Link the memories of these keys to their products, and refresh what is shown of products that lose or get one."""
    owners = find_owners([connection_id], keys)
    changed, products = [], set()
    for memory in PriceMemory.objects.filter(connection=connection_id, key__in=keys).only("key", "product_id"):
        product = owners.get((connection_id, memory.key))
        if memory.product_id != product:
            products |= {memory.product_id, product}
            memory.product_id = product
            changed.append(memory)
    PriceMemory.objects.bulk_update(changed, ["product"], batch_size=500)
    recount([memory.pk for memory in changed], {product for product in products if product})
    refresh_products(products - {None})


def find_owners(connections: Collection[int], keys: Collection[str]) -> dict[tuple[int, str], int | None]:
    """Return the product that each key means in each account, None for a key of several; others are left out."""
    held: dict[tuple[int, str], dict[bool, list[int]]] = defaultdict(lambda: {True: [], False: []})
    rows = ProductKey.objects.filter(connection__in=connections, key__in=keys)
    for connection_id, key, is_current, product in rows.values_list("connection_id", "key", "is_current", "product_id"):
        held[connection_id, key][is_current].append(product)
    holders = {pair: by_state[True] or by_state[False] for pair, by_state in held.items()}
    return {pair: products[0] if len(products) == 1 else None for pair, products in holders.items()}


def refresh_products(products: set[int | None]) -> None:
    """Store what lists show of these products. Those without a memory have a row, too: lists are sorted along them."""
    found: dict[int, list[PriceMemory]] = defaultdict(list)
    for memory in PriceMemory.objects.filter(product__in=products, offered__gt=0):
        found[memory.product_id].append(memory)  # type: ignore[index]
    ProductMemory.objects.bulk_create(
        (_summarise(product, found[product]) for product in products if product),
        batch_size=500,
        update_conflicts=True,
        update_fields=FIGURES,
        unique_fields=["product"],
    )


def _summarise(product: int, memories: list[PriceMemory]) -> ProductMemory:
    priced = [memory for memory in memories if memory.last_at]
    latest = max(priced, key=lambda memory: (memory.last_at, memory.last_proposal_id or 0), default=None)
    offered, won, lost = (sum(getattr(memory, name) for memory in memories) for name in ("offered", "won", "lost"))
    return ProductMemory(
        product_id=product,
        price=latest.last_price if latest else None,
        currency=latest.currency if latest else "",
        includes_vat=latest.includes_vat if latest else False,
        proposal_id=latest.last_proposal_id if latest else None,
        used_at=latest.last_at if latest else None,
        share=100 * won / (won + lost) if won + lost else None,
        offered=offered,
        won=won,
        lost=lost,
    )
