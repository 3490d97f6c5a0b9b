"""A proposal that is won, lost, closed or reopened: when that was, and how often."""

import pytest

from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


def test_a_status_that_nobody_dates_is_dated_by_whoever_can(known: Story) -> None:
    known.change(status="won", as_of=known.at(50))
    known.collect()
    assert [(entry.is_estimated, entry.happened_at) for entry in known.entries] == [(True, known.at(50))]
    known.log("accepted", 10)
    known.collect()
    found = [(entry.is_estimated, entry.happened_at, entry.person) for entry in known.entries]
    assert found == [(False, known.at(10), "Chuck de Vries")]


def test_won_again_after_it_was_reopened_is_two(known: Story) -> None:
    known.log("accepted", 1)
    known.log("status open", 3, "Sanne Jansen", "user")
    known.log("status won", 5, "Sanne Jansen", "user")
    known.change(status="won", won_at=known.at(5))
    assert known.collect() == ["won", "reopened", "won"]


def test_a_status_that_changed_unseen_is_noticed(known: Story) -> None:
    for number, status in enumerate(("lost", "open", "lost", "edit")):
        known.change(status=status, as_of=known.at(15 * number))
        known.collect()
    assert known.told == ["lost", "reopened", "lost", "reopened"]


def test_older_news_in_the_mirror_is_no_status(known: Story) -> None:
    known.log("accepted", 10)
    for status in ("won", "open", "lost", "won"):
        known.change(status=status, as_of=known.at(10.5))
        assert known.collect() == ["won"]


def test_a_status_that_lasts_is_one_after_all(known: Story) -> None:
    known.log("accepted", 10)
    known.change(status="won", as_of=known.at(10.5))
    known.collect()
    known.change(status="open", as_of=known.at(12))
    assert known.collect() == ["won"]
    known.change(as_of=known.at(40))
    assert known.collect() == ["won", "reopened"]


def test_the_last_status_comes_last(known: Story) -> None:
    known.log("accepted", 30)
    known.collect()
    known.change(status="lost", remote_modified_at=known.at(10), as_of=known.at(55))
    assert known.collect() == ["won", "lost"]
    assert known.entries[-1].happened_at == known.at(55)


def test_an_open_proposal_was_sent_and_not_reopened(story: Story) -> None:
    story.log("status edit", 1, "Sanne Jansen", "user")
    story.log("status open", 3, "Sanne Jansen", "user")
    assert story.collect() == ["sent"]


def test_an_old_status_without_a_date_is_no_news(story: Story) -> None:
    story.change(status="lost")
    assert story.collect() == []
    assert story.collect() == []


def test_lost_may_mean_closed(known: Story) -> None:
    known.note("proposal_lost", 1, status="closed")
    assert known.told == ["closed"]
    known.log("status open", 2, "Sanne Jansen", "user")
    known.change(status="closed")
    known.note("proposal_lost", 30)
    assert known.told == ["closed", "reopened", "closed"]
