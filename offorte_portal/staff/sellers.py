"""Sellers in reports and lists: one person in all accounts, recognised by their address at Offorte.

This is only for display: `access` decides whose a proposal is and who may act on it.
"""

from collections.abc import Iterable

from django.db.models import Q

from offorte_portal.staff.identity import ADDRESS, OwnerKey, condition_of
from offorte_portal.text.keys import SORTED_CHARACTERS
from proposals.models import AccountUser, Proposal


def read_addresses() -> dict[OwnerKey, str]:
    """Return the address of every Offorte user who has one, by the owner key of their proposals."""
    users = AccountUser.objects.annotate(address=ADDRESS).exclude(address="")
    found = users.values_list("connection_id", "remote_id", "address")
    return {(account, f"#{remote_id}"): address for account, remote_id, address in found}


def name_seller(owner: OwnerKey, addresses: dict[OwnerKey, str]) -> str:
    """Return the seller's address, from the user or from a key without id; account and id for an unknown user."""
    account, key = owner
    return addresses.get(owner) or (f"{account}{key}" if key.startswith("#") else key)


def sold_by(seller: str) -> Q:
    """Return the filter for the rows of a seller, as `name_seller` names them, with `connection` and `owner_key`."""
    account, has_id, remote_id = seller.partition("#")
    if has_id and account.isdecimal() and len(account) < 19:
        return Q(connection=int(account), owner_key=f"#{remote_id}")
    address = seller.lower()[:SORTED_CHARACTERS]
    users = AccountUser.objects.annotate(address=ADDRESS).filter(address=address)
    found = condition_of(
        [(account, f"#{remote_id}") for account, remote_id in users.values_list("connection", "remote_id")]
    )
    # Added only where there are any: with two conditions, rows can't be read in the order of one index.
    has_unnumbered = Proposal.objects.present().filter(owner_key=address).exists()
    return found | Q(owner_key=address) if has_unnumbered else found


def sold_by_any(sellers: Iterable[str]) -> Q:
    """Return the filter for the rows of several sellers, as `sold_by` does for one; no rows for none. One query."""
    named = set(sellers)
    known = {owner for owner, address in read_addresses().items() if address in named}
    without_address = {
        (int(account), f"#{remote_id}")
        for account, has_id, remote_id in (seller.partition("#") for seller in named)
        if has_id and account.isdecimal()
    }
    unnumbered = sorted(seller for seller in named if "#" not in seller)
    found = condition_of(known | without_address)
    return found | Q(owner_key__in=unnumbered) if unnumbered else found
