"""The scope of a page: a person's own proposals, and what is derived from them, or the team's."""

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
    """Whose rows a page shows: a person's own, or the team's, in one account or in all."""

    user: User
    is_mine: bool
    account: Connection | None = None
    # All accounts, for queries that use an index by account.
    accounts: tuple[int, ...] = ()
    # A number that changes whenever a stored sum does.
    version: int = 0

    @property
    def who(self) -> str:
        """The value that URLs of pages have for it."""
        return MINE if self.is_mine else TEAM

    @property
    def mark(self) -> str:
        """The part of cache keys that says whose rows these are."""
        return identify(self.user).mark if self.is_mine else "*"

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Return the rows in this scope, of a table with `connection` and `owner_key`."""
        if self.account:
            rows = rows.filter(connection=self.account)
        return rows.filter(identify(self.user).condition) if self.is_mine else rows


def default_scope(user: User) -> str:
    """Return `MINE` for people who are an Offorte user, and so may own proposals; `TEAM` for all others."""
    return MINE if identify(user).is_linked else TEAM
