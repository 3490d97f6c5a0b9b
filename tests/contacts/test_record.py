"""The pages of a company and a person: how to reach them, and what was proposed to them."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proposals.models import Receiver
from tests.support.factories import AS_OF, make_company, make_connection, make_person, make_proposal, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    return client


def show(client: Client, path: str) -> str:
    response = client.get(f"/contacts/{path}/change/")
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


def test_a_company_takes_few_queries(client: Client) -> None:
    company = make_company()
    for number in range(30):
        make_person(company=company, fullname=f"Person {number}")
        make_proposal(company=company, name=f"Proposal {number}")
    counts = []
    for _ in range(4):  # the first, and any after a counter has grown old meanwhile, ask for more
        with CaptureQueriesContext(database) as queries:
            show(client, f"company/{company.pk}")
        counts.append(len(queries))
    assert min(counts) <= 10, counts


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
