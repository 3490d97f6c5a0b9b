"""The cards with open follow-ups on the pages of proposals and companies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from offorte_portal import ports
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import FollowUp
from offorte_portal.tracking.pages import followup_cards
from offorte_portal.tracking.pages.changing import UNDO_SECONDS
from proposals.models import Proposal
from tests.support.clock import Clock
from tests.support.factories import make_company, make_proposal, make_staff
from tests.support.fixtures import member
from tests.tracking.conftest import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def someone(client: Client, someone: User) -> User:
    client.force_login(someone)
    return someone


@pytest.fixture
def proposal() -> Proposal:
    return make_proposal(name="Dak")


def page_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def card(client: Client, row: Any) -> Any:
    """The card on the row's page; None if it has none."""
    panels = client.get(page_of(row)).context["record_panels"]
    return next((panel.context for panel in panels if "follow" in panel.template), None)


def test_open_ones_are_shown_in_order_with_whose_and_whose_idea(
    client: Client, someone: User, proposal: Proposal, note: Note
) -> None:
    pim = make_staff("p.kok", first_name="Pim", last_name="Kok")
    note(someone, 3, proposal=proposal, note="Later", created_by=pim)
    note(someone, -2, proposal=proposal, note="Eerst")
    note(None, 9, proposal=proposal, rule="unseen")
    note(someone, 1, proposal=proposal, note="Klaar", done_at=ports.now())
    note(someone, 1, note="Elders")
    shown = card(client, proposal)["rows"]
    assert [(each.follow_up.note, each.due, each.is_overdue) for each in shown] == [
        ("Eerst", "Tuesday 24 November at 10:00", True),
        ("Later", "Sunday 29 November at 10:00", False),
        ("", "Saturday 5 December at 10:00", False),
    ]
    html = client.get(page_of(proposal)).content.decode()
    for text in ("For Sanne", "added by Pim Kok", "For no one", "Not seen", "Overdue"):
        assert text in html
    assert "p.kok" not in html


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "Yesterday at 10:00"),
        (0, "Today at 10:00"),
        (1, "Tomorrow at 10:00"),
        (7, "Thursday 3 December at 10:00"),
        (300, "22 Sep 2027 at 11:00"),
    ],
)
def test_days_close_by_have_a_name(note: Note, days: int, words: str) -> None:
    assert followup_cards.write_due(note(None, days)) == words


def test_done_and_snooze_lead_back_and_can_be_undone_there(
    client: Client, someone: User, proposal: Proposal, note: Note, clock: Clock
) -> None:
    row = note(someone, proposal=proposal, note="Bellen")
    back = {"next": f"{page_of(proposal)}#follow-ups"}
    response = client.post(f"/followups/{row.pk}/done/", back)
    assert response["Location"] == back["next"]
    shown = card(client, proposal)
    assert shown["rows"] == []
    assert shown["undo"]["text"] == "Done: Dak"
    assert "Undo…" not in client.get(page_of(proposal)).content.decode(), "the card offers it"
    assert card(client, make_proposal())["undo"] is None, "it was about another proposal"
    assert client.post("/followups/undo/", back)["Location"] == back["next"]
    assert [each.follow_up for each in card(client, proposal)["rows"]] == [row]
    client.post(f"/followups/{row.pk}/snooze/", back | {"days": "1"})
    assert "Snoozed until Friday 27 November" in card(client, proposal)["undo"]["text"]
    clock.wait(UNDO_SECONDS + 1)
    assert card(client, proposal)["undo"] is None


def test_one_is_added_with_a_note_for_oneself(client: Client, someone: User, proposal: Proposal) -> None:
    html = client.get(page_of(proposal)).content.decode()
    assert f'name="person" value="{someone.pk}"' in html
    data = {"_selected_action": proposal.pk, "person": someone.pk, "when": "3", "note": "Bellen"}
    response = client.post("/followups/add/", data | {"next": f"{page_of(proposal)}#follow-ups"})
    assert response["Location"] == f"{page_of(proposal)}#follow-ups"
    [shown] = card(client, proposal)["rows"]
    assert (shown.follow_up.note, shown.due, shown.may_change) == ("Bellen", "Tuesday 1 December at 09:00", True)


def test_a_note_that_is_too_long_comes_back_whole(client: Client, someone: User, proposal: Proposal) -> None:
    data = {"_selected_action": proposal.pk, "person": someone.pk, "when": "3", "note": "x" * 501}
    page = client.post("/followups/add/", data | {"next": page_of(proposal)})
    assert "note" in page.context["form"].errors
    assert "x" * 501 in page.content.decode()
    assert not FollowUp.objects.exists()


def test_sellers_change_their_own_and_viewers_none(
    client: Client, someone: User, proposal: Proposal, note: Note
) -> None:
    other = note(make_staff("pim"), proposal=proposal)
    [shown] = card(client, proposal)["rows"]
    assert not shown.may_change
    assert client.post(f"/followups/{other.pk}/done/").status_code == 403
    client.force_login(member("Manager", "boss"))
    assert card(client, proposal)["rows"][0].may_change
    client.force_login(member("Viewer", "vera"))
    seen = card(client, proposal)
    assert not seen["rows"][0].may_change
    assert not seen["may_add"]


def test_there_is_no_card_without_the_permission_or_for_a_deleted_proposal(
    client: Client, proposal: Proposal, someone: User
) -> None:
    assert card(client, make_proposal(removed_at=ports.now())) is None
    request = RequestFactory().get("/")
    request.user = make_staff("nobody", is_superuser=False)
    assert followup_cards.show_proposal(request, proposal) is None
    assert followup_cards.show_company(request, make_company()) is None


def test_a_company_shows_those_of_its_proposals(client: Client, someone: User, note: Note) -> None:
    company = make_company()
    mine, gone = make_proposal(company=company, name="Serre"), make_proposal(company=company, removed_at=ports.now())
    note(someone, proposal=mine, note="Bellen")
    note(someone, proposal=gone)
    note(someone)
    [shown] = card(client, company)["rows"]
    assert shown.follow_up.note == "Bellen"
    html = client.get(page_of(company)).content.decode()
    assert f"{page_of(mine)}#follow-ups" in html
    assert "followup_done" not in html
    assert card(client, make_company()) is None


@pytest.mark.parametrize("kind", ["proposal", "company"])
def test_cards_take_one_query_and_have_a_limit(
    someone: User, note: Note, kind: str, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., Any]
) -> None:
    monkeypatch.setattr(followup_cards, "SHOWN", 2)
    company = make_company()
    proposal = make_proposal(company=company)
    for days in range(3):
        note(someone, days, proposal=proposal, created_by=make_staff())
    request = make_request(someone)
    show: Callable[..., Any] = getattr(followup_cards, f"show_{kind}")
    with django_assert_num_queries(1):
        panel = show(request, proposal if kind == "proposal" else company)
        assert [str(each.follow_up.assigned_to) for each in panel.context["rows"]] == ["Sanne", "Sanne"]
    assert panel.context["has_more"]


def make_request(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user, request.session = user, {}  # type: ignore[assignment]
    user.get_all_permissions()
    return request


def test_a_day_is_overdue_once_it_is_over(note: Note, clock: Clock) -> None:
    row = note(None, -0.1)
    assert not followups.is_overdue(row)
    clock.wait(timedelta(days=1).total_seconds())
    assert followups.is_overdue(row)
