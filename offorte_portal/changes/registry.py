"""The followers that there are. A room registers its own in `followers.py`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from offorte_portal.changes.models import Change

# Stands for all that a run has brought without a line for each object.
READ_AGAIN = "read_again"


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Who works with news. `kinds` are the kinds of lines that it wants.

    `follow(connection_id, changes)` works with some lines, oldest first, in the transaction that moves the cursor: what
    it writes is there once. It is called again with the same lines where that transaction did not commit.

    `rebuild(connection_id, position)` works out some of what it makes from the mirror alone, beginning after the
    primary key `position`; it returns where it has come to, None at the end. It is called where lines are missing: for
    a new follower, one that was away, and after a large run. What was done already it does once more without harm.
    """

    name: str
    kinds: Collection[str]
    follow: Callable[[int | None, Sequence[Change]], None]
    rebuild: Callable[[int, int], int | None] | None = None


FOLLOWERS: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Make a follower known. Those before it are run first."""
    FOLLOWERS[follower.name] = follower
