"""Follow-ups end with their proposal, and come back with it."""

import pytest
from django.contrib.auth.models import User

from offorte_portal import ports
from offorte_portal.tracking import closing, followups
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.support.factories import make_proposal
from tests.support.feed import bring_up_to_date
from tests.tracking.conftest import Note
from tests.tracking.rows import just

pytestmark = pytest.mark.django_db

Rule, Ended = FollowUp.Rule, FollowUp.Ended


def ends() -> list[str | None]:
    """Why each ended, in the order in which they were made; None for those that are open."""
    rows = FollowUp.objects.order_by("pk").values_list("ended", "done_at")
    return [ended if done_at else None for ended, done_at in rows]


def stand(**fields: object) -> None:
    Proposal.objects.update(**fields)
    closing.close(FollowUp.objects.all())


def test_those_of_rules_end_when_the_proposal_is_decided_and_those_by_hand_stay(someone: User, note: Note) -> None:
    proposal = make_proposal()
    note(someone, proposal=proposal, rule=Rule.SILENT, rule_since=ports.now())
    note(someone, proposal=proposal, note="Bel over de levering")
    for status in Proposal.DECIDED:
        stand(status=status)
        assert ends() == [Ended.DECIDED, None]
        stand(status="open")
        assert ends() == [None, None], "it was undone"


def test_all_end_with_a_deletion_and_come_back_with_the_proposal(someone: User, note: Note) -> None:
    note(someone)
    stand(removed_at=ports.now())
    assert ends() == [Ended.DELETED]
    stand(removed_at=None)
    assert ends() == [None]


def test_what_a_person_finished_stays_finished(someone: User, note: Note) -> None:
    row = note(someone, rule=Rule.UNSEEN, rule_since=ports.now())
    followups.finish_all(just(row), someone)
    stand(status="won")
    stand(status="open")
    row.refresh_from_db()
    assert (row.done_by, row.ended) == (someone, "")


def test_one_that_ended_and_was_reopened_by_hand_is_closed_once_more_only_by_news(someone: User, note: Note) -> None:
    row = note(someone, rule=Rule.UNSEEN, rule_since=ports.now(), proposal=make_proposal(status="won"))
    closing.close(FollowUp.objects.all())
    assert followups.reopen_all(just(row))
    row.refresh_from_db()
    assert (row.done_at, row.ended) == (None, "")


def test_the_change_feed_brings_it_about(someone: User, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    for _number in range(5):
        note(someone, rule=Rule.UNSEEN, rule_since=ports.now())
    Proposal.objects.update(status="lost")
    bring_up_to_date()
    assert ends() == [Ended.DECIDED] * 5
