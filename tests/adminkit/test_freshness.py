"""How old a page is, in words, for one account and for several."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.utils import timezone

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.freshness import Freshness, describe
from offorte_portal.connections.models import Connection
from offorte_portal.sync.models import SyncRun
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db


def read(*connections: Connection, is_superuser: bool = False) -> Freshness:
    request = RequestFactory().get("/")
    request.user = make_staff(is_superuser=is_superuser)
    read = {one.pk: one for one in accounts.available(request)}
    return describe(request, [read[one.pk] for one in connections])


def ago(minutes: int) -> dict[str, Any]:
    return {"synced_at": timezone.now() - timedelta(minutes=minutes)}


def test_synced_a_moment_ago_is_fresh() -> None:
    freshness = read(make_connection(**ago(2)))
    assert (freshness.state, freshness.text.replace("\xa0", " ")) == ("fresh", "Synced 2 minutes ago")


def test_stale_after_two_missed_syncs() -> None:
    assert read(make_connection(**ago(119))).state == "fresh"
    assert read(make_connection(**ago(121))).state == "stale"


def test_the_oldest_of_several_accounts_counts() -> None:
    freshness = read(make_connection(**ago(2)), make_connection(**ago(300)))
    assert (freshness.state, freshness.text.replace("\xa0", " ")) == ("stale", "Synced 5 hours ago")


def test_a_disconnected_account_is_stale_only_when_alone() -> None:
    gone = make_connection(state=Connection.State.DISCONNECTED, **ago(1))
    assert read(gone).state == "stale"
    assert read(gone, make_connection(**ago(1))).state == "fresh"


def test_never_synced_is_named_among_several() -> None:
    new = make_connection("new", synced_at=None)
    assert read(new) == Freshness("never", "Never synced")
    assert read(new, make_connection()).text == "Never synced: new"


def test_a_broken_connection_comes_before_all_else() -> None:
    broken = make_connection("bad", state=Connection.State.RECONNECT)
    SyncRun.objects.create(connection=broken, trigger="person")
    assert read(broken, make_connection("good", synced_at=None)).text == "Reconnect needed: bad"
    assert read(broken).state == "broken"


def test_a_running_sync_shows() -> None:
    connection = make_connection(**ago(500))
    run = SyncRun.objects.create(connection=connection, trigger="person", state=SyncRun.State.RUNNING)
    assert read(connection) == Freshness("syncing", "Syncing…")
    run.state = SyncRun.State.DONE
    run.save()
    assert read(connection).state == "stale"


def test_the_link_is_for_those_who_may_follow_it() -> None:
    connection = make_connection(**ago(1))
    assert str(connection.pk) in read(connection, is_superuser=True).url
    request = RequestFactory().get("/")
    request.user = make_staff(is_superuser=False)
    assert describe(request, [connection]).url == ""
    request.user.user_permissions.add(Permission.objects.get(codename="view_connection"))
    request.user = type(request.user).objects.get(pk=request.user.pk)
    assert describe(request, [connection]).url != ""
