"""What happened to a company's proposals, and to those that a person received, on the page of either."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Company, Person
from offorte_portal.activity.pages import history
from offorte_portal.adminkit.additions import record_panels
from proposals.models import Proposal, Receiver
from tests.activity.pages.entries import Kind, make_entry, make_user
from tests.support.bulk import sign_in
from tests.support.factories import AS_OF, make_company, make_person, make_proposal
from tests.support.forms import form_url, staff_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return staff_client()


@pytest.fixture
def company() -> Company:
    return make_company(name="De Vries Bouw")


def panel(client: Client, row: Company | Person) -> dict[str, Any]:
    (found,) = [
        each for each in client.get(form_url(row, "change")).context["record_panels"] if "history" in each.template
    ]
    return dict(found.context)


def names(shown: dict[str, Any]) -> list[str]:
    return [str(line.entry.proposal) for line in shown["lines"]]


def test_a_company_tells_what_happened_to_all_its_proposals_newest_first(client: Client, company: Company) -> None:
    roof, cellar = (make_proposal(company=company, name=name) for name in ("Dak", "Kelder"))
    make_entry(roof, Kind.SENT, 60, person="Sanne", text="Chuck de Vries")
    make_entry(cellar, Kind.COMMENTED, 30, text="Kan het ook in eiken?")
    make_entry(roof, Kind.VIEWED, 10, times=3)
    make_entry(make_proposal(company=make_company(), name="Van een ander"), Kind.VIEWED, 1)
    make_entry(make_proposal(company=company, name="Weg", removed_at=AS_OF), Kind.VIEWED, 1)
    assert names(panel(client, company)) == ["Dak", "Kelder", "Dak"]
    page = client.get(form_url(company, "change")).content.decode()
    assert "<b><bdi>Chuck</bdi></b> viewed <a" in page
    assert f'href="{form_url(roof, "change")}"' in page
    assert "Kan het ook in eiken?" in page
    assert "to Chuck de Vries" in page
    assert "3 times" in page


def test_a_person_tells_what_happened_to_what_they_received(client: Client, company: Company) -> None:
    person = make_person(company=company, email="Anna@x.example")
    received, other = (make_proposal(company=company, name=name) for name in ("Dak", "Kelder"))
    Receiver.objects.create(proposal=received, remote_id=1, position=0, email="anna@x.example")
    for proposal in (received, other):
        make_entry(proposal)
    assert names(panel(client, person)) == ["Dak"]
    assert names(panel(client, make_person(email=""))) == []


def test_earlier_entries_are_read_when_they_are_unfolded(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 3)
    monkeypatch.setattr(history, "EARLIER", 3)
    now = timezone.now()
    proposal = make_proposal(company=company)
    made = [make_entry(proposal, at=now - timedelta(seconds=number // 2)) for number in range(8)]
    wanted = [entry.pk for entry in sorted(made, key=lambda each: (each.happened_at, each.pk), reverse=True)]
    shown = panel(client, company)
    found = [line.entry.pk for line in shown["lines"]]
    assert found == wanted[:3]
    while shown["more_url"]:
        shown = client.get(shown["more_url"]).context["panel"]
        found += [line.entry.pk for line in shown["lines"]]
    assert found == wanted


def test_it_takes_two_queries_however_many_proposals(company: Company) -> None:
    user = make_user("sanne@example.com", "view_proposal")
    for number in range(30):
        make_entry(make_proposal(company=company, name=f"Dak {number}"), Kind.LOST, number)
    with CaptureQueriesContext(database) as queries:
        shown = history.read_history(user, company)
    assert len(shown["lines"]) == 10
    assert len([query for query in queries if "auth_" not in query["sql"]]) <= 2


@pytest.mark.parametrize("before", ["", "nonsense", "2026-01-01,1", "2026-01-01T00:00:00Z,x", "\x00,1"])
def test_a_bad_address_shows_the_newest(client: Client, company: Company, before: str) -> None:
    make_entry(make_proposal(company=company))
    response = client.get(reverse("activity_of_company", args=[company.pk]), {"before": before})
    assert len(response.context["panel"]["lines"]) == 1


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ((), 403),
        (("view_company",), 403),
        (("view_proposal",), 403),
        (("view_company", "view_person", "view_proposal"), 200),
    ],
)
def test_only_who_may_see_customers_and_proposals_sees_it(
    company: Company, permissions: tuple[str, ...], status: int
) -> None:
    person = make_person(company=company)
    make_entry(make_proposal(company=company, name="Geheim"))
    client = sign_in(make_user("anna@example.com", *permissions))
    urls = [reverse("activity_of_company", args=[company.pk]), reverse("activity_of_person", args=[person.pk])]
    assert [client.get(url).status_code for url in urls] == [status, status]


def test_the_page_of_who_may_not_see_proposals_has_no_history(company: Company, rf: Any) -> None:
    make_entry(make_proposal(company=company, name="Geheim"))
    request = rf.get("/")
    request.user = make_user("anna@example.com", "view_company")
    assert [each for each in record_panels(request, company) if "history" in each.template] == []


def test_a_company_without_proposals_says_so(client: Client, company: Company) -> None:
    assert panel(client, company) == {"lines": [], "more_url": ""}
    assert "Nothing has happened yet." in client.get(form_url(company, "change")).content.decode()


def test_nothing_is_told_twice(client: Client, company: Company) -> None:
    proposal = make_proposal(company=company)
    Receiver.objects.create(proposal=proposal, remote_id=1, position=0, email="a@x.example")
    Receiver.objects.create(proposal=proposal, remote_id=2, position=1, email="A@x.example")
    make_entry(proposal)
    assert len(panel(client, make_person(company=company, email="a@x.example"))["lines"]) == 1
    assert Proposal.objects.count() == 1
