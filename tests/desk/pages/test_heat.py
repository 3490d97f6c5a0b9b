"""Heat in the list and on the page of a proposal, and who sets what it is made of."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.desk.models import DeskSettings, ProposalStats
from proposals.models import Proposal
from tests.support.factories import make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import names, open_list

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def fill() -> None:
    now = timezone.now()
    make_proposal(name="Cold", view_count=0)
    make_proposal(name="Warm", view_count=1, viewed_at=now - 3 * DAY)
    make_proposal(name="Hot", view_count=1, viewed_at=now, details_as_of=now)
    make_proposal(name="Won", status="won", view_count=1, viewed_at=now)
    bring_up_to_date()


def test_the_list_is_sorted_by_heat() -> None:
    fill()
    column = 6
    assert open_list(Proposal, f"?o=-{column}").names[:2] == ["Hot", "Warm"]
    assert open_list(Proposal, f"?o={column}").names[-2:] == ["Warm", "Hot"]
    page = open_list(Proposal, f"?o=-{column}&status=open")
    assert page.names == ["Hot", "Warm", "Cold"]
    assert open_list(Proposal, f"?o=-{column}&q=warm").names == ["Warm"]


def test_heat_is_shown_and_explained() -> None:
    fill()
    page = open_list(Proposal, "?o=-6")
    assert "1 visit in 24 hours" in page.cell("heat")
    assert "is-hot" not in page.cell("heat"), "six points are not hot"
    ProposalStats.objects.update(heat=40)
    assert "is-hot" in open_list(Proposal, "?o=-6").cell("heat")
    ProposalStats.objects.all().delete()
    assert "—" in open_list(Proposal).cell("heat")


def test_hot_ones_are_filtered() -> None:
    fill()
    assert names(open_list(Proposal, "?attention=hot").rows) == set()
    DeskSettings.objects.create(hot_from=5)
    assert names(open_list(Proposal, "?attention=hot").rows) == {"Hot"}


def test_a_proposal_says_what_its_points_are_for(client: Client) -> None:
    fill()
    client.force_login(make_staff())
    hot = Proposal.objects.get(name="Hot")
    html = client.get(reverse("admin:proposals_proposal_change", args=[hot.pk])).content.decode()
    assert "6 points" in html
    assert "6 for 1 visit in the last 24 hours" in html


def values(**changed: Any) -> dict[str, Any]:
    thresholds = DeskSettings()
    given = {field.name: getattr(thresholds, field.name) for field in DeskSettings._meta.fields if field.name != "id"}
    return {name: "" if value is None else value for name, value in (given | changed).items()}


def test_an_administrator_sets_the_thresholds_and_points_follow(client: Client) -> None:
    fill()
    client.force_login(make_staff())
    url = reverse("desk_settings")
    assert client.get(url).status_code == 200
    assert client.post(url, values(points_day=50)).status_code == 302
    assert client.post(url, values(points_day=60)).status_code == 302
    assert DeskSettings.objects.get().points_day == 60
    bring_up_to_date()
    assert ProposalStats.objects.get(proposal__name="Hot").heat == 60


def test_what_makes_no_sense_is_refused(client: Client) -> None:
    client.force_login(make_staff())
    response = client.post(reverse("desk_settings"), values(hot_from=0, chance_hot=101, points_day="x"))
    assert set(response.context["form"].errors) == {"hot_from", "chance_hot", "points_day"}
    assert not DeskSettings.objects.exists()


def test_others_do_not_set_them(client: Client) -> None:
    client.force_login(make_staff("viewer", is_superuser=False))
    assert client.get(reverse("desk_settings")).status_code == 403
    assert client.post(reverse("desk_settings"), values()).status_code == 403
    assert not DeskSettings.objects.exists()
