"""The call list: whom to call, in which order, why, and what is off it."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from offorte_portal.desk import stats
from offorte_portal.desk.calls import dealing, reading
from offorte_portal.desk.calls.sources import SOURCES, CallSource, register
from offorte_portal.desk.models import CallState, CommentState, ProposalStats
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.models import FollowUp
from offorte_portal.writes.models import Operation
from proposals.models import LogEntry, Proposal
from tests.desk.calling import DAY, HOUR, MINUTE, ask, follow_up, mine, open_proposal, receive, silent, team, unseen
from tests.support.factories import link, make_company, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db


def names(scope: Scope, **options: Any) -> list[str]:
    return [call.proposal.name for call in reading.read(scope, **options).calls]


def numbers(scope: Scope) -> dict[str, int]:
    return {kind: counted.count for kind, counted in reading.count(scope).items()}


def test_the_most_urgent_comes_first(seller: User) -> None:
    silent(name="Silent")
    unseen(name="Unseen")
    open_proposal(name="Seen", view_count=1, viewed_at=timezone.now() - 2 * DAY)
    hot = open_proposal(name="Hot", view_count=1, viewed_at=timezone.now() - DAY)
    ProposalStats.objects.filter(pk=hot.pk).update(heat=30)
    follow_up(open_proposal(name="Due", view_count=None), seller)
    ask(open_proposal(name="Asked", view_count=None))
    assert names(mine(seller)) == ["Asked", "Due", "Hot", "Seen", "Unseen", "Silent"]
    assert numbers(mine(seller)) == {
        "question": 1, "followup": 1, "hot": 1, "seen": 2, "unseen": 1, "silent": 1,
    }  # fmt: skip


def test_a_proposal_is_one_row_with_its_strongest_reason_first(seller: User) -> None:
    proposal = silent()
    follow_up(proposal, seller)
    ask(proposal)
    found = reading.read(mine(seller))
    (call,) = found.calls
    assert call.reasons[0] == "asked 26 minutes ago"
    assert call.reasons[1].startswith("follow-up due ")
    assert call.reasons[2] == "silent for 12 days"
    assert not found.has_more


def test_it_is_said_how_often_and_by_how_many_it_was_looked_at(seller: User) -> None:
    proposal = open_proposal(view_count=5)
    for number, person in enumerate(["Jan", "Jan", "Piet", "Jan"]):
        at = timezone.now() - number * HOUR
        LogEntry.objects.create(
            proposal=proposal, position=number, logged_at=at, person=person, action="proposal: viewed", type="client"
        )
    stats.refresh([proposal.pk])
    (call,) = reading.read(mine(seller)).calls
    assert call.reasons == ["looked 4 times since yesterday, 2 people"]


def test_one_never_opened_says_since_when(seller: User) -> None:
    unseen(6)
    (call,) = reading.read(mine(seller)).calls
    assert call.reasons == ["sent 6 days ago, never opened"]


def test_of_the_unseen_the_most_valuable_comes_first_and_unknown_values_last(seller: User) -> None:
    for name, value in (("Small", Decimal(1)), ("Unknown", None), ("Large", Decimal(900))):
        unseen(name=name, price_total=value)
    assert names(mine(seller)) == ["Large", "Small", "Unknown"]


def test_what_had_no_news_for_over_60_days_is_only_to_clean_up(seller: User) -> None:
    unseen(61)
    silent(80)
    assert names(mine(seller)) == []
    (stale,) = reading.count(mine(seller)).values()
    assert (stale.count, stale.worth.amounts, stale.worth.unknown) == (2, {"€": Decimal("21.0")}, 0)


def test_what_is_to_clean_up_is_added_up_by_currency(seller: User) -> None:
    for account, display in (("north", "€ 10,50"), ("south", "$10.50")):
        connection = make_connection(account)
        link(seller, connection, email="sanne@example.com")
        silent(80, connection=connection, price_total_display=display)
        silent(80, connection=connection, price_total_display=display, price_total=None)
    stale = reading.count(mine(seller))["stale"]
    assert stale.worth.amounts == {"€": Decimal("10.5"), "$": Decimal("10.5")}
    assert (stale.count, stale.worth.unknown) == (4, 2)


def test_everybody_sees_the_team_s_and_a_person_their_own(seller: User) -> None:
    unseen()
    kees = make_staff("kees")
    assert (names(mine(kees)), len(names(team(kees)))) == ([], 1)


def test_the_chosen_account_alone_counts(seller: User) -> None:
    north, south = make_connection("north"), make_connection("south")
    link(seller, north, email="sanne@example.com")
    unseen(connection=north)
    assert len(names(mine(seller, account=north))) == 1
    assert names(mine(seller, account=south)) == []


def test_a_question_is_the_owner_s_or_that_of_whom_it_is_assigned_to(seller: User) -> None:
    pim = make_staff("pim")
    proposal = make_proposal(owner_email="sanne@example.com")
    given = ask(proposal)
    CommentState.objects.create(activity=given, assigned_to=pim, assigned_at=timezone.now())
    assert numbers(mine(seller)) == {}
    assert numbers(mine(pim)) == {"question": 1}


def test_a_question_from_before_the_decision_is_no_reason_any_more(seller: User) -> None:
    proposal = open_proposal(remote_created_at=timezone.now())
    ask(proposal)
    assert numbers(mine(seller)) == {"question": 1}
    Proposal.objects.filter(pk=proposal.pk).update(status="won")
    ProposalStats.objects.filter(pk=proposal.pk).update(status="won", decided_at=timezone.now() - 2 * MINUTE)
    assert numbers(mine(seller)) == {}
    ask(proposal, happened_at=timezone.now())
    assert numbers(mine(seller)) == {"question": 1}


def test_a_removed_proposal_is_on_no_list(seller: User) -> None:
    proposal = unseen()
    ask(proposal)
    follow_up(proposal, seller)
    Proposal.objects.update(removed_at=timezone.now())
    stats.refresh([proposal.pk])
    assert names(team(seller)) == []


def test_an_unknown_outcome_is_shown_to_who_may_see_changes(seller: User) -> None:
    proposal = open_proposal(name="Doubtful", view_count=None)
    Operation.objects.create(
        connection=proposal.connection, verb="change", target="proposals", remote_id=proposal.remote_id,
        state="unknown", requested_by=seller,
    )  # fmt: skip
    assert names(mine(seller)) == ["Doubtful"]
    assert names(mine(make_staff("pim"))) == []
    viewer = make_staff("vera", is_superuser=False)
    viewer.groups.add(Group.objects.get(name="Viewer"))
    assert names(team(viewer)) == []


def test_done_takes_a_proposal_off_one_s_own_list_until_there_is_newer_news(seller: User) -> None:
    proposal = silent()
    dealing.finish(proposal, None, seller)
    assert (names(mine(seller)), numbers(mine(seller))) == ([], {})
    assert len(names(team(make_staff("pim")))) == 1
    CallState.objects.update(handled_at=timezone.now() - HOUR)
    ask(proposal)
    assert names(mine(seller)) == [proposal.name]


def test_snoozed_it_comes_back_on_the_day(seller: User) -> None:
    proposal = silent()
    ask(proposal)
    dealing.snooze(proposal, None, seller, days=3)
    assert (names(mine(seller)), numbers(mine(seller))) == ([], {})
    CallState.objects.update(until=timezone.now() - MINUTE, handled_at=timezone.now() - 30 * DAY)
    assert names(mine(seller)) == [proposal.name]


def test_done_and_undo_take_the_follow_up_along(seller: User) -> None:
    proposal = open_proposal(view_count=None)
    row = follow_up(proposal, seller)
    at = dealing.finish(proposal, row, seller)
    assert FollowUp.objects.get().done_by == seller
    assert dealing.undo(proposal, row, seller, at)
    assert (FollowUp.objects.get().done_at, names(mine(seller))) == (None, [proposal.name])


def test_undo_of_a_snooze_brings_back_when_it_was_due(seller: User) -> None:
    proposal = open_proposal(view_count=None)
    row = follow_up(proposal, seller)
    at = dealing.snooze(proposal, row, seller, days=5)
    assert FollowUp.objects.get().due_at > timezone.now() + 4 * DAY
    assert dealing.undo(proposal, row, seller, at)
    made = FollowUp.objects.get()
    assert (made.due_at, made.snoozed) == (row.due_at, 0)


def test_an_older_step_is_not_undone_after_a_newer_one(seller: User) -> None:
    proposal = open_proposal(view_count=None)
    row = follow_up(proposal, seller)
    first = dealing.snooze(proposal, row, seller, days=1)
    dealing.finish(proposal, row, seller)
    assert not dealing.undo(proposal, row, seller, first)
    assert FollowUp.objects.get().done_by == seller


def test_what_somebody_else_finished_is_not_undone(seller: User) -> None:
    proposal = open_proposal(view_count=None)
    row = follow_up(proposal, seller)
    at = dealing.finish(proposal, None, seller)
    FollowUp.objects.update(done_at=at, done_by=make_staff("pim"))
    assert dealing.undo(proposal, row, seller, at)
    assert FollowUp.objects.get().done_at == at


def test_a_long_list_has_pages_without_a_row_twice(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PER_PAGE", 2)
    for number in range(5):
        proposal = silent(name=f"P{number}", price_total=Decimal(number))
        follow_up(proposal, seller)
    pages = [reading.read(mine(seller), page=page) for page in (1, 2, 3)]
    shown = [call.proposal.name for found in pages for call in found.calls]
    assert sorted(shown) == ["P0", "P1", "P2", "P3", "P4"]
    assert [found.has_more for found in pages] == [True, True, False]


def test_another_room_adds_a_source(seller: User) -> None:
    failed = open_proposal(name="Failed", view_count=None)
    silent(name="Silent")
    register(
        CallSource(
            kind="delivery",
            rank=35,
            label="Deliveries",
            icon="truck",
            say=lambda proposal, news: "delivery to invoicing failed",
            find=lambda scope: Proposal.objects.filter(name="Failed"),
            proposal="id",
            moment="as_of",
        )
    )
    try:
        rows = [(call.proposal.pk, call.reasons) for call in reading.read(mine(seller)).calls]
    finally:
        del SOURCES["delivery"]
    assert rows[0] == (failed.pk, ["delivery to invoicing failed"])
    assert len(rows) == 2


def test_counts_are_one_query_and_a_page_is_four(seller: User, django_assert_num_queries: Any) -> None:
    proposal = silent(company=make_company())
    receive(proposal, ("Jan Bos", "jan@bos.nl"))
    scope = mine(seller)
    reading.count(scope)
    with django_assert_num_queries(1):
        reading.count(scope)
    with django_assert_num_queries(4):
        reading.read(scope)
