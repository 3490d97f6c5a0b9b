"""Which rows a person may act on: a permission says what, this says on whose."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.models import Mirrored
from offorte_portal.models.sorting import SORTED_CHARACTERS
from proposals.models import Proposal

# Without it, a person may act on the proposals only that are theirs at Offorte.
OTHERS = "proposals.change_others_proposals"


def may_act(user: User, permission: str, row: Mirrored) -> bool:
    """Whether the person holds the permission and may use it on this row."""
    if not user.has_perm(permission):
        return False
    return not isinstance(row, Proposal) or user.has_perm(OTHERS) or owns(user, row)


def owns(user: User, proposal: Proposal) -> bool:
    """Whether the proposal's owner at Offorte has the person's e-mail address."""
    return bool(user.email) and proposal.owner_email.lower() == user.email.lower()


def own(proposals: QuerySet[Proposal], email: str) -> QuerySet[Proposal]:
    """Of these proposals, those whose owner has this e-mail address; none without an address."""
    return proposals.filter(owner_email_key=email.lower()[:SORTED_CHARACTERS]) if email else proposals.none()
