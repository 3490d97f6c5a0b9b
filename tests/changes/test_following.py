"""Followers hear all there is to hear, once, whatever fails in between."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from offorte_portal.changes import following
from offorte_portal.changes.models import Change, Cursor
from offorte_portal.changes.recording import What, read_again, recording
from offorte_portal.changes.registry import FOLLOWERS, READ_AGAIN, Follower, register
from offorte_portal.connections.models import Connection
from tests.changes.conftest import Listener
from tests.support.factories import make_connection

pytestmark = pytest.mark.django_db


def tell(account: Connection | None, *remote_ids: int, kind: str = "proposals") -> None:
    with recording(account.pk if account else None) as record:
        for remote_id in remote_ids:
            record.note(kind, remote_id, What.CHANGED)


def test_news_is_followed_as_soon_as_it_is_there(account: Connection, listener: Listener) -> None:
    tell(account, 1, 2)
    tell(account, 3, kind="companies")
    tell(account, 4)
    assert listener.heard == [(account.pk, "proposals", [1, 2]), (account.pk, "proposals", [4])]
    following.sweep()
    assert len(listener.heard) == 2


def test_accounts_and_what_is_of_none_are_followed_apart(account: Connection, listener: Listener) -> None:
    other = make_connection("other")
    tell(other, 1)
    tell(account, 2)
    tell(None, 3)
    assert listener.heard == [(other.pk, "proposals", [1]), (account.pk, "proposals", [2]), (None, "proposals", [3])]
    assert Cursor.objects.count() == 3
    tell(None, 4)
    assert listener.ids == [1, 2, 3, 4]
    assert Cursor.objects.count() == 3


def test_what_a_follower_could_not_take_it_hears_again(
    account: Connection, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.fails_at = lambda change: 2 in change.remote_ids
    for number in range(1, 4):
        tell(account, number)
    assert listener.ids == [1]
    assert listener.cursor.failures == 2
    assert "listener could not follow" in caplog.text
    listener.fails_at = lambda _change: False
    following.sweep()
    assert listener.ids == [1, 2, 3]
    assert listener.cursor.failures == 0


def test_a_line_that_always_fails_is_passed_over_and_rebuilt(account: Connection, listener: Listener) -> None:
    tell(account, 1)
    following.sweep()
    listener.rebuilt.clear()
    listener.fails_at = lambda change: 2 in change.remote_ids
    tell(account, 2)
    tell(account, 3)
    for _try in range(following.MOST_FAILURES):
        following.sweep()
    assert listener.ids == [1, 3]
    assert listener.rebuilt == [0]


def test_what_it_wrote_before_it_failed_is_undone(account: Connection, listener: Listener) -> None:
    follow = listener.follow

    def write_and_follow(connection_id: int, changes: list[Change]) -> None:
        Connection.objects.filter(pk=connection_id).update(account="written")
        follow(connection_id, changes)

    (known,) = FOLLOWERS.values()
    object.__setattr__(known, "follow", write_and_follow)
    listener.fails_at = lambda change: 2 in change.remote_ids
    tell(account, 2)
    account.refresh_from_db()
    assert account.account == "bouw"
    listener.fails_at = lambda _change: False
    following.sweep()
    account.refresh_from_db()
    assert account.account == "written"


def test_a_new_follower_rebuilds_and_hears_what_there_is(account: Connection, listener: Listener) -> None:
    listener.end = 2
    tell(account, 1)
    Cursor.objects.all().delete()
    listener.heard.clear()
    following.sweep()
    assert listener.ids == [1]
    assert listener.rebuilt == [0, 1, 2]
    following.sweep()
    assert len(listener.rebuilt) == 3


def test_reading_again_rebuilds_at_once(account: Connection, listener: Listener) -> None:
    following.sweep()
    listener.rebuilt.clear()
    read_again(account.pk)
    assert listener.rebuilt == [0]
    assert listener.cursor.rebuilt_to is None


def test_a_rebuild_that_is_asked_for_meanwhile_begins_anew(account: Connection, listener: Listener) -> None:
    listener.end = 1
    following.sweep()
    listener.rebuilt.clear()
    real = listener.rebuild

    def rebuild(connection_id: int, position: int) -> int | None:
        if len(listener.rebuilt) == 1:
            Change.objects.create(connection_id=connection_id, kind=READ_AGAIN, recorded_at=timezone.now())
            (follower,) = FOLLOWERS.values()
            following.follow(follower, connection_id)
        return real(connection_id, position)

    (known,) = FOLLOWERS.values()
    object.__setattr__(known, "rebuild", rebuild)
    read_again(account.pk)
    assert listener.rebuilt == [0, 1, 0, 1]


def test_who_rebuilds_for_long_keeps_no_other_from_it(account: Connection, listener: Listener) -> None:
    def never_end(_connection_id: int, position: int) -> int:
        time.sleep(0.01)
        return position + 1

    slow = Follower(name="slow", kinds=["proposals"], follow=lambda _connection, _lines: None, rebuild=never_end)
    known = dict(FOLLOWERS)
    FOLLOWERS.clear()
    register(slow)
    FOLLOWERS.update(known)
    began = time.monotonic()
    following.catch_up(account.pk, seconds=0.6)
    assert time.monotonic() - began < 5
    assert listener.rebuilt == [0]
    assert (Cursor.objects.get(follower="slow", connection=account).rebuilt_to or 0) > 0


def test_two_processes_do_not_rebuild_at_once(account: Connection, listener: Listener) -> None:
    tell(account, 1)
    Cursor.objects.update(rebuilt_to=0, lease="other", lease_until=timezone.now() + timedelta(seconds=30))
    following.sweep()
    assert listener.rebuilt == []
    Cursor.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    following.sweep()
    assert listener.rebuilt == [0]


def test_old_lines_go_and_who_has_not_read_them_rebuilds(account: Connection, listener: Listener) -> None:
    following.sweep()
    tell(account, 1)
    Change.objects.update(recorded_at=timezone.now() - timedelta(days=8))
    assert following.drop_old() == 1
    assert [cursor.rebuilt_to for cursor in Cursor.objects.filter(connection=account)] == [None], "it had read them"
    listener.fails_at = lambda _change: True
    tell(account, 2)
    Change.objects.update(recorded_at=timezone.now() - timedelta(days=8))
    tell(account, 3)
    assert following.drop_old() == 1
    assert listener.cursor.rebuilt_to == 0
    assert Change.objects.count() == 1


def test_a_follower_that_is_not_installed_holds_nothing(account: Connection, listener: Listener) -> None:
    Cursor.objects.create(follower="gone", connection=account)
    following.sweep()
    assert {cursor.follower for cursor in Cursor.objects.all()} == {"listener"}
