"""The records before and after a record in the list that a person came from."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Company
from offorte_portal.adminkit import changelist, neighbours
from offorte_portal.desk.models import ProposalStats
from offorte_portal.mirror.models import Mirrored
from proposals.models import Proposal
from tests.support.factories import AS_OF, link, make_company, make_connection, make_product, make_proposal, make_staff
from tests.support.forms import form_url, staff_client

pytestmark = pytest.mark.django_db
MOST = neighbours.MOST_READ
LINK = re.compile(r'class="cell-title" href="([^"]+)"|<th class="field-title"><a href="([^"]+)"')


@pytest.fixture
def client() -> Client:
    return staff_client()


@pytest.fixture(params=[MOST, 1], ids=["few", "many"])
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same list once as one with few rows, and once as one with many."""
    monkeypatch.setattr(neighbours, "MOST_READ", request.param)
    monkeypatch.setattr(changelist, "MOST_RANKED", request.param)


def list_url(row: Mirrored) -> str:
    return f"/{row._meta.app_label}/{row._meta.model_name}/"


def links(client: Client, url: str) -> list[str]:
    """Return the addresses of a list's rows, in order."""
    page = client.get(url).content.decode()
    return [unescape(found) for pair in LINK.findall(page) for found in pair if found]


def near(client: Client, url: str) -> tuple[str, str, str]:
    found = client.get(url).context["neighbours"]
    return found.previous_url, found.next_url, found.place


def walk(client: Client, url: str, *, back: bool = False) -> list[str]:
    """Return the addresses from this one to the end of the list, or to its beginning."""
    walked = [url]
    while url := near(client, url)[0 if back else 1]:
        walked.append(url)
        assert len(walked) < 50
    return walked


def with_list(row: Mirrored, query: str) -> str:
    return f"{form_url(row, 'change')}?{urlencode({neighbours.PARAMETER: query})}"


def keys(urls: list[str]) -> list[int]:
    return [int(url.split("/")[3]) for url in urls]


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize(
    "query",
    [
        "", "o=total", "o=-total", "o=title", "o=-title", "o=-last_seen", "o=heat", "o=-heat", "status=open&o=-total",
        "status=open,won&o=open_for", "q=dak", "q=dak&o=-total", "p=1",
    ],
)  # fmt: skip
def test_steps_go_through_the_whole_list_in_its_order(client: Client, query: str) -> None:
    for number, total in enumerate([5, None, 7, 7, None, 1, 7, 0, None, 12, 5, 3]):
        proposal = make_proposal(
            name=f"Dak {number % 5}",
            price_total=total,
            status=("open", "won", "lost")[number % 3],
            company_name="Kelder",
        )
        told = {"as_of": AS_OF, "computed_at": AS_OF}
        ProposalStats.objects.create(proposal=proposal, connection=proposal.connection, heat=number % 4, **told)
    rows = links(client, f"/proposals/proposal/?{query}" if query else "/proposals/proposal/")
    assert len(rows) > 3
    assert walk(client, rows[0]) == rows
    assert walk(client, rows[-1], back=True) == rows[::-1]


@pytest.mark.parametrize("make", [make_company, make_product])
def test_every_kind_of_record_has_neighbours(client: Client, make: "type[Company]") -> None:
    for name in ("Beta", "Alfa", "Gamma"):
        make(name=name)
    rows = links(client, list_url(make(name="Delta")))
    assert [row.count(neighbours.PARAMETER) for row in rows] == [1] * 4
    assert walk(client, rows[0]) == rows


