"""What one bulk job did is one line of the feed, of the bell and of the home page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from offorte_portal.activity.additions import read_recent
from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.staff.scope import Scope
from proposals.models import Proposal
from tests.activity.pages.entries import Kind, make_entry, tell
from tests.activity.pages.pages import page
from tests.support.factories import make_proposal

pytestmark = pytest.mark.django_db

JOB = 41


@pytest.fixture
def lost(connection: Connection) -> list[Activity]:
    """Eight of Sanne's proposals and two of Pieter's, lost by one job, the newest last."""
    owners = [*["sanne@example.com"] * 4, *["pieter@example.com"] * 2, *["sanne@example.com"] * 4]
    return [
        lose(make_proposal(connection, name=f"Dak {number}", owner_email=owner), 60 - number)
        for number, owner in enumerate(owners)
    ]


def lose(proposal: Proposal, minutes: float, **columns: Any) -> Activity:
    job: dict[str, Any] = {"job_id": JOB, "operation_id": 1, "person": "Pieter Kok", "is_client": False}
    return make_entry(proposal, Kind.LOST, minutes, **(job | columns))


def lines(client: Client, query: str = "") -> list[str]:
    return [line.story.headline for line in page(client, query).context["feed"].lines]


@pytest.mark.usefixtures("lost")
def test_a_job_is_one_line_that_counts_the_reader_s_own_or_all(client: Client) -> None:
    assert lines(client) == ["Pieter Kok marked 8 of your proposals as lost"]
    assert lines(client, "?of=team") == ["Pieter Kok marked 10 proposals as lost"]


@pytest.mark.usefixtures("lost")
def test_the_line_opens_its_proposals_and_leads_to_a_list_of_them(client: Client) -> None:
    (line,) = page(client).context["feed"].lines
    assert lines(client, line.members_url) == [f"Pieter Kok marked Dak {n} as lost" for n in (9, 8, 7, 6, 3, 2, 1, 0)]
    response = client.get(f"/activity/members/{line.members_query}")
    html = response.content.decode()
    assert [f"Dak {number}" in html for number in range(10)] == [True] * 4 + [False] * 2 + [True] * 4


@pytest.mark.usefixtures("lost")
def test_the_job_is_linked_for_whoever_may_see_it(client: Client, sanne: User) -> None:
    assert f"/jobs/job/{JOB}/" not in page(client).content.decode()
    sanne.user_permissions.add(*Permission.objects.filter(codename__in=["view_job", "view_others_jobs"]))
    assert f"/jobs/job/{JOB}/" in page(client).content.decode()


def test_one_proposal_of_a_job_is_a_line_of_its_own(client: Client, mine: Proposal) -> None:
    lose(mine, 5)
    assert lines(client) == ["Pieter Kok marked Dakkapel as lost"]


def test_a_filter_counts_what_it_finds(client: Client, mine: Proposal, connection: Connection) -> None:
    lose(mine, 5)
    lose(make_proposal(connection, owner_email="sanne@example.com"), 60 * 24 * 200)
    assert lines(client) == ["Pieter Kok marked 2 of your proposals as lost"]
    assert lines(client, "?when=quarter") == ["Pieter Kok marked Dakkapel as lost"]


@pytest.mark.usefixtures("lost")
def test_a_line_that_spans_pages_stands_on_the_first_only(client: Client, mine: Proposal) -> None:
    for number in range(49):
        make_entry(mine, Kind.VIEWED, 54 + number / 100)
    make_entry(mine, Kind.SIGNED, 300)
    response = page(client)
    feed = response.context["feed"]
    assert [line.story.count for line in feed.lines].count(8) == 1
    assert len(feed.lines) == 50
    assert lines(client, feed.older_url) == ["Chuck signed Dakkapel"]


@pytest.mark.usefixtures("lost")
def test_the_feed_takes_few_queries(client: Client, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    page(client)
    # Two of them read a seller's permissions.
    with django_assert_max_num_queries(9):
        page(client)


def test_the_page_that_is_open_notices_a_partial_undo(client: Client, lost: list[Activity]) -> None:
    latest = page(client).context["feed"].latest_url
    assert client.get(latest, headers={"HX-Request": "true"}).status_code == 204
    lost[-1].delete()
    assert "7" in client.get(latest, headers={"HX-Request": "true"}).content.decode()
    assert lines(client) == ["Pieter Kok marked 7 of your proposals as lost"]


@pytest.mark.usefixtures("lost")
def test_the_home_page_shows_one_line_too(sanne: User) -> None:
    (line,) = read_recent(Scope(sanne, is_mine=True))["recent"]
    assert line.story.headline == "Pieter Kok marked 8 of your proposals as lost"


def test_the_bell_shows_one_line_that_leads_to_the_list(client: Client, sanne: User, lost: list[Activity]) -> None:
    row = tell(sanne, lost[0], fold=f"{JOB}:lost:own")
    html = client.get("/activity/notifications/").content.decode()
    assert "marked <bdi>8</bdi> of your proposals as lost" in html
    response = client.post(f"/activity/notifications/{row.pk}/open/")
    assert response.headers["Location"] == f"/activity/?of=mine&job={JOB}&kind=lost"
