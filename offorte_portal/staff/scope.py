"""Whose proposals, and what follows from them, a page is about: a person's own, or the team's."""

from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from offorte_portal.connections.models import Connection
from offorte_portal.staff.identity import identify

MINE, TEAM = "mine", "team"
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Scope:
    """Whose they are: a person's own, or the team's, in one account or in all."""

    user: User
    is_mine: bool
    account: Connection | None = None
    # All accounts that there are, for queries that an index by account serves.
    accounts: tuple[int, ...] = ()
    # Another number as soon as a sum that is kept is another.
    version: int = 0

    @property
    def who(self) -> str:
        """What the addresses of pages call it."""
        return MINE if self.is_mine else TEAM

    @property
    def mark(self) -> str:
        """What tells whose it is in the keys of caches."""
        return identify(self.user).mark if self.is_mine else "*"

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Return those of the person, or of everybody, in the account or in all, of a table that tells the owner."""
        if self.account:
            rows = rows.filter(connection=self.account)
        return rows.filter(identify(self.user).condition) if self.is_mine else rows


def default_scope(user: User) -> str:
    """Mine for who is a user at Offorte, and so may own proposals; the team's for all others."""
    return MINE if identify(user).is_linked else TEAM
