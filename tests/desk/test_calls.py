"""The call list: whom to call, in which order, why, and what is off it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.desk import stats
from offorte_portal.desk.calls import dealing, reading
from offorte_portal.desk.calls.sources import SOURCES, Source, register
from offorte_portal.desk.models import CallState, CommentState, ProposalStats
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.models import FollowUp
from offorte_portal.writes.models import Operation
from proposals.models import LogEntry, Proposal, Receiver
from tests.support.factories import link, make_company, make_connection, make_person, make_proposal, make_staff

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def sanne() -> User:
    user = make_staff("sanne", email="elsewhere@example.com")
    link(user, email="sanne@example.com")
    return user


def mine(user: User, **options: Any) -> Scope:
    return Scope(user, is_mine=True, accounts=tuple(Connection.objects.values_list("pk", flat=True)), **options)


def team(user: User, **options: Any) -> Scope:
    return Scope(user, is_mine=False, accounts=tuple(Connection.objects.values_list("pk", flat=True)), **options)


def open_proposal(**fields: Any) -> Proposal:
    known: dict[str, Any] = {"owner_email": "Sanne@example.com", "price_total": Decimal("10.5")}
    proposal = make_proposal(**(known | fields))
    stats.refresh([proposal.pk])
    return proposal


def unseen(days: int = 6, **fields: Any) -> Proposal:
    return open_proposal(view_count=0, remote_created_at=timezone.now() - days * DAY, **fields)


def silent(days: int = 12, **fields: Any) -> Proposal:
    return open_proposal(view_count=2, viewed_at=timezone.now() - days * DAY, **fields)


def ask(proposal: Proposal, **fields: Any) -> Activity:
    number = Activity.objects.count()
    known = {"kind": "commented", "happened_at": timezone.now() - 26 * MINUTE, "key": f"comment:{number}"}
    return Activity.objects.create(
        connection=proposal.connection, proposal=proposal, owner_key=proposal.owner_key, **(known | fields)
    )


def follow_up(proposal: Proposal, to: User, **fields: Any) -> FollowUp:
    known = {"due_at": timezone.now() - MINUTE, "assigned_to": to, "created_by": to}
    return FollowUp.objects.create(connection=proposal.connection, proposal=proposal, **(known | fields))


def names(scope: Scope, **options: Any) -> list[str]:
    return [call.proposal.name for call in reading.read(scope, **options).calls]


def numbers(scope: Scope) -> dict[str, int]:
    return {kind: counted.count for kind, counted in reading.count(scope).items()}


def test_the_most_urgent_comes_first(sanne: User) -> None:
    silent(name="Silent")
    unseen(name="Unseen")
    open_proposal(name="Seen", view_count=1, viewed_at=timezone.now() - 2 * DAY)
    hot = open_proposal(name="Hot", view_count=1, viewed_at=timezone.now() - DAY)
    ProposalStats.objects.filter(pk=hot.pk).update(heat=30)
    follow_up(open_proposal(name="Due", view_count=None), sanne)
    ask(open_proposal(name="Asked", view_count=None))
    assert names(mine(sanne)) == ["Asked", "Due", "Hot", "Seen", "Unseen", "Silent"]
    assert numbers(mine(sanne)) == {
        "question": 1, "followup": 1, "hot": 1, "seen": 2, "unseen": 1, "silent": 1,
    }  # fmt: skip


def test_a_proposal_is_one_row_with_its_strongest_reason_first(sanne: User) -> None:
    proposal = silent()
    follow_up(proposal, sanne)
    ask(proposal)
    found = reading.read(mine(sanne))
    (call,) = found.calls
    assert call.reasons[0] == "asked 26 minutes ago"
    assert call.reasons[1].startswith("follow-up due ")
    assert call.reasons[2] == "silent for 12 days"
    assert not found.has_more


def test_it_is_said_how_often_and_by_how_many_it_was_looked_at(sanne: User) -> None:
    proposal = open_proposal(view_count=5)
    for number, person in enumerate(["Jan", "Jan", "Piet", "Jan"]):
        at = timezone.now() - number * HOUR
        LogEntry.objects.create(
            proposal=proposal, position=number, logged_at=at, person=person, action="proposal: viewed", type="client"
        )
    stats.refresh([proposal.pk])
    (call,) = reading.read(mine(sanne)).calls
    assert call.reasons == ["looked 4 times since yesterday, 2 people"]


def test_one_never_opened_says_since_when(sanne: User) -> None:
    unseen(6)
    (call,) = reading.read(mine(sanne)).calls
    assert call.reasons == ["sent 6 days ago, never opened"]


def test_of_the_unseen_the_most_valuable_comes_first_and_unknown_values_last(sanne: User) -> None:
    for name, value in (("Small", Decimal(1)), ("Unknown", None), ("Large", Decimal(900))):
        unseen(name=name, price_total=value)
    assert names(mine(sanne)) == ["Large", "Small", "Unknown"]


def test_what_had_no_news_for_over_60_days_is_only_to_clean_up(sanne: User) -> None:
    unseen(61)
    silent(80)
    assert names(mine(sanne)) == []
    (stale,) = reading.count(mine(sanne)).values()
    assert (stale.count, stale.worth.amounts, stale.worth.unknown) == (2, {"€": Decimal("21.0")}, 0)


def test_what_is_to_clean_up_is_added_up_by_currency(sanne: User) -> None:
    for account, display in (("north", "€ 10,50"), ("south", "$10.50")):
        connection = make_connection(account)
        link(sanne, connection, email="sanne@example.com")
        silent(80, connection=connection, price_total_display=display)
        silent(80, connection=connection, price_total_display=display, price_total=None)
    stale = reading.count(mine(sanne))["stale"]
    assert stale.worth.amounts == {"€": Decimal("10.5"), "$": Decimal("10.5")}
    assert (stale.count, stale.worth.unknown) == (4, 2)


def test_everybody_sees_the_team_s_and_a_person_their_own(sanne: User) -> None:
    unseen()
    kees = make_staff("kees")
    assert (names(mine(kees)), len(names(team(kees)))) == ([], 1)


def test_the_chosen_account_alone_counts(sanne: User) -> None:
    north, south = make_connection("north"), make_connection("south")
    link(sanne, north, email="sanne@example.com")
    unseen(connection=north)
    assert len(names(mine(sanne, account=north))) == 1
    assert names(mine(sanne, account=south)) == []


def test_a_question_is_the_owner_s_or_that_of_whom_it_is_assigned_to(sanne: User) -> None:
    pim = make_staff("pim")
    proposal = make_proposal(owner_email="sanne@example.com")
    given = ask(proposal)
    CommentState.objects.create(activity=given, assigned_to=pim, assigned_at=timezone.now())
    assert numbers(mine(sanne)) == {}
    assert numbers(mine(pim)) == {"question": 1}


def test_a_removed_proposal_is_on_no_list(sanne: User) -> None:
    proposal = unseen()
    ask(proposal)
    follow_up(proposal, sanne)
    Proposal.objects.update(removed_at=timezone.now())
    stats.refresh([proposal.pk])
    assert names(team(sanne)) == []


def test_an_unknown_outcome_is_shown_to_who_may_see_changes(sanne: User) -> None:
    proposal = open_proposal(name="Doubtful", view_count=None)
    Operation.objects.create(
        connection=proposal.connection, verb="change", target="proposals", remote_id=proposal.remote_id,
        state="unknown", requested_by=sanne,
    )  # fmt: skip
    assert names(mine(sanne)) == ["Doubtful"]
    assert names(mine(make_staff("pim"))) == []
    viewer = make_staff("vera", is_superuser=False)
    viewer.groups.add(Group.objects.get(name="Viewer"))
    assert names(team(viewer)) == []


def test_done_takes_a_proposal_off_one_s_own_list_until_there_is_newer_news(sanne: User) -> None:
    proposal = silent()
    dealing.finish(proposal, None, sanne)
    assert (names(mine(sanne)), numbers(mine(sanne))) == ([], {})
    assert len(names(team(make_staff("pim")))) == 1
    CallState.objects.update(handled_at=timezone.now() - HOUR)
    ask(proposal)
    assert names(mine(sanne)) == [proposal.name]


def test_snoozed_it_comes_back_on_the_day(sanne: User) -> None:
    proposal = silent()
    ask(proposal)
    dealing.snooze(proposal, None, sanne, days=3)
    assert (names(mine(sanne)), numbers(mine(sanne))) == ([], {})
    CallState.objects.update(until=timezone.now() - MINUTE, handled_at=timezone.now() - 30 * DAY)
    assert names(mine(sanne)) == [proposal.name]


def test_done_and_undo_take_the_follow_up_along(sanne: User) -> None:
    proposal = open_proposal(view_count=None)
    row = follow_up(proposal, sanne)
    dealing.finish(proposal, row, sanne)
    assert FollowUp.objects.get().done_by == sanne
    dealing.undo(proposal, row, sanne, row.due_at)
    assert (FollowUp.objects.get().done_at, names(mine(sanne))) == (None, [proposal.name])


def test_undo_of_a_snooze_brings_back_when_it_was_due(sanne: User) -> None:
    proposal = open_proposal(view_count=None)
    row = follow_up(proposal, sanne)
    dealing.snooze(proposal, row, sanne, days=7)
    assert FollowUp.objects.get().due_at > timezone.now() + 4 * DAY
    dealing.undo(proposal, row, sanne, row.due_at)
    assert FollowUp.objects.get().due_at == row.due_at


def receive(proposal: Proposal, *people: tuple[str, str]) -> None:
    for position, (name, email) in enumerate(people):
        Receiver.objects.create(
            proposal=proposal, remote_id=position + 1, position=position, fullname=name, email=email
        )


def test_the_person_is_who_was_there_last(sanne: User) -> None:
    company = make_company(phone="020 123 45 67")
    make_person(company=company, fullname="Piet Bos", email="piet@bos.nl", mobile="06-12345678")
    proposal = silent(company=company)
    receive(proposal, ("Jan Bos", "jan@bos.nl"), ("Piet Bos", "piet@bos.nl"))
    ask(proposal, kind="viewed", person="Piet Bos", is_client=True)
    (call,) = reading.read(mine(sanne)).calls
    assert (call.contact.name, call.contact.email, call.contact.dialled) == ("Piet Bos", "piet@bos.nl", "+31612345678")
    assert not call.contact.phone_of_company


def test_a_person_without_a_phone_is_called_at_the_company_which_is_said(sanne: User) -> None:
    proposal = silent(company=make_company(phone="020 123 45 67"))
    receive(proposal, ("Jan Bos", "jan@bos.nl"))
    (call,) = reading.read(mine(sanne)).calls
    assert (call.contact.name, call.contact.dialled, call.contact.phone_of_company) == ("Jan Bos", "+31201234567", True)


def test_without_any_number_there_is_nothing_to_dial(sanne: User) -> None:
    receive(silent(company=make_company(phone="ask reception")), ("Jan Bos", "jan@bos.nl"))
    (call,) = reading.read(mine(sanne)).calls
    assert (call.contact.phone, call.contact.dialled, call.contact.email) == ("ask reception", "", "jan@bos.nl")


def test_a_long_list_has_pages_without_a_row_twice(sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PER_PAGE", 2)
    for number in range(5):
        proposal = silent(name=f"P{number}", price_total=Decimal(number))
        follow_up(proposal, sanne)
    pages = [reading.read(mine(sanne), page=page) for page in (1, 2, 3)]
    shown = [call.proposal.name for found in pages for call in found.calls]
    assert sorted(shown) == ["P0", "P1", "P2", "P3", "P4"]
    assert [found.has_more for found in pages] == [True, True, False]


def test_another_room_adds_a_source(sanne: User) -> None:
    failed = open_proposal(name="Failed", view_count=None)
    silent(name="Silent")
    register(
        Source(
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
        rows = [(call.proposal.pk, call.reasons) for call in reading.read(mine(sanne)).calls]
    finally:
        del SOURCES["delivery"]
    assert rows[0] == (failed.pk, ["delivery to invoicing failed"])
    assert len(rows) == 2


def test_counts_are_one_query_and_a_page_is_four(sanne: User, django_assert_num_queries: Any) -> None:
    proposal = silent(company=make_company())
    receive(proposal, ("Jan Bos", "jan@bos.nl"))
    scope = mine(sanne)
    reading.count(scope)
    with django_assert_num_queries(1):
        reading.count(scope)
    with django_assert_num_queries(4):
        reading.read(scope)
