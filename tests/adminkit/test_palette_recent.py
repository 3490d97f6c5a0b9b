"""Records that a person looked at lately, in the palette."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.adminkit.palette import client_of, look, path_of, titles
from tests.journeys.steps import make_member
from tests.support.factories import (
    make_company,
    make_connection,
    make_person,
    make_proposal,
    make_staff,
)

pytestmark = pytest.mark.django_db


def test_recent_records_come_first_in_their_order() -> None:
    company, proposal, person = make_company(name="Zon"), make_proposal(name="Dak"), make_person(fullname="Emre")
    client = client_of(make_staff())
    paths = [path_of(person), path_of(proposal, "edit"), path_of(company), path_of(proposal)]
    found = look(client, recent=paths, on=path_of(company))
    assert list(found)[:3] == ["Recent", "On this page: Zon", "Go to"]
    assert titles(found, "Recent") == ["Emre", "Dak"], "without the page's own"
    assert found["Recent"][1].status_label == "Open"
    page = client.get(path_of(proposal, "edit")).content.decode()
    assert f'data-record="{path_of(proposal)}"' in page
    assert "data-record" not in client.get(reverse("reports")).content.decode()


def test_recent_records_are_shown_by_the_rights_of_now() -> None:
    company, proposal = make_company(name="Zon"), make_proposal(name="Dak")
    gone = make_proposal(name="Weg", removed_at=timezone.now())
    paths = [path_of(row) for row in (company, proposal, gone)]
    user = make_member("Viewer", "vera")
    client = client_of(user)
    assert titles(look(client, recent=paths), "Recent") == ["Zon", "Dak"]
    user.groups.clear()
    assert "Recent" not in look(client, recent=paths)


def test_recent_records_are_those_of_the_chosen_account() -> None:
    north, south = make_connection("north"), make_connection("south")
    paths = [path_of(make_company(account, name=str(account))) for account in (north, south)]
    client = client_of(make_staff())
    assert titles(look(client, recent=paths), "Recent") == ["north", "south"]
    client.post(reverse("account"), {"account": north.pk})
    assert titles(look(client, recent=paths), "Recent") == ["north"]


@pytest.mark.parametrize("path", ["", "/", "nonsense", "/jobs/job/1/change/", "/contacts/company/9999/change/", "\0"])
def test_whatever_a_browser_remembers_does_no_harm(path: str) -> None:
    make_connection()
    assert "Recent" not in look(client_of(make_staff()), recent=[path] * 50)


def test_eight_recent_records_leave_room_for_the_rest() -> None:
    paths = [path_of(make_company(name=f"Zon {number}")) for number in range(12)]
    found = look(client_of(make_staff()), recent=paths, on=path_of(make_proposal(name="Dak")))
    assert len(found["Recent"]) == 8
    assert len(found["On this page: Dak"]) == 7
    assert "Home" in titles(found, "Go to")
