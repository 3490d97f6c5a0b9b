"""Reading the price rows of proposals into uses of prices.

What is remembered of a row, and what is not:
1. A negative price is a credit: no use at all. A price of zero, or an unknown one, is offered, but is no price.
2. `price` is before the row's discount, which is kept beside it.
3. An optional row that the prospect left out of a proposal that was won is neither won nor lost.
4. Proposals that were removed, or whose details were never read, have no uses.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from offorte_portal.changes import following
from offorte_portal.prices import linking
from offorte_portal.prices.counting import choose, note
from offorte_portal.prices.identity import plain, row_key
from offorte_portal.prices.models import PriceMemory, PriceUse
from proposals.currencies import currency_of, read_currencies
from proposals.models import PriceRow, Proposal

AT_ONCE = 100
LABEL_CHARACTERS = 200
LARGEST = Decimal(10) ** 15
Outcome = PriceUse.Outcome


class Kind(NamedTuple):
    """What tells the memories of an account apart."""

    key: str
    currency: str
    includes_vat: bool


class Memory(NamedTuple):
    """The memory of a kind."""

    pk: int
    product_id: int | None


class Use(NamedTuple):
    """A use as it is stored, without its memory; `label` is the memory's."""

    kind: Kind
    label: str
    price: Decimal | None
    vat: Decimal | None
    quantity: Decimal | None
    discount: Decimal | None
    discount_type: str
    value: Decimal | None
    at: datetime
    outcome: str
    counts: bool


# In the order of what `_read` takes apart.
COLUMNS = (
    "table__proposal_id",
    "table__rows_include_vat",
    "product_remote_id",
    "sku",
    "content",
    "count",
    "price",
    "subtotal",
    "vat_percentage",
    "discount",
    "discount_type",
    "userinput_optional",
    "userinput_optional_checked",
)
KEPT = ("price", "vat", "quantity", "discount", "discount_type", "value", "at", "outcome", "counts")
# Of rows that begin with the memory.
AT = 1 + KEPT.index("at")


