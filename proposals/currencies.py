"""The currency of an Offorte account. The API has no field for it: it stands in the amounts that come as text.

An account has one (reference/offorte-notes.md), so that only sums over several accounts can meet several.
"""

import re
from collections.abc import Iterable

from django.core.cache import caches

from proposals.models import Proposal

# Offorte is sold in euros unless an account says otherwise, and it says so only in its display strings.
DEFAULT_CURRENCY = "€"
SECONDS = 600
# So many of the newest proposals are looked at for an amount that came as text.
NEWEST = 50
_NUMBER = re.compile(r"[-\d.,\s]+")


def currency_of(display: str) -> str:
    """The currency in an amount as Offorte wrote it: "$999.99" has "$". Euro where it has none."""
    return _NUMBER.sub("", display) or DEFAULT_CURRENCY


def read_currencies(accounts: Iterable[int]) -> dict[int, str]:
    """The currency of each of these accounts, by key. A query for each account that is not known, kept for minutes."""
    keys = {f"desk:currency:{pk}": pk for pk in accounts}
    known: dict[str, str] = caches["local"].get_many(keys)
    missing = {key: _find(pk) for key, pk in keys.items() if key not in known}
    caches["local"].set_many(missing, SECONDS)
    return {pk: known.get(key) or missing[key] for key, pk in keys.items()}


def _find(account: int) -> str:
    newest = Proposal.objects.filter(connection=account).order_by("-remote_id")
    displays = newest.values_list("price_total_display", flat=True)[:NEWEST]
    return currency_of(next(filter(None, displays), ""))