def test_the_place_is_shown_where_the_list_is_known_as_a_whole(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Alfa", "Beta", "Gamma"):
        make_company(name=name)
    rows = links(client, "/contacts/company/")
    assert [near(client, row)[2] for row in rows] == ["1 of 3", "2 of 3", "3 of 3"]
    monkeypatch.setattr(neighbours, "MOST_READ", 2)
    assert [near(client, row)[2] for row in rows] == ["", "", ""]


def test_without_a_list_there_are_no_neighbours(client: Client) -> None:
    company = make_company()
    make_company()
    assert client.get(form_url(company, "change")).context["neighbours"] is None
    assert "neighbours" not in client.get(form_url(company, "change")).content.decode()


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize(
    ("query", "change"),
    [("status=open", {"status": "won"}), ("status=open&o=-total", {"status": "won"}), ("q=dak", {"removed_at": AS_OF})],
)
def test_a_row_that_has_left_the_list_still_leads_to_its_neighbours(
    client: Client, query: str, change: dict[str, Any]
) -> None:
    made = [make_proposal(name=f"Dak {number}", status="open", price_total=number) for number in range(5)]
    rows = links(client, f"/proposals/proposal/?{query}")
    Proposal.objects.filter(pk=made[2].pk).update(**change)
    at = keys(rows).index(made[2].pk)
    assert near(client, rows[at]) == (rows[at - 1], rows[at + 1], "")


@pytest.mark.usefixtures("_size")
def test_steps_stay_within_the_chosen_account_and_what_the_list_holds(client: Client) -> None:
    here, there = make_connection("noord"), make_connection("zuid")
    first, second = (make_company(here, name=name) for name in ("Alfa", "Gamma"))
    make_company(there, name="Beta")
    make_company(here, name="Delta", removed_at=AS_OF)
    session = client.session
    session["account"] = here.pk
    session.save()
    rows = links(client, "/contacts/company/")
    assert keys(rows) == [first.pk, second.pk]
    assert walk(client, rows[0]) == rows


def test_a_persons_own_list_leads_through_their_own_proposals() -> None:
    user = make_staff("sanne", is_superuser=False)
    user.groups.add(Group.objects.get(name="Seller"))
    account = make_connection("bouw")
    mine = link(user, account)
    for number in range(4):
        owner = {"owner": mine, "owner_remote_id": mine.remote_id} if number % 2 else {}
        make_proposal(account, name=f"Dak {number}", **owner)
    client = Client()
    client.force_login(user)
    rows = links(client, "/proposals/proposal/?owner=me")
    assert len(rows) == 2
    assert walk(client, rows[0]) == rows


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=\x00", "o=-9", "o=x.y", "status=nonsense", "p=zzz", "company=abc", "x" * 3000, "&&&==", "_popup=1"],
)
def test_a_list_that_nobody_could_open_does_no_harm(client: Client, query: str) -> None:
    proposal = make_proposal()
    make_proposal()
    assert client.get(with_list(proposal, query)).status_code == 200


@pytest.mark.usefixtures("_size")
def test_neighbours_take_two_queries(client: Client) -> None:
    made = [make_proposal(name=f"Dak {number}", status="open") for number in range(5)]

    def count(url: str) -> int:
        numbers = []
        for _ in range(3):
            with CaptureQueriesContext(database) as queries:
                client.get(url)
            numbers.append(len(queries))
        return min(numbers)

    alone = count(form_url(made[2], "change"))
    assert count(with_list(made[2], "status=open&o=-total")) <= alone + 2
    assert count(with_list(made[2], "p=1")) <= alone + 2


def test_forms_keep_the_list(client: Client) -> None:
    company = make_company()
    make_company(name="Zeta")
    page = client.get(with_list(company, "q=a&o=-title"))
    kept = urlencode({neighbours.PARAMETER: "q=a&o=-title"})
    assert page.context["edit_url"].endswith(f"?{kept}")
    form = client.get(page.context["edit_url"])
    assert form.context["back_url"] == with_list(company, "q=a&o=-title")
    assert form.context["delete_url"].endswith(f"?{kept}")
    assert client.get(form.context["delete_url"]).context["back_url"] == with_list(company, "q=a&o=-title")
    same = client.post(page.context["edit_url"], {"form_state": form.context["form_state"], "name": company.name})
    assert same.status_code == 302
    assert same["Location"] == with_list(company, "q=a&o=-title")
    assert page.context["neighbours"].list_url == "/contacts/company/?q=a&o=-title"


def test_who_may_not_see_the_records_gets_no_neighbours_either() -> None:
    user = User.objects.create_user("anna", is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(with_list(make_company(), "p=1")).status_code == 403
