"""Notifications: the bell that counts them, the page that lists them, and opening them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from offorte_portal.activity.models import Activity, Notification
from proposals.models import Proposal
from tests.activity.pages.entries import Kind, make_entry, make_user, tell
from tests.activity.pages.pages import HTMX

pytestmark = pytest.mark.django_db


def test_the_bell_counts_on_every_page(client: Client, sanne: User, mine: Proposal) -> None:
    tell(sanne, make_entry(mine))
    tell(sanne, None, count=7)
    tell(make_user("pieter@example.com", "view_proposal"), make_entry(mine, minutes=9))
    html = client.get("/").content.decode()
    assert 'aria-label="2 unread notifications"' in html
    assert '<span class="nav-badge" id="nav-unread">2</span>' in html


def test_the_bell_is_told_that_nothing_is_new_by_three_queries(
    client: Client, sanne: User, mine: Proposal, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell(sanne, make_entry(mine))
    with django_assert_num_queries(3):
        assert client.get("/activity/unread/?known=1", headers=HTMX).status_code == 204


@pytest.mark.parametrize(("known", "is_told"), [("0", True), ("2", False), ("", False), ("9" * 40, False)])
def test_the_bell_renews_itself_and_says_what_is_new(
    client: Client, sanne: User, mine: Proposal, known: str, is_told: bool
) -> None:
    tell(sanne, make_entry(mine))
    html = client.get(f"/activity/unread/?known={known}", headers=HTMX).content.decode()
    assert 'id="bell"' in html
    assert "unread/?known=1" in html
    assert 'id="nav-unread" hx-swap-oob="true">1</span>' in html
    assert ('id="bell-news"' in html) == is_told


def test_opening_a_notification_reads_it_and_its_question(client: Client, sanne: User, mine: Proposal) -> None:
    row = tell(sanne, make_entry(mine, Kind.COMMENTED, text="Hoe lang?"))
    assert "Hoe lang?" in client.get("/activity/notifications/").content.decode()
    assert client.get(f"/activity/notifications/{row.pk}/open/").status_code == 405
    response = client.post(f"/activity/notifications/{row.pk}/open/")
    assert response.headers["Location"] == reverse("admin:proposals_proposal_change", args=[mine.pk])
    row.refresh_from_db()
    assert row.read_at
    assert not Activity.objects.get().is_unread


def test_a_count_of_many_leads_to_the_feed(client: Client, sanne: User) -> None:
    row = tell(sanne, None, count=20)
    assert "And 20 more events" in client.get("/activity/notifications/").content.decode()
    assert client.post(f"/activity/notifications/{row.pk}/open/").headers["Location"] == "/activity/"


def test_nobody_opens_the_notifications_of_others(client: Client, mine: Proposal) -> None:
    row = tell(make_user("pieter@example.com", "view_proposal"), make_entry(mine, Kind.COMMENTED))
    assert client.post(f"/activity/notifications/{row.pk}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None
    assert client.get("/activity/notifications/").context["notifications"] == []


def test_all_that_was_shown_is_read_at_once(client: Client, sanne: User, mine: Proposal) -> None:
    tell(sanne, make_entry(mine))
    html = client.get("/activity/notifications/")
    tell(sanne, make_entry(mine, minutes=1))
    client.post("/activity/notifications/read/", {"newest": html.context["newest"]})
    assert Notification.objects.filter(read_at=None).count() == 1
    for bad in ("", "abc", "9" * 40):
        assert client.post("/activity/notifications/read/", {"newest": bad}).status_code == 302
    assert Notification.objects.filter(read_at=None).count() == 1


def test_notifications_have_pages(client: Client, sanne: User, mine: Proposal) -> None:
    entries = [make_entry(mine, minutes=number) for number in range(60)]
    Notification.objects.bulk_create(Notification(user=sanne, activity=entry) for entry in entries)
    first = client.get("/activity/notifications/")
    second = client.get(f"/activity/notifications/?before={first.context['older']}")
    assert [len(page.context["notifications"]) for page in (first, second)] == [50, 10]
    assert second.context["older"] is None
    assert len(client.get("/activity/notifications/?before=abc").context["notifications"]) == 50
