"""The pages of a company and a person: how to reach them, and what was proposed to them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from offorte_portal.activity.models import Activity
from proposals.models import Receiver
from tests.activity.pages.entries import make_entry
from tests.support.factories import AS_OF, make_company, make_connection, make_person, make_proposal, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    return client


def show(client: Client, path: str, query: str = "") -> str:
    response = client.get(f"/contacts/{path}/change/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_company_can_be_called_written_to_and_visited(client: Client) -> None:
    company = make_company(
        street="Ginnekenweg 1",
        zipcode="4800AA",
        phone="+31 76 1234567",
        email="info@x.example",
        internet="www.x.example",
    )
    page = show(client, f"company/{company.pk}")
    for link in ("tel:+31761234567", "mailto:info@x.example", "https://www.x.example"):
        assert f'href="{link}"' in page
    assert "4800AA Breda" in page


@pytest.mark.parametrize("column", ["internet", "linkedin", "email", "phone"])
def test_addresses_that_run_script_stay_text(client: Client, column: str) -> None:
    company = make_company(None, **{column: 'javascript:alert(1)"><b>'})
    page = show(client, f"company/{company.pk}")
    assert 'href="javascript:' not in page
    assert "javascript:alert(1)&quot;&gt;&lt;b&gt;" in page


def test_a_company_has_its_people_proposals_and_totals(client: Client) -> None:
    company = make_company()
    person = make_person(company=company, fullname="Anna de Vries", mobile="06 12345678")
    make_person(fullname="Iemand Anders")
    make_proposal(company=company, status="won", price_total=Decimal(1000), name="Dak")
    make_proposal(company=company, status="won", price_total=Decimal(500))
    make_proposal(company=company, status="won", price_total=None)
    make_proposal(company=company, status="lost", price_total=None)
    make_proposal(company=company, status="won", price_total=Decimal(9999), removed_at=AS_OF)
    page = show(client, f"company/{company.pk}")
    assert f'href="/contacts/person/{person.pk}/change/"' in page
    assert "Iemand Anders" not in page
    assert "€\u00a01,500.00" in page
    assert "3 proposals, 1 of unknown value" in page
    assert "1 proposal, 1 of unknown value" in page
    assert "9,999" not in page
    assert f"/proposals/proposal/?company={company.pk}" in page
    assert f'href="/proposals/proposal/?company={company.pk}&amp;status=won" class="figure"' in page


@pytest.mark.parametrize("kind", ["company", "person"])
@pytest.mark.parametrize("query", ["", "?_changelist_filters=p%3D1"])
def test_a_page_takes_few_queries(client: Client, kind: str, query: str) -> None:
    company = make_company()
    person = make_person(company=company)
    for number in range(30):
        make_person(company=company, fullname=f"Person {number}")
        proposal = make_proposal(company=company, name=f"Proposal {number}", status="lost")
        Receiver.objects.create(proposal=proposal, remote_id=number, position=0, email=person.email)
        make_entry(proposal, Activity.Kind.LOST)
    path = {"company": f"company/{company.pk}", "person": f"person/{person.pk}"}[kind]
    counts = []
    for _ in range(4):  # the first, and any after a counter has grown old meanwhile, ask for more
        with CaptureQueriesContext(database) as queries:
            show(client, path, query)
        counts.append(len(queries))
    assert min(counts) <= 12 + bool(query), counts


def test_who_may_not_see_proposals_does_not_see_them_here_either() -> None:
    user = User.objects.create_user("anna", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_company"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    company = make_company()
    make_person(company=company, fullname="Anna de Vries")
    make_proposal(company=company, name="Geheim dak", price_total=Decimal(1234))
    page = show(client, f"company/{company.pk}")
    assert "Geheim dak" not in page
    assert "1,234" not in page
    assert "Anna de Vries" not in page


def test_a_person_has_the_proposals_that_were_sent_to_them(client: Client) -> None:
    company = make_company(name="De Vries Bouw")
    person = make_person(company=company, email="Anna@x.example")
    received, other = make_proposal(company=company, name="Dak"), make_proposal(company=company, name="Kelder")
    elsewhere = make_proposal(make_connection("zuid"), name="Garage")
    for number, (proposal, email) in enumerate(
        [(received, "anna@x.example"), (other, "bo@x.example"), (elsewhere, "anna@x.example")]
    ):
        Receiver.objects.create(proposal=proposal, remote_id=number, position=0, email=email)
    page = show(client, f"person/{person.pk}")
    assert f'href="/contacts/company/{company.pk}/change/"' in page
    assert "Dak" in page
    assert "Kelder" not in page
    assert "Garage" not in page


def test_a_person_without_company_or_address_has_a_page(client: Client) -> None:
    page = show(client, f"person/{make_person(email='').pk}")
    assert "No proposals found for this person" in page


@pytest.mark.parametrize("name", ["شركة البناء الحديثة", "🚀 Raket", "<b>Jan</b>", "a" * 10_000])
def test_any_name_is_shown(client: Client, name: str) -> None:
    company = make_company(name=name, street=name, linkedin=name)
    person = make_person(fullname=name, company=company)
    for path in (f"company/{company.pk}", f"person/{person.pk}"):
        assert "<b>Jan" not in show(client, path)


def test_a_removed_company_says_so(client: Client) -> None:
    assert "Deleted in Offorte" in show(client, f"company/{make_company(removed_at=AS_OF).pk}")


def test_a_person_is_reached_first_by_mobile_then_by_phone_mail_and_address(client: Client) -> None:
    person = make_person(
        mobile="06 - 12 34 56 78", phone="(076) 123 45 67", email="anna@x.example", city="Breda", street="Markt 1"
    )
    response = client.get(f"/contacts/person/{person.pk}/change/")
    assert [way.icon for way in response.context["ways"]] == ["smartphone", "phone", "mail", "map-pin"]
    page = response.content.decode()
    assert '<a href="tel:+31612345678" class="nowrap">06 - 12 34 56 78</a>' in page
    assert '<a href="tel:+31761234567" class="nowrap">(076) 123 45 67</a>' in page


def test_numbers_are_those_of_the_country_of_the_address(client: Client) -> None:
    company = make_company(phone="03 123 45 67", country="België")
    assert 'href="tel:+3231234567"' in show(client, f"company/{company.pk}")


def test_nothing_empty_is_shown_of_who_can_not_be_reached(client: Client) -> None:
    company = make_company(city="")
    person = make_person(email="")
    for path in (f"company/{company.pk}", f"person/{person.pk}"):
        page = show(client, path)
        assert 'class="card reach"' not in page
        assert "tel:" not in page
        assert "Offorte provides only the name" not in page


@pytest.mark.parametrize(
    ("role", "fields", "is_offered"),
    [
        ("Seller", {}, True),
        ("Viewer", {}, False),
        ("Seller", {"removed_at": AS_OF}, False),
        ("Seller", {"is_hidden": True}, False),
    ],
)
def test_a_new_proposal_comes_first_for_who_may_make_one(role: str, fields: dict[str, Any], is_offered: bool) -> None:
    user = make_staff(is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    company = make_company(**fields)
    person = make_person(company=company, company_remote_id=company.remote_id, **fields)
    for path, url in (
        (f"company/{company.pk}", f"company={company.pk}"),
        (f"person/{person.pk}", f"person={person.pk}"),
    ):
        page = show(client, path)
        assert (f'<a class="button button-primary" href="/compose/new/?{url}">' in page) == is_offered
        assert page.count("button button-primary") == is_offered


def test_a_proposal_of_an_account_that_is_gone_is_not_offered(client: Client) -> None:
    account = make_connection(state="disconnected")
    assert "/compose/new/" not in show(client, f"company/{make_company(account).pk}").partition("record-actions")[2]


def test_more_than_eight_proposals_are_folded_and_the_newest_come_first(client: Client) -> None:
    company = make_company()
    for number in range(11):
        make_proposal(company=company, name=f"Dak {number:02}")
    context = client.get(f"/contacts/company/{company.pk}/change/").context
    assert [str(each) for each in context["proposals"]] == [f"Dak {number:02}" for number in range(10, 2, -1)]
    assert [str(each) for each in context["more_proposals"]] == ["Dak 02", "Dak 01", "Dak 00"]


def test_a_company_tells_when_any_of_its_proposals_was_last_seen(client: Client) -> None:
    company = make_company()
    make_proposal(company=company, status="won", viewed_at=AS_OF)
    make_proposal(company=company, status="open", viewed_at=AS_OF - timedelta(days=9))
    make_proposal(company=company, status="open")
    assert client.get(f"/contacts/company/{company.pk}/change/").context["seen_at"] == AS_OF


def test_a_person_has_colleagues(client: Client) -> None:
    company = make_company()
    person, colleague = (make_person(company=company, fullname=name) for name in ("Anna", "Bo"))
    make_person(company=company, fullname="Weg", removed_at=AS_OF)
    make_person(fullname="Van een ander")
    context = client.get(f"/contacts/person/{person.pk}/change/").context
    assert context["people"] == [colleague]
