"""Teams: managers set them, and reports are grouped by them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.desk.models import Team, TeamMember
from tests.support.factories import make_account_user, make_proposal
from tests.support.feed import bring_up_to_date
from tests.support.fixtures import member
from tests.support.lists import ListPage

pytestmark = pytest.mark.django_db
URL = "/reports/teams/"


@pytest.fixture
def manager_client(client: Client, manager: User) -> Client:
    for name in ("Sanne", "Pim"):
        user = make_account_user(firstname=name, lastname="Vos", email=f"{name}@x.nl")
        make_proposal(owner=user, owner_remote_id=user.remote_id, status="won", won_at=timezone.now(), price_total=10)
    bring_up_to_date()
    client.force_login(manager)
    return client


def test_a_team_is_added_changed_and_deleted(manager_client: Client) -> None:
    manager_client.post(f"{URL}new/", {"name": "North", "sellers": ["sanne@x.nl"]})
    team = Team.objects.get()
    assert "Sanne Vos" in manager_client.get(URL).content.decode()
    manager_client.post(f"{URL}{team.pk}/", {"name": "Noord", "sellers": ["pim@x.nl"]})
    assert list(TeamMember.objects.values_list("seller", "team__name")) == [("pim@x.nl", "Noord")]
    page = manager_client.get(f"{URL}new/").content.decode()
    assert "Pim Vos (now in Noord)" in page
    manager_client.post(f"{URL}{team.pk}/delete/")
    assert not TeamMember.objects.exists()


def test_a_name_is_used_once_and_sellers_are_known_ones(manager_client: Client) -> None:
    Team.objects.create(name="North")
    for fields in ({"name": "North"}, {"name": ""}, {"name": "South", "sellers": ["x@y.z"]}):
        assert manager_client.post(f"{URL}new/", fields).status_code == 200
    assert Team.objects.count() == 1


def test_results_by_team_lead_to_their_proposals(manager_client: Client) -> None:
    manager_client.post(f"{URL}new/", {"name": "North", "sellers": ["sanne@x.nl"]})
    (section,) = manager_client.get("/reports/", {"by": "team", "who": "team"}).context["sections"]
    rows = {row.label: row.cells[1] for row in section["table"].rows}
    assert {label: cell.text for label, cell in rows.items()} == {"North": "1", "No team": "1"}
    for cell in rows.values():
        assert len(ListPage(manager_client.get(cell.url)).rows) == 1


def test_only_managers_set_teams(client: Client) -> None:
    team = Team.objects.create(name="North")
    client.force_login(member("Seller", "sanne"))
    assert client.get(URL).status_code == 403
    for path in ("new/", f"{team.pk}/", f"{team.pk}/delete/"):
        assert client.post(URL + path, {"name": "Mine"}).status_code == 403
    assert list(Team.objects.values_list("name", flat=True)) == ["North"]
