"""Which uses of prices count, so that a proposal counts once for a product, however many rows it has of it.

Of the rows of one product, or of one memory that is of none, one counts: a won one if there is any, as the prospect may
have left out any of them. Which rows are of one product changes when memories are linked to another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Q

from offorte_portal.prices.models import PriceDue, PriceUse

WON = PriceUse.Outcome.WON
Member = TypeVar("Member")


def choose(rows: Iterable[tuple[Member, str]]) -> Member | None:
    """Return the one that counts among rows of one proposal and product, given with their outcomes."""
    found = list(rows)
    won = [member for member, outcome in found if outcome == WON]
    return next(iter([*won, *(member for member, _outcome in found)]), None)


def recount(memories: Collection[int], products: Collection[int]) -> None:
    """Choose again in the proposals with these memories, which were linked from or to these products.

    Notes the months that change by it.
    """
    found = PriceUse.objects.filter(memory__in=memories).order_by().values("proposal")
    rows = PriceUse.objects.filter(Q(memory__in=memories) | Q(memory__product__in=products), proposal__in=found)
    groups: dict[tuple[int, int | None, int], list[PriceUse]] = defaultdict(list)
    shown = ("proposal_id", "outcome", "counts", "month", "memory__product_id")
    for use in rows.select_related("memory").only(*shown).order_by("proposal", "pk"):
        product = use.memory.product_id
        groups[use.proposal_id, product, 0 if product else use.memory_id].append(use)
    turned = []
    for uses in groups.values():
        counted = choose((use, use.outcome) for use in uses)
        turned += [use for use in uses if use.counts != (use is counted)]
    for use in turned:
        use.counts = not use.counts
    PriceUse.objects.bulk_update(turned, ["counts"], batch_size=500)
    note({(use.memory_id, use.month) for use in turned})


def note(months: Collection[tuple[int, date]]) -> None:
    """Note months of memories to be added up. Under the account’s lock, so that none is noted while it is deleted."""
    due = (PriceDue(memory_id=memory, month=month) for memory, month in sorted(months))
    PriceDue.objects.bulk_create(due, batch_size=500, ignore_conflicts=True)
