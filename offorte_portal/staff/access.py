"""Which rows a person may act on, and in whose name: a permission says what, this says on whose."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.identity import identify
from proposals.models import Proposal

# Without it, a person may act on the proposals only that are theirs at Offorte.
OTHERS = "proposals.change_others_proposals"
# Without it, they make proposals in their own name only, and give none to anybody.
REASSIGN = "proposals.reassign_proposal"


def may_act(user: User, permission: str, row: Mirrored) -> bool:
    """Whether the person holds the permission and may use it on this row."""
    if not user.has_perm(permission):
        return False
    return not isinstance(row, Proposal) or user.has_perm(OTHERS) or owns(user, row)


def owns(user: User, proposal: Proposal) -> bool:
    """Whether the proposal's owner at Offorte is the Offorte user that the person is linked to."""
    return identify(user).owns(proposal)


def find_owner(account: int, user: User) -> int | None:
    """The Offorte user of the account that the person is linked to."""
    return identify(user).offorte_users.get(account)


def may_create_for(user: User, account: int, owner: Any) -> bool:
    """Whether the person may make a proposal that this Offorte user of the account owns; None leaves it to Offorte."""
    return owner is None or user.has_perm(REASSIGN) or owner == find_owner(account, user)


def own(proposals: QuerySet[Proposal], user: Any) -> QuerySet[Proposal]:
    """Of these proposals, those that are the person's."""
    return proposals.filter(identify(user).condition)
