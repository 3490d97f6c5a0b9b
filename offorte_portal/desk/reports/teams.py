"""Teams of sellers: who is in which, as reports group them and as managers set them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from offorte_portal.desk.models import Team, TeamMember
from offorte_portal.staff.sellers import read_addresses, sold_by_any
from proposals.models import AccountUser

# The value of the filter for proposals of sellers without a team.
NO_TEAM = "none"


@dataclass(frozen=True)
class Seller:
    """An Offorte user as teams know them: by their address, under their name in any account."""

    address: str
    name: str


def list_sellers() -> list[Seller]:
    """Return everyone who is or was an Offorte user with an address, by name. One query."""
    users = AccountUser.objects.exclude(email="").order_by("removed_at", "pk")
    names: dict[str, str] = {}
    for email, first, last in users.values_list("email", "firstname", "lastname"):
        names.setdefault(email.lower(), f"{first} {last}".strip() or email)
    known = set(read_addresses().values())
    found = [Seller(address[:80], name) for address, name in names.items() if address[:80] in known]
    return sorted(found, key=lambda seller: (seller.name.lower(), seller.address))


def read_members() -> dict[str, int]:
    """Return the team of each seller who is in one. One query."""
    return dict(TeamMember.objects.order_by().values_list("seller", "team"))


def set_team(team: Team, sellers: Collection[str]) -> None:
    """Save a team with exactly these sellers; those who were in another team leave it."""
    with transaction.atomic():
        team.save()
        TeamMember.objects.filter(Q(team=team) | Q(seller__in=sellers)).delete()
        TeamMember.objects.bulk_create([TeamMember(team=team, seller=seller) for seller in sorted(set(sellers))])


def sold_by_team(value: str) -> Q:
    """Return the filter for the rows of a team's sellers, by its key, or of sellers in no team; none if unknown."""
    if value == NO_TEAM:
        return ~sold_by_any(TeamMember.objects.values_list("seller", flat=True))
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        return Q(pk__in=[])
    return sold_by_any(TeamMember.objects.filter(team=int(value)).values_list("seller", flat=True))
