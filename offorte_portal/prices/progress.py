"""How much is still missing from price memory, so that figures can say so."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, IntegerField, OuterRef, Subquery

from offorte_portal.changes.models import Cursor
from offorte_portal.connections.models import Connection
from offorte_portal.prices.models import PriceDue
from proposals.models import Proposal

# More than this are not counted.
MOST = 1_000
# The names in `followers`.
FOLLOWERS = ("prices", "product_keys")


@dataclass(frozen=True)
class Unread:
    """The proposals whose details were never read, `MOST` at most, and whether figures are still being added up."""

    proposals: int
    is_computing: bool

    @property
    def is_many(self) -> bool:
        """Whether there may be more of them."""
        return self.proposals >= MOST

    def __bool__(self) -> bool:
        return bool(self.proposals) or self.is_computing


def find_unread(accounts: Collection[int]) -> Unread:
    """Return what price memory still lacks of these accounts. One query."""
    mine = {"connection": OuterRef("pk")}
    missing = Proposal.objects.filter(**mine, details_as_of__isnull=True, removed_at__isnull=True).order_by()
    # Counting stops at the most.
    count = Subquery(
        missing.values("pk")[:MOST],
        template="(SELECT COUNT(*) FROM (%(subquery)s) AS missing)",
        output_field=IntegerField(),
    )
    behind = Exists(Cursor.objects.filter(**mine, follower__in=FOLLOWERS, rebuilt_to__isnull=False))
    is_due = Exists(PriceDue.objects.filter(memory__connection=OuterRef("pk")))
    rows = Connection.objects.filter(pk__in=accounts).order_by().annotate(missing=count, is_computing=behind | is_due)
    found = rows.values_list("missing", "is_computing")
    return Unread(min(sum(number for number, _ in found), MOST), any(is_computing for _, is_computing in found))
