"""Who a member of staff is at Offorte, and which proposals are therefore theirs.

A proposal belongs to a person if its owner at Offorte is the Offorte user that an administrator has linked them to, in
that account. If Offorte gave the owner's id, only the id counts. If it gave no id, the owner's address is compared with
the one that the account's list of users has for the linked user, and counts only if no other user there has the same.
Addresses that were entered in the portal never count.

A link has no effect while the account has no such user, because the user was removed or the mirror is gone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import User
from django.db import connection as database
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left, Lower
from django.db.models.lookups import Exact

from offorte_portal.mirror.models.sorting import Unindexed
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.text.keys import SORTED_CHARACTERS
from proposals.models import AccountUser, Proposal

# (account, `Proposal.owner_key`), which tables that are derived from proposals have as well.
OwnerKey = tuple[int, str]
ADDRESS = Lower(Left("email", SORTED_CHARACTERS))
_KEPT_AS = "_offorte_identity"
# Placeholder for the person in a statement that is compiled once.
ANYBODY = -1


@dataclass(frozen=True)
class Identity:
    """The Offorte users that a person is, by account, and the owner keys of their proposals."""

    offorte_users: dict[int, int]
    keys: frozenset[OwnerKey]
    # The addresses that Offorte has of them, in lower case: other systems know sellers by nothing else.
    addresses: frozenset[str]

    @property
    def is_linked(self) -> bool:
        """Whether the person is an Offorte user in any account."""
        return bool(self.offorte_users)

    @cached_property
    def condition(self) -> Q:
        """The filter for their rows in a table with `connection` and `owner_key`; no rows for an empty identity."""
        return condition_of(self.keys)

    @cached_property
    def mark(self) -> str:
        """A digest that tells identities apart in the keys of caches."""
        return blake2b(repr(sorted(self.keys)).encode("utf-8", "replace"), digest_size=12).hexdigest()

    def owns(self, proposal: Proposal) -> bool:
        """Return whether the proposal is theirs."""
        return (proposal.connection_id, proposal.owner_key) in self.keys


def condition_of(keys: Collection[OwnerKey]) -> Q:
    """Return the filter for rows that have one of these owners; no rows for no owners."""
    by_account: dict[int, list[str]] = {}
    for account, key in sorted(keys):
        by_account.setdefault(account, []).append(key)
    found = Q(pk__in=[])
    for account, owners in by_account.items():
        # With = instead of IN, a database can read the rows in the order of an index.
        owned_by = Q(owner_key=owners[0]) if len(owners) == 1 else Q(owner_key__in=owners)
        found |= Q(Exact(Unindexed(F("connection")), account)) & owned_by
    return found


def identify(user: Any) -> Identity:
    """Return who the person is at Offorte, with one query. Kept on this instance of the user, as permissions are."""
    known: Identity | None = getattr(user, _KEPT_AS, None)
    if known is not None:
        return known
    sql, params = _statement()
    with database.cursor() as cursor:
        cursor.execute(sql, [user.pk if value == ANYBODY else value for value in params])
        rows = cursor.fetchall()
    keys = {(account, key) for account, remote_id, *details in rows for key in _keys(remote_id, *details)}
    known = Identity(
        {account: remote_id for account, remote_id, *_ in rows},
        frozenset(keys),
        frozenset(address for _, _, address, is_shared, _ in rows if address and not is_shared),
    )
    setattr(user, _KEPT_AS, known)
    return known


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """Return the query for one person, compiled once: every page runs it, and compiling takes longer."""
    sql, params = linked_users().filter(staff=ANYBODY).values_list(*COLUMNS).query.sql_with_params()
    return sql, params


def find_staff(accounts: Collection[int]) -> dict[OwnerKey, int]:
    """Return the ids of active staff by the owner keys of their proposals in these accounts, with one query."""
    staff = User.objects.filter(is_staff=True, is_active=True)
    rows = linked_users().filter(connection__in=accounts, staff__in=staff.values("pk"))
    found = rows.values_list("staff", *COLUMNS)
    return {(account, key): user for user, account, remote_id, *details in found for key in _keys(remote_id, *details)}


COLUMNS = ("connection_id", "remote_id", "address", "is_shared", "has_unnumbered")


def linked_users() -> QuerySet[Any]:
    """Return the Offorte users that somebody is linked to and that Offorte still has.

    Each has `staff`, its `address` as in owner keys, `is_shared` where another user of the account has the same
    address, and `has_unnumbered` where proposals of the account have that address of an owner and no id.
    """
    present = AccountUser.objects.present()
    link = OfforteUserLink.objects.filter(connection=OuterRef("connection"), remote_id=OuterRef("remote_id"))
    same = present.annotate(same=ADDRESS).filter(connection=OuterRef("connection"), same=OuterRef("address"))
    unnumbered = Proposal.objects.present().filter(
        Exact(Unindexed(F("connection")), OuterRef("connection")), owner_key=OuterRef("address")
    )
    return (
        present.annotate(staff=Subquery(link.values("user")[:1]), address=ADDRESS)
        .filter(staff__isnull=False)
        .annotate(is_shared=Exists(same.exclude(pk=OuterRef("pk"))), has_unnumbered=Exists(unnumbered))
    )


def _keys(remote_id: int, address: str, is_shared: bool, has_unnumbered: bool) -> list[str]:
    by_address = [address] if address and has_unnumbered and not is_shared else []
    return [f"#{remote_id}", *by_address]
