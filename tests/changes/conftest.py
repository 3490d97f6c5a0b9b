"""A follower that keeps what it is told, in a table of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from offorte_portal.changes.models import Change, Cursor
from offorte_portal.changes.registry import FOLLOWERS, Follower, register
from offorte_portal.connections.models import Connection
from tests.support.factories import make_connection


@dataclass
class Listener:
    """What a follower was told, and what it is to fail at."""

    heard: list[tuple[int | None, str, list[int]]] = field(default_factory=list)
    rebuilt: list[int] = field(default_factory=list)
    fails_at: Callable[[Change], bool] = lambda _change: False
    end: int = 0

    def follow(self, connection_id: int | None, changes: Sequence[Change]) -> None:
        for change in changes:
            if self.fails_at(change):
                raise RuntimeError("a fault")
            self.heard.append((connection_id, change.kind, change.remote_ids))

    def rebuild(self, connection_id: int, position: int) -> int | None:
        self.rebuilt.append(position)
        return position + 1 if position < self.end else None

    @property
    def ids(self) -> list[int]:
        return [remote_id for _connection, _kind, found in self.heard for remote_id in found]

    @property
    def cursor(self) -> Cursor:
        return Cursor.objects.get(follower="listener", connection__isnull=False)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """The only follower that there is; it wants to know of proposals."""
    made, known = Listener(), dict(FOLLOWERS)
    FOLLOWERS.clear()
    register(Follower(name="listener", kinds=["proposals"], follow=made.follow, rebuild=made.rebuild))
    yield made
    FOLLOWERS.clear()
    FOLLOWERS.update(known)


@pytest.fixture
def account(db: None) -> Connection:
    return make_connection("bouw")