def refresh(connection_id: int, keys: Collection[int]) -> None:
    """Store the uses in these proposals of an account, and note the months whose figures are outdated by that."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        with transaction.atomic():
            following.lock(connection_id)
            _refresh(connection_id, ordered[start : start + AT_ONCE])


def _refresh(connection_id: int, keys: list[int]) -> None:
    found = _read(connection_id, keys)
    memories = _find_memories(connection_id, [use for uses in found.values() for use in uses])
    held = _read_held(keys)
    fresh, months, changed = [], set(), []
    for key in keys:
        uses = _mark(found.get(key, []), memories)
        now = [(memories[use.kind].pk, *(getattr(use, name) for name in KEPT)) for use in uses]
        before = held.get(key, [])
        if _comparable(now) == _comparable(before):
            continue
        changed.append(key)
        months |= {(row[0], month_of(row[AT])) for row in (*now, *before)}
        fresh += [
            PriceUse(
                memory_id=row[0], proposal_id=key, month=month_of(row[AT]), **dict(zip(KEPT, row[1:], strict=True))
            )
            for row in now
        ]
    PriceUse.objects.filter(proposal__in=changed).delete()
    PriceUse.objects.bulk_create(fresh, batch_size=500)
    note(months)


def _comparable(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return sorted(repr([part.normalize() if isinstance(part, Decimal) else part for part in row]) for row in rows)


def _read_held(keys: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    held: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rows = PriceUse.objects.filter(proposal__in=keys).values_list("proposal_id", "memory_id", *KEPT)
    for key, *row in rows:
        held[key].append(tuple(row))
    return held


def _read(connection_id: int, keys: list[int]) -> dict[int, list[Use]]:
    """Return the uses in these proposals, by proposal."""
    present = Proposal.objects.filter(pk__in=keys, removed_at__isnull=True, details_as_of__isnull=False)
    moments = ("remote_created_at", "remote_modified_at", "details_as_of")
    heads = {head["pk"]: head for head in present.values("pk", "status", "price_total_display", *moments)}
    usual = read_currencies([connection_id])[connection_id]
    found: dict[int, list[Use]] = defaultdict(list)
    rows = PriceRow.objects.filter(table__proposal__in=heads, type__in=(PriceRow.Type.PRICE, ""))
    for row in rows.order_by("table__proposal_id", "table__position", "position").values(*COLUMNS):
        head = heads[row["table__proposal_id"]]
        found[head["pk"]] += _use(row, head, usual)
    return found


def _mark(uses: list[Use], memories: dict[Kind, Memory]) -> list[Use]:
    """Return the uses in a proposal, with `counts` set for one of each product."""
    groups: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    for position, use in enumerate(uses):
        memory = memories[use.kind]
        groups[memory.product_id, 0 if memory.product_id else memory.pk].append(position)
    counted = {choose((each, uses[each].outcome) for each in group) for group in groups.values()}
    return [use._replace(counts=position in counted) for position, use in enumerate(uses)]


def _use(row: dict[str, Any], head: dict[str, Any], usual: str) -> Iterator[Use]:
    """Yield the use of a row, unless it is a credit or says nothing."""
    key = row_key(row["product_remote_id"], row["sku"], row["content"])
    price: Decimal | None = row["price"]
    if not key or (price is not None and price < 0):
        return
    display = head["price_total_display"]
    yield Use(
        kind=Kind(key, (currency_of(display) if display else usual)[:20], bool(row["table__rows_include_vat"])),
        label=plain(row["content"]).partition("\n")[0][:LABEL_CHARACTERS] or row["sku"][:LABEL_CHARACTERS],
        price=price or None,
        vat=row["vat_percentage"],
        quantity=row["count"],
        discount=row["discount"] or None,
        discount_type=row["discount_type"],
        value=_value(row),
        at=head["remote_created_at"] or head["remote_modified_at"] or head["details_as_of"],
        outcome=_outcome(row, head["status"]),
        counts=True,
    )


def _outcome(row: dict[str, Any], status: str) -> str:
    is_left_out = bool(row["userinput_optional"]) and row["userinput_optional_checked"] is False
    if status == Proposal.Status.WON and not is_left_out:
        return Outcome.WON.value
    return Outcome.LOST.value if status == Proposal.Status.LOST else Outcome.NONE.value


def _value(row: dict[str, Any]) -> Decimal | None:
    """Return the row's amount without VAT; None if it is unknown, or with a discount that Offorte has not taken off."""
    amount = row["subtotal"]
    if amount is None and row["price"] is not None and row["count"] is not None and not row["discount"]:
        amount = row["price"] * row["count"]
    if amount is not None and row["table__rows_include_vat"]:
        vat = row["vat_percentage"]
        amount = None if vat is None or vat < 0 else amount / (1 + vat / 100)
    if amount is None or abs(amount) >= LARGEST:
        return None
    return Decimal(amount).quantize(Decimal("0.0001"))


def _find_memories(connection_id: int, uses: list[Use]) -> dict[Kind, Memory]:
    """Return the memory of each kind; create those that are missing, and link them to products."""
    labels = {use.kind: use.label for use in uses}
    known = _read_memories(connection_id, labels)
    missing = [kind for kind in labels if kind not in known]
    if not missing:
        return known
    PriceMemory.objects.bulk_create(
        (PriceMemory(connection_id=connection_id, label=labels[kind], **kind._asdict()) for kind in missing),
        batch_size=500,
        ignore_conflicts=True,
    )
    linking.link_memories(connection_id, {kind.key for kind in missing})
    return _read_memories(connection_id, labels)


def _read_memories(connection_id: int, kinds: Iterable[Kind]) -> dict[Kind, Memory]:
    keys = {kind.key for kind in kinds}
    rows = PriceMemory.objects.filter(connection=connection_id, key__in=keys)
    found = rows.only("key", "currency", "includes_vat", "product_id")
    return {Kind(row.key, row.currency, row.includes_vat): Memory(row.pk, row.product_id) for row in found}


def month_of(moment: datetime) -> date:
    """Return the first day of a moment's month, in the portal's time zone."""
    return timezone.localtime(moment).date().replace(day=1)
