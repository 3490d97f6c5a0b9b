"""The pages of follow-ups: creating, changing, finishing and putting off."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.support.clock import Clock
from tests.support.factories import make_proposal, make_staff
from tests.support.fixtures import member
from tests.tracking.conftest import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def someone(client: Client) -> User:
    user = member("Seller", "sanne")
    client.force_login(user)
    return user


def form(**fields: Any) -> dict[str, Any]:
    return {"due": "2026-11-27T10:00", "note": "Bellen", "next": "/followups/"} | fields


def due_of(row: FollowUp) -> str:
    row.refresh_from_db()
    return timezone.localtime(row.due_at).isoformat()[:16]


def test_one_is_made_for_a_proposal(client: Client, someone: User) -> None:
    proposal = make_proposal(name="Dak")
    page = client.get("/followups/add/", {"proposal": str(proposal.pk), "next": "/board/"})
    assert page.context["form"].initial["person"] == someone.pk
    response = client.post("/followups/add/", form(_selected_action=proposal.pk, person=someone.pk, next="/board/"))
    assert response["Location"] == "/board/"
    made = FollowUp.objects.get()
    assert (made.proposal, made.assigned_to, made.note, made.created_by) == (proposal, someone, "Bellen", someone)
    assert due_of(made) == "2026-11-27T10:00"


@pytest.mark.parametrize(
    ("when", "due"), [("1", "2026-11-27T09:00"), ("3", "2026-12-01T09:00"), ("5", "2026-12-03T09:00")]
)
def test_a_step_is_a_work_day_at_nine(client: Client, someone: User, when: str, due: str) -> None:
    data = form(_selected_action=make_proposal().pk, person=someone.pk, when=when, due="2026-11-27T09:00")
    client.post("/followups/add/", data)
    assert due_of(FollowUp.objects.get()) == due


def test_a_day_that_was_typed_counts_though_the_step_was_left_as_it_was(client: Client, someone: User) -> None:
    client.post("/followups/add/", form(_selected_action=make_proposal().pk, person=someone.pk, when="1"))
    assert due_of(FollowUp.objects.get()) == "2026-11-27T10:00"


def test_a_saturday_may_be_chosen_and_the_page_says_what_it_means(client: Client, someone: User) -> None:
    data = form(_selected_action=make_proposal().pk, person=someone.pk, when="date", due="2026-11-28T10:00")
    page = client.post("/followups/add/", data, follow=True)
    assert "Saturday 28 November is at the weekend" in page.content.decode()
    assert due_of(FollowUp.objects.get()) == "2026-11-28T10:00"


def test_people_are_offered_by_their_names(client: Client, someone: User) -> None:
    make_staff("p.kok", first_name="Pim", last_name="Kok")
    html = client.get("/followups/add/", {"proposal": make_proposal().pk}).content.decode()
    assert ">Pim Kok</option>" in html
    assert "p.kok" not in html


def test_many_are_made_for_what_was_ticked(client: Client, someone: User) -> None:
    keys = [make_proposal().pk for _ in range(3)]
    page = client.post("/followups/add/?status=open", {"_selected_action": keys[:2], "select_across": "0"})
    assert not FollowUp.objects.exists(), "it asks when first"
    assert {proposal.pk for proposal in page.context["proposals"]} == set(keys[:2])
    client.post("/followups/add/", form(_selected_action=keys[:2], person=someone.pk))
    assert FollowUp.objects.count() == 2


def test_all_that_a_list_finds_can_be_followed_up(client: Client, someone: User) -> None:
    won = [make_proposal(status="won") for _ in range(2)]
    make_proposal()
    page = client.post("/followups/add/?status=won", {"select_across": "1"})
    assert set(page.context["proposals"]) == set(won)


@pytest.mark.parametrize(
    "wrong",
    [{"due": "2020-01-01T09:00"}, {"due": "soon"}, {"due": ""}, {"when": "2"}, {"person": "0"}, {"note": "x" * 501}],
    ids=str,
)
def test_what_makes_no_sense_comes_back(client: Client, someone: User, wrong: dict[str, str]) -> None:
    page = client.post("/followups/add/", form(_selected_action=make_proposal().pk, **({"person": someone.pk} | wrong)))
    assert page.status_code == 200
    assert set(page.context["form"].errors) == set(wrong)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("keys", [[], ["abc"], ["0"], ["9" * 40], ["\0"]])
def test_without_a_proposal_there_is_nothing_to_make(client: Client, someone: User, keys: list[str]) -> None:
    response = client.post("/followups/add/", form(_selected_action=keys, person=someone.pk))
    assert response["Location"] == reverse("admin:proposals_proposal_changelist")
    Proposal.objects.all().delete()


def test_an_open_one_is_changed(client: Client, someone: User, note: Note) -> None:
    pim = make_staff("pim")
    row = note(someone, -3, note="Bel", created_by=someone)
    url = reverse("followup_edit", args=[row.pk])
    assert client.get(url).context["form"].initial["note"] == "Bel"
    overdue = timezone.localtime(row.due_at).strftime("%Y-%m-%dT%H:%M")
    client.post(url, form(when="date", due=overdue, note="Bel Kees", person=someone.pk))
    row.refresh_from_db()
    assert (row.note, row.due_at) == ("Bel Kees", ports.now() - timedelta(days=3)), "the day is left as it was"
    client.post(url, form(when="1", person=pim.pk))
    assert due_of(row) == "2026-11-27T09:00"
    assert row.assigned_to == pim
    page = client.post(url, form(due="2020-01-01T09:00", person=pim.pk))
    assert set(page.context["form"].errors) == {"due"}
    FollowUp.objects.update(done_at=ports.now())
    assert client.get(url)["Location"] == "/followups/"


def test_done_and_back_and_put_off(client: Client, someone: User, note: Note) -> None:
    row = note(someone)
    client.post(reverse("followup_done", args=[row.pk]), {"next": "https://elsewhere.example/"})
    row.refresh_from_db()
    assert row.done_by == someone
    client.post(reverse("followup_done", args=[row.pk]), {"undo": "1"})
    row.refresh_from_db()
    assert row.done_at is None
    client.post(reverse("followup_snooze", args=[row.pk]), {"days": "5"})
    assert due_of(row) == "2026-12-03T09:00"
    for days in ("", "8", "x"):
        client.post(reverse("followup_snooze", args=[row.pk]), {"days": days})
    row.refresh_from_db()
    assert row.snoozed == 1


@pytest.mark.parametrize(("name", "data"), [("followup_done", {}), ("followup_snooze", {"days": "1"})])
def test_a_step_is_undone_at_once_from_the_list(
    client: Client, someone: User, note: Note, name: str, data: dict[str, str]
) -> None:
    row = note(someone)
    page = client.post(reverse(name, args=[row.pk]), data, follow=True)
    assert 'action="/followups/undo/"' in page.content.decode()
    page = client.post("/followups/undo/", follow=True)
    assert 'action="/followups/undo/"' not in page.content.decode()
    after = FollowUp.objects.get()
    assert (after.due_at, after.done_at) == (row.due_at, None)
    assert "nothing to undo" in client.post("/followups/undo/", follow=True).content.decode()


def test_undo_is_offered_for_ten_minutes_and_leads_to_the_list_from_elsewhere(
    client: Client, clock: Clock, someone: User, note: Note
) -> None:
    row = note(someone)
    page = client.post(reverse("followup_done", args=[row.pk]), {"next": "/inbox/"}, follow=True)
    assert '<a href="/followups/">Undo…</a>' in page.content.decode()
    clock.wait(601)
    assert client.get("/followups/").context["undo"] is None


def test_many_are_finished_or_put_off_and_that_is_undone(client: Client, someone: User, note: Note) -> None:
    mine, theirs = [note(someone, -number) for number in range(3)], note(make_staff("pim"))
    keys, dues = [row.pk for row in (*mine[:2], theirs)], {row.due_at for row in mine}
    client.post("/followups/many/", {"do": "done", "key": keys})
    assert FollowUp.objects.filter(done_by=someone).count() == 2
    assert "2 follow-ups done." in client.get("/followups/").content.decode()
    client.post("/followups/undo/")
    assert not FollowUp.objects.filter(done_at__isnull=False).exists()
    client.post("/followups/many/", {"do": "snooze", "days": "1", "key": keys})
    assert [due_of(row) for row in mine[:2]] == ["2026-11-27T09:00"] * 2
    client.post("/followups/undo/")
    assert {row.due_at for row in FollowUp.objects.filter(assigned_to=someone)} == dues


def test_all_of_the_filtered_list_at_once(client: Client, someone: User, note: Note) -> None:
    for number in range(3):
        note(someone, rule=["", "unseen", "unseen"][number], rule_since=ports.now() - timedelta(hours=number))
    client.post("/followups/many/?who=mine&rule=unseen", {"do": "done", "all": "1"})
    assert list(FollowUp.objects.filter(done_at__isnull=True).values_list("rule", flat=True)) == [""]


@pytest.mark.parametrize("data", [{}, {"do": "delete"}, {"do": "snooze", "days": "2"}, {"do": "assign", "person": "0"}])
def test_nonsense_changes_none_of_them(client: Client, someone: User, note: Note, data: dict[str, str]) -> None:
    row = note(someone)
    page = client.post("/followups/many/", {"key": [row.pk, "x", "9" * 30]} | data, follow=True)
    assert "Nothing was changed" in page.content.decode()
    assert FollowUp.objects.get().due_at == row.due_at


def test_managers_give_those_of_people_who_left_to_others(client: Client, someone: User, note: Note) -> None:
    left = make_staff("pim", first_name="Pim", is_active=False)
    note(left)
    assert "no longer work" not in client.get("/followups/?who=team").content.decode().replace("works here", "")
    client.force_login(member("Manager", "manager"))
    html = client.get("/followups/?who=team").content.decode()
    assert "1 follow-up is for someone who no longer works here." in html
    assert "Pim (no longer works here)" in html
    url = "/followups/many/?who=team&person=left"
    client.post(url, {"do": "assign", "all": "1", "person": left.pk})
    assert FollowUp.objects.get().assigned_to == left, "only to those who work here"
    client.post(url, {"do": "assign", "all": "1", "person": someone.pk})
    assert FollowUp.objects.get().assigned_to == someone


def test_a_reminder_of_a_proposal_just_sent(client: Client, someone: User) -> None:
    proposal = make_proposal()
    client.post("/followups/remind/", {"_selected_action": proposal.pk, "days": "3", "next": "/board/"})
    made = FollowUp.objects.get()
    assert (made.assigned_to, due_of(made)) == (someone, "2026-12-01T09:00")
    page = client.post("/followups/remind/", {"_selected_action": proposal.pk, "days": "3"}, follow=True)
    assert "already have a follow-up" in page.content.decode()
    for data in ({"_selected_action": proposal.pk, "days": "30"}, {"days": "3"}):
        client.post("/followups/remind/", data)
    assert FollowUp.objects.count() == 1


def test_others_follow_ups_are_for_those_who_work_on_everybodys(client: Client, someone: User, note: Note) -> None:
    row = note(make_staff("pim"))
    for name in ("followup_done", "followup_snooze", "followup_edit"):
        assert client.post(reverse(name, args=[row.pk]), form(days="1")).status_code == 403
    client.force_login(member("Manager", "manager"))
    assert client.post(reverse("followup_done", args=[row.pk])).status_code == 302


def test_viewers_look_and_change_nothing(client: Client, someone: User, note: Note) -> None:
    row = note(someone)
    client.force_login(member("Viewer", "viewer"))
    assert client.get("/followups/?who=team").status_code == 200
    assert client.get("/followups/add/", {"proposal": row.proposal_id}).status_code == 403
    assert client.post("/followups/add/", form(_selected_action=row.proposal_id)).status_code == 403
    for name in ("followup_done", "followup_snooze", "followup_edit"):
        assert client.post(reverse(name, args=[row.pk]), {"days": "1"}).status_code == 403
    for name in ("many", "undo", "remind"):
        data = {"do": "done", "key": row.pk, "days": "1", "_selected_action": row.proposal_id}
        assert client.post(f"/followups/{name}/", data).status_code == 403
    client.force_login(make_staff("nobody", is_superuser=False))
    assert client.get("/followups/").status_code == 403
    assert FollowUp.objects.get().done_at is None


def test_the_list_and_the_record_offer_it(client: Client, someone: User) -> None:
    proposal = make_proposal()
    record = client.get(reverse("admin:proposals_proposal_change", args=[proposal.pk])).content.decode()
    assert f"/followups/add/?proposal={proposal.pk}" in record
    assert 'formaction="/followups/add/?status=open"' in client.get("/proposals/proposal/?status=open").content.decode()


def test_the_day_is_that_of_the_portal_s_time_zone(client: Client, clock: Clock, someone: User) -> None:
    clock.day = datetime.fromisoformat("2026-11-27T00:30+01:00")
    page = client.get("/followups/add/", {"proposal": make_proposal().pk})
    assert "Tomorrow (Mon 30 Nov)" in page.content.decode()
