"""The currency of an Offorte account. The API has no field for it: it is read from amounts that Offorte sends as text.

An account has one currency (reference/offorte-notes.md), so only sums over several accounts can mix currencies.
"""

import re
from collections.abc import Iterable

from django.core.cache import caches

from proposals.models import Proposal

# Assumed where no display string of the account shows another currency.
DEFAULT_CURRENCY = "€"
SECONDS = 600
# The number of newest proposals that are searched for an amount sent as text.
NEWEST = 50
_NUMBER = re.compile(r"[-\d.,\s]+")


def currency_of(display: str) -> str:
    """Return the currency of an amount as Offorte wrote it, such as "$" for "$999.99"; the euro where there is none."""
    return _NUMBER.sub("", display) or DEFAULT_CURRENCY


def read_currencies(accounts: Iterable[int]) -> dict[int, str]:
    """Return the currency of each account, by key: one query per account not in the cache, kept for ten minutes."""
    keys = {f"desk:currency:{pk}": pk for pk in accounts}
    known: dict[str, str] = caches["local"].get_many(keys)
    missing = {key: _find(pk) for key, pk in keys.items() if key not in known}
    caches["local"].set_many(missing, SECONDS)
    return {pk: known.get(key) or missing[key] for key, pk in keys.items()}


def _find(account: int) -> str:
    newest = Proposal.objects.filter(connection=account).order_by("-remote_id")
    displays = newest.values_list("price_total_display", flat=True)[:NEWEST]
    return currency_of(next(filter(None, displays), ""))
