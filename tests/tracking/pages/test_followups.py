"""The pages of follow-ups."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.support.factories import make_proposal, make_staff

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def member(name: str, role: str) -> User:
    user = make_staff(name, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def sanne(client: Client) -> User:
    user = member("sanne", "Seller")
    client.force_login(user)
    return user


def note(user: User | None, days: float = 0, **fields: Any) -> FollowUp:
    proposal = fields.pop("proposal", None) or make_proposal()
    due_at = timezone.now() + days * DAY
    known = {"connection": proposal.connection, "proposal": proposal, "assigned_to": user, "due_at": due_at}
    return FollowUp.objects.create(**(known | fields))


def groups(client: Client, query: str = "") -> dict[str, list[str]]:
    return {
        str(title): [row.note for row in rows] for title, rows in client.get(f"/followups/{query}").context["groups"]
    }


def form(**fields: Any) -> dict[str, Any]:
    due = (timezone.localtime() + DAY).strftime("%Y-%m-%dT10:00")
    return {"due": due, "note": "Bellen", "next": "/followups/"} | fields


def test_what_is_due_comes_first(client: Client, sanne: User) -> None:
    note(sanne, 3, note="later")
    note(sanne, -2, note="late")
    note(sanne, note="now", due_at=timezone.localtime().replace(hour=12, minute=0))
    note(sanne, note="ready", done_at=timezone.now(), done_by=sanne)
    note(make_staff("pim"), note="pim's")
    note(sanne, note="gone", proposal=make_proposal(removed_at=timezone.now()))
    assert groups(client) == {"Overdue": ["late"], "Today": ["now"], "Later": ["later"]}
    assert groups(client, "?state=done") == {"Done": ["ready"]}
    assert "pim's" in {text for found in groups(client, "?who=team").values() for text in found}
    assert "done by sanne" in client.get("/followups/?state=done").content.decode()


def test_one_is_made_for_a_proposal(client: Client, sanne: User) -> None:
    proposal = make_proposal(name="Dak")
    page = client.get("/followups/add/", {"proposal": str(proposal.pk), "next": "/board/"})
    assert page.context["form"].initial["person"] == sanne.pk
    response = client.post("/followups/add/", form(_selected_action=proposal.pk, person=sanne.pk, next="/board/"))
    assert response["Location"] == "/board/"
    made = FollowUp.objects.get()
    assert (made.proposal, made.assigned_to, made.note, made.created_by) == (proposal, sanne, "Bellen", sanne)
    assert timezone.localtime(made.due_at).hour == 10


def test_many_are_made_for_what_was_ticked(client: Client, sanne: User) -> None:
    keys = [make_proposal().pk for _ in range(3)]
    page = client.post("/followups/add/?status=open", {"_selected_action": keys[:2], "select_across": "0"})
    assert not FollowUp.objects.exists(), "it asks when first"
    assert {proposal.pk for proposal in page.context["proposals"]} == set(keys[:2])
    client.post("/followups/add/", form(_selected_action=keys[:2], person=sanne.pk))
    assert FollowUp.objects.count() == 2


def test_all_that_a_list_finds_can_be_followed_up(client: Client, sanne: User) -> None:
    won = [make_proposal(status="won") for _ in range(2)]
    make_proposal()
    page = client.post("/followups/add/?status=won", {"select_across": "1"})
    assert set(page.context["proposals"]) == set(won)


@pytest.mark.parametrize(
    "wrong", [{"due": "2020-01-01T09:00"}, {"due": "soon"}, {"person": "0"}, {"note": "x" * 501}], ids=str
)
def test_what_makes_no_sense_comes_back(client: Client, sanne: User, wrong: dict[str, str]) -> None:
    page = client.post("/followups/add/", form(_selected_action=make_proposal().pk, **({"person": sanne.pk} | wrong)))
    assert page.status_code == 200
    assert set(page.context["form"].errors) == set(wrong)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("keys", [[], ["abc"], ["0"], ["9" * 40], ["\0"]])
def test_without_a_proposal_there_is_nothing_to_make(client: Client, sanne: User, keys: list[str]) -> None:
    response = client.post("/followups/add/", form(_selected_action=keys, person=sanne.pk))
    assert response["Location"] == reverse("admin:proposals_proposal_changelist")
    Proposal.objects.all().delete()


def test_done_and_back_and_put_off(client: Client, sanne: User) -> None:
    row = note(sanne)
    client.post(reverse("followup_done", args=[row.pk]), {"next": "https://elsewhere.example/"})
    row.refresh_from_db()
    assert row.done_by == sanne
    client.post(reverse("followup_done", args=[row.pk]), {"undo": "1"})
    row.refresh_from_db()
    assert row.done_at is None
    client.post(reverse("followup_snooze", args=[row.pk]), {"days": "7"})
    row.refresh_from_db()
    assert timezone.localtime(row.due_at).date() == timezone.localdate() + 7 * DAY
    for days in ("", "8", "x"):
        client.post(reverse("followup_snooze", args=[row.pk]), {"days": days})
    row.refresh_from_db()
    assert row.snoozed == 1


def test_others_follow_ups_are_for_those_who_work_on_everybodys(client: Client, sanne: User) -> None:
    row = note(make_staff("pim"))
    for name in ("followup_done", "followup_snooze"):
        assert client.post(reverse(name, args=[row.pk]), {"days": "1"}).status_code == 403
    client.force_login(member("manager", "Manager"))
    assert client.post(reverse("followup_done", args=[row.pk])).status_code == 302


def test_viewers_look_and_change_nothing(client: Client, sanne: User) -> None:
    row = note(sanne)
    client.force_login(member("viewer", "Viewer"))
    assert client.get("/followups/?who=team").status_code == 200
    assert client.get("/followups/add/", {"proposal": row.proposal_id}).status_code == 403
    assert client.post("/followups/add/", form(_selected_action=row.proposal_id)).status_code == 403
    assert client.post(reverse("followup_done", args=[row.pk])).status_code == 403
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get("/followups/").status_code == 403


def test_the_list_and_the_record_offer_it(client: Client, sanne: User) -> None:
    proposal = make_proposal()
    record = client.get(reverse("admin:proposals_proposal_change", args=[proposal.pk])).content.decode()
    assert f"/followups/add/?proposal={proposal.pk}" in record
    assert 'formaction="/followups/add/?status=open"' in client.get("/proposals/proposal/?status=open").content.decode()


def test_it_takes_few_queries(client: Client, sanne: User, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for _ in range(3):
        note(sanne)
    client.get("/followups/")
    with django_assert_max_num_queries(8):
        client.get("/followups/")
