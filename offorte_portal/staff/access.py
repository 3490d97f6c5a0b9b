"""Whose rows a person may act on: a permission says what they may do, this module says on whose rows."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.identity import identify
from proposals.models import Proposal

# Without this permission, people may act only on proposals that are theirs at Offorte.
OTHERS = "proposals.change_others_proposals"
# Without this permission, people may create proposals only for themselves, and may not assign any to others.
REASSIGN = "proposals.reassign_proposal"


def may_act(user: User, permission: str, row: Mirrored) -> bool:
    """Return whether the person holds the permission and may use it on this row."""
    if not user.has_perm(permission):
        return False
    return not isinstance(row, Proposal) or user.has_perm(OTHERS) or owns(user, row)


def owns(user: User, proposal: Proposal) -> bool:
    """Return whether the proposal's owner at Offorte is the Offorte user that the person is linked to."""
    return identify(user).owns(proposal)


def find_owner(account: int, user: User) -> int | None:
    """Return the id of the account's Offorte user that the person is linked to; None where there is none."""
    return identify(user).offorte_users.get(account)


def may_create_for(user: User, account: int, owner: Any) -> bool:
    """Return whether the person may create a proposal for this Offorte user; None leaves the owner to Offorte."""
    return owner is None or user.has_perm(REASSIGN) or owner == find_owner(account, user)


def own(proposals: QuerySet[Proposal], user: Any) -> QuerySet[Proposal]:
    """Return those of the proposals that are the person's."""
    return proposals.filter(identify(user).condition)
