"""Questions of clients: who reads them, and where that leads."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.activity.models import Activity, Notification
from proposals.models import Proposal
from tests.activity.pages.entries import Kind, make_entry, tell
from tests.activity.pages.pages import page

pytestmark = pytest.mark.django_db


def test_the_owner_marks_a_question_as_read(client: Client, sanne: User, mine: Proposal) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    tell(sanne, entry)
    assert "Mark as read" in page(client).content.decode()
    response = client.post(f"/activity/{entry.pk}/read/", {"next": "/activity/?of=team"})
    assert response.headers["Location"] == "/activity/?of=team"
    entry.refresh_from_db()
    assert (entry.is_unread, entry.read_by) == (False, sanne)
    assert Notification.objects.get().read_at
    assert "Mark as read" not in page(client).content.decode()


def test_the_questions_of_others_are_not_ones_own_to_read(client: Client, theirs: Proposal) -> None:
    entry = make_entry(theirs, Kind.COMMENTED)
    html = page(client, "?of=team").content.decode()
    assert "Mark as read" not in html
    assert "Not read yet" in html
    assert client.post(f"/activity/{entry.pk}/read/").status_code == 403
    assert Activity.objects.get().is_unread


def test_only_questions_are_read(client: Client, mine: Proposal) -> None:
    entry = make_entry(mine, Kind.VIEWED)
    assert client.post(f"/activity/{entry.pk}/read/").status_code == 404
    assert client.get(f"/activity/{entry.pk}/read/").status_code == 405


def test_nobody_is_led_elsewhere(client: Client, mine: Proposal) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    response = client.post(f"/activity/{entry.pk}/read/", {"next": "https://example.com/"})
    assert response.headers["Location"] == "/activity/"
