"""Teams: a seller is in one at most, and their proposals are found in every account."""

import pytest

from offorte_portal.desk.models import Team, TeamMember
from offorte_portal.desk.reports import teams
from proposals.models import Proposal
from tests.support.factories import make_account_user, make_connection, make_proposal

pytestmark = pytest.mark.django_db


def make_team(name: str, *sellers: str) -> Team:
    team = Team(name=name)
    teams.set_team(team, sellers)
    return team


def found(value: str) -> set[str]:
    return set(Proposal.objects.filter(teams.sold_by_team(value)).values_list("name", flat=True))


def test_a_seller_leaves_the_team_that_they_were_in() -> None:
    first, second = make_team("North", "a@x.nl", "b@x.nl"), make_team("South", "b@x.nl")
    assert teams.read_members() == {"a@x.nl": first.pk, "b@x.nl": second.pk}
    teams.set_team(first, [])
    assert list(TeamMember.objects.values_list("seller", flat=True)) == ["b@x.nl"]


def test_proposals_of_a_team_in_all_accounts_and_of_those_without_one() -> None:
    north, south = make_connection("north"), make_connection("south")
    for connection in (north, south):
        user = make_account_user(connection, email="Sanne@x.nl")
        make_proposal(connection, name=f"of {connection.account}", owner=user, owner_remote_id=user.remote_id)
    make_proposal(north, name="by address", owner_email="sanne@x.nl")
    make_proposal(north, name="of Pim", owner_email="pim@x.nl")
    team = make_team("All", "sanne@x.nl")
    assert found(str(team.pk)) == {"of north", "of south", "by address"}
    assert found(teams.NO_TEAM) == {"of Pim"}
    assert found("999") == found("x") == found("9" * 40) == set()


def test_without_teams_everybody_is_in_none() -> None:
    make_proposal(name="one")
    assert found(teams.NO_TEAM) == {"one"}


def test_sellers_are_listed_once_under_their_newest_name() -> None:
    make_account_user(make_connection("north"), email="S@x.nl", firstname="Sanne", lastname="Vos")
    make_account_user(make_connection("south"), email="s@x.nl", firstname="Sanne", lastname="Vos")
    make_account_user(email="")
    assert [(seller.address, seller.name) for seller in teams.list_sellers()] == [("s@x.nl", "Sanne Vos")]
