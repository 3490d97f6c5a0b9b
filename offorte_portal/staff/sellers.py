"""Sellers as reports and lists tell them apart: one person in all accounts, by the address that Offorte has of them.

This is for looking only. Whose a proposal is, and who may act on it, is `access` to say.
"""

from django.db.models import Q

from offorte_portal.mirror.models.sorting import SORTED_CHARACTERS
from offorte_portal.staff.identity import ADDRESS, OwnerKey, condition_of
from proposals.models import AccountUser, Proposal


def read_addresses() -> dict[OwnerKey, str]:
    """Return the address of every Offorte user who has one, by what their proposals are known by."""
    users = AccountUser.objects.annotate(address=ADDRESS).exclude(address="")
    found = users.values_list("connection_id", "remote_id", "address")
    return {(account, f"#{remote_id}"): address for account, remote_id, address in found}


def name_seller(owner: OwnerKey, addresses: dict[OwnerKey, str]) -> str:
    """Return the seller's address; that of the row where Offorte told no id; the account and id of an unknown user."""
    account, key = owner
    return addresses.get(owner) or (f"{account}{key}" if key.startswith("#") else key)


def sold_by(seller: str) -> Q:
    """Return which rows with `connection` and `owner_key` are the seller's, as `name_seller` names them."""
    account, has_id, remote_id = seller.partition("#")
    if has_id and account.isdecimal() and len(account) < 19:
        return Q(connection=int(account), owner_key=f"#{remote_id}")
    address = seller.lower()[:SORTED_CHARACTERS]
    users = AccountUser.objects.annotate(address=ADDRESS).filter(address=address)
    found = condition_of(
        [(account, f"#{remote_id}") for account, remote_id in users.values_list("connection", "remote_id")]
    )
    # Asked for where there are any only: two conditions can't be walked in the order of one index.
    has_unnumbered = Proposal.objects.present().filter(owner_key=address).exists()
    return found | Q(owner_key=address) if has_unnumbered else found
