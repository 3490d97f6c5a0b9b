"""The followers of the change feed. A room registers its own in `followers.py`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from offorte_portal.changes.models import Change

# The kind of a line that stands for all changes of a run that were not recorded one by one.
READ_AGAIN = "read_again"


@dataclass(frozen=True, kw_only=True)
class Follower:
    """A reader of the change feed; `kinds` are the kinds of lines that it reads.

    `follow(connection_id, changes)` handles some lines, oldest first, in the transaction that moves the cursor: what it
    writes takes effect once. It is called again with the same lines if that transaction did not commit.

    `rebuild(connection_id, position)` computes part of its results from the mirror alone, beginning after the primary
    key `position`; it returns the key that it has reached, None at the end. It is called when lines are missing: for a
    new follower, for one that was away, and after a large run. Repeating what was done already must do no harm.
    """

    name: str
    kinds: Collection[str]
    follow: Callable[[int | None, Sequence[Change]], None]
    rebuild: Callable[[int, int], int | None] | None = None


FOLLOWERS: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Register a follower. Those registered earlier run first."""
    FOLLOWERS[follower.name] = follower
