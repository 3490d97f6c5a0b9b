"""What a transaction brought is in the feed if it committed, and only then."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.utils import timezone

from offorte_portal.changes import recording as module
from offorte_portal.changes.models import Change
from offorte_portal.changes.recording import Source, What, recording
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.engine import apply_list, apply_object
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from proposals.mirror import PROPOSALS
from tests.changes.conftest import Listener

pytestmark = pytest.mark.django_db


def lines() -> list[Change]:
    return list(Change.objects.order_by("pk"))


def test_a_transaction_is_one_line_a_kind(account: Connection) -> None:
    with recording(account.pk, Source.WRITE, operation_id=7, person_id=3) as record:
        record.note("proposals", 1, What.NEW)
        with recording(account.pk) as inner:
            inner.note("proposals", 2, What.CHANGED, {"status": "open"}, {"status": "won"})
            inner.note("companies", 5, What.REMOVED)
    companies, proposals = lines()
    assert companies.objects_changed == [[5, "removed", {}, {}]]
    assert proposals.objects_changed == [
        [1, "new", {}, {}],
        [2, "changed", {"status": "open"}, {"status": "won"}],
    ]
    assert {(one.source, one.operation_id, one.person_id) for one in (companies, proposals)} == {("write", 7, 3)}


def test_what_is_rolled_back_is_not_told(account: Connection) -> None:
    with suppress(RuntimeError), recording(account.pk) as record:
        record.note("proposals", 1, What.NEW)
        raise RuntimeError
    assert lines() == []
    with recording(account.pk) as record:
        record.note("proposals", 1, What.NEW)
        with suppress(RuntimeError), recording(account.pk) as inner:
            inner.note("proposals", 2, What.NEW)
            raise RuntimeError
    assert [one.remote_ids for one in lines()] == [[1]]


def test_nothing_to_tell_is_no_line(account: Connection, listener: Listener) -> None:
    with recording(account.pk):
        pass
    assert (lines(), listener.heard) == ([], [])


def test_what_changes_twice_goes_from_the_first_to_the_last(account: Connection) -> None:
    with recording(account.pk) as record:
        record.note("proposals", 1, What.NEW, {}, {"status": "edit"})
        record.note("proposals", 1, What.CHANGED, {"status": "edit"}, {"status": "open"})
        record.note("proposals", 2, What.CHANGED, {"status": "edit"}, {"status": "open"})
        record.note("proposals", 2, What.CHANGED, {"status": "open"}, {"status": "won"})
    assert lines()[0].objects_changed == [
        [1, "new", {"status": "edit"}, {"status": "open"}],
        [2, "changed", {"status": "edit"}, {"status": "won"}],
    ]


def test_too_much_for_a_line_is_read_again(account: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OBJECTS", 2)
    with recording(account.pk) as record:
        for number in range(3):
            record.note("proposals", number, What.NEW)
    assert [(one.kind, one.objects_changed) for one in lines()] == [("read_again", [])]


def test_the_mirror_tells_what_it_applied(account: Connection) -> None:
    now = timezone.now()
    item = {"id": 9, "name": "Dakkapel", "status": "open", "price_total": "100.00"}
    apply_list(account.pk, PROPOSALS, [item], as_of=now, bucket="open")
    apply_list(account.pk, PROPOSALS, [item], as_of=now, bucket="open")
    apply_list(account.pk, PROPOSALS, [item | {"status": "won", "name": "Serre"}], as_of=now, bucket="won")
    told = [(one.kind, one.objects_changed) for one in lines()]
    assert [kind for kind, _objects in told] == ["proposals", "proposals"]
    assert told[0][1][0][:3] == [9, "new", {}]
    assert told[0][1][0][3]["status"] == "open"
    assert Decimal(told[0][1][0][3]["price_total"]) == 100
    assert told[1][1] == [[9, "changed", {"status": "open"}, {"status": "won"}]]


def test_the_mirror_tells_of_comments_and_log_entries_that_came(account: Connection) -> None:
    comment = {"id": 4, "comment": "Kan het in eiken?", "type": "client", "date": "2026-11-01 10:00:00"}
    entry = {"date": "2026-11-01 10:00:00", "action": "proposal: viewed", "type": "client", "person": "Piet"}
    raw = {"id": 9, "name": "Dakkapel", "status": "open", "comments": [comment], "logs": {"history": [entry]}}
    apply_object(account.pk, PROPOSALS, 9, raw, as_of=timezone.now())
    raw["comments"] = [comment, comment | {"id": 5}]
    apply_object(account.pk, PROPOSALS, 9, raw, as_of=timezone.now())
    first, second = (one.objects_changed[0] for one in lines())
    assert (first[1], first[3]["comments"], first[3]["history"]) == ("new", [4], [0])
    assert second == [9, "changed", {}, {"comments": [5]}]


def test_what_is_removed_or_hidden_is_told_once(account: Connection) -> None:
    apply_list(account.pk, PROPOSALS, [{"id": 9, "name": "Dakkapel"}], as_of=timezone.now(), bucket="open")
    Change.objects.all().delete()
    mark_hidden(account.pk, PROPOSALS, 9, as_of=timezone.now())
    mark_removed(account.pk, PROPOSALS, [9, 10], as_of=timezone.now())
    mark_removed(account.pk, PROPOSALS, [9, 10], as_of=timezone.now())
    assert [one.objects_changed for one in lines()] == [[[9, "changed", {}, {}]], [[9, "removed", {}, {}]]]
