"""What rooms do around a connection, whatever one of them does wrong."""

from collections.abc import Iterator

import pytest

from offorte_portal.connections import connecting, hooks
from offorte_portal.connections.hooks import Hooks, Problem
from offorte_portal.connections.models import Connection
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rooms() -> Iterator[list[Hooks]]:
    """No room but those that a test adds."""
    known = list(hooks.ROOMS)
    hooks.ROOMS.clear()
    yield hooks.ROOMS
    hooks.ROOMS[:] = known


def fail(*_args: object) -> None:
    raise RuntimeError("a fault")


def test_a_hook_that_fails_stops_no_other(rooms: list[Hooks], caplog: pytest.LogCaptureFixture) -> None:
    seen: list[object] = []
    hooks.register(Hooks(disconnected=fail))
    hooks.register(Hooks(disconnected=lambda *args: seen.extend(args)))
    connection = make_connection("bouw")
    connecting.disconnect(connection, by=make_staff("anna"), keep_mirror=True)
    assert seen == [connection, True]
    assert "failed for" in caplog.text
    assert "a fault" in caplog.text
    assert Connection.objects.get().state == Connection.State.DISCONNECTED


def test_the_first_problem_of_a_room_is_told(rooms: list[Hooks]) -> None:
    def find(connection: Connection) -> Problem:
        return Problem(connection, "Its roof leaks.")

    hooks.register(Hooks())
    hooks.register(Hooks(find_problem=fail))
    hooks.register(Hooks(find_problem=find))
    connection = make_connection("bouw", state="connected", token_expires_at=None)
    [problem] = connecting.problems([connection])
    assert problem.message == "Its roof leaks."
    assert problem.url == f"/connections/connection/{connection.pk}/change/"
