"""What the background reader reads, and in which order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from offorte_portal.activity.models import Activity, Notification
from offorte_portal.simulator import Fault
from offorte_portal.sync.reading import reader
from proposals.models import Proposal
from tests.support import warnings
from tests.sync.reading.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_read_a_moment_ago_is_left_alone(world: World) -> None:
    assert world.turn() == []


def test_a_question_that_no_list_tells_of_is_seen_in_time(world: World) -> None:
    asked = world.of_status("open")[0]
    world.account.comment(asked, "Chuck Norris", "What does it cost?")
    world.age(minutes=59)
    assert world.turn() == []
    world.age(minutes=61)
    assert sorted(world.turn()) == world.of_status("open", "edit")
    assert world.row(asked).comments.last().comment == "What does it cost?"  # type: ignore[union-attr]


def test_the_oldest_come_first_and_those_that_ended_take_a_week(world: World) -> None:
    first, second, *_ = world.of_status("open", "edit")
    ended = world.of_status("won", "lost", "closed")[0]
    world.age(second, hours=3)
    world.age(first, hours=2)
    world.age(ended, days=6)
    assert world.turn() == [second, first]
    world.age(ended, days=8)
    assert world.turn() == [ended]


def test_no_status_starves_another(world: World) -> None:
    first, *_ = world.of_status("open")
    ended = world.of_status("won", "lost", "closed")[0]
    world.age(first, hours=2)
    world.age(ended, days=7 * 3)
    assert world.turn() == [ended, first]


def test_where_events_arrive_only_open_ones_are_reread_daily(world: World) -> None:
    world.have_webhook()
    world.age(hours=23)
    assert world.turn() == []
    world.age(hours=25)
    assert sorted(world.turn()) == world.of_status("open", "edit")
    world.age(days=300)
    assert sorted(world.turn()) == world.of_status("open", "edit")


def test_after_a_gap_everything_is_read_again_open_ones_first(world: World) -> None:
    world.have_webhook()
    reader.note_gap(world.connection)
    asked_for = world.turn()
    open_, edit = world.of_status("open"), world.of_status("edit")
    assert sorted(asked_for[: len(open_)]) == open_
    assert sorted(asked_for[len(open_) : len(open_) + len(edit)]) == edit
    assert sorted(asked_for) == sorted(world.account.proposals)
    assert world.turn() == []


def test_what_changed_is_first_and_what_is_unlisted_waits(world: World) -> None:
    reader.note_gap(world.connection)
    changed, unlisted = world.of_status("won", "lost", "closed")[:2]
    Proposal.objects.filter(remote_id=changed).update(details_fingerprint="")
    Proposal.objects.filter(remote_id=unlisted).update(fingerprint="")
    assert world.turn()[0] == changed
    assert world.turn() == []


def test_an_answer_with_an_omission_is_asked_for_again(world: World) -> None:
    proposal = world.of_status("open")[0]
    path = f"/proposals/{proposal}/details"
    world.simulator.faults.add(Fault("renamed_field", path=path, name="comments", value="remarks_of", times=2))
    world.age(proposal, hours=2)
    assert world.turn() == [proposal]
    assert world.turn() == []
    row = world.row(proposal)
    assert warnings.read(row.warnings) == ["omitted:comments"]
    assert row.details_retry_at is not None
    assert row.details_retry_at - timezone.now() > timedelta(seconds=30)
    for tries in (2, 0):
        Proposal.objects.filter(pk=row.pk).update(details_retry_at=timezone.now())
        assert world.turn() == [proposal]
        assert world.row(proposal).details_tries == tries
    assert world.row(proposal).warnings == []


def test_late_news_is_shown_without_a_flood(world: World) -> None:
    asked = world.of_status("open")[0]
    world.account.comment(asked, "Chuck Norris", "Is it still valid?")
    known = Activity.objects.count()
    reader.note_gap(world.connection)
    world.turn()
    assert Activity.objects.filter(kind="commented").latest("pk").proposal == world.row(asked)
    assert Activity.objects.count() == known + 1
    assert Notification.objects.count() == 0
