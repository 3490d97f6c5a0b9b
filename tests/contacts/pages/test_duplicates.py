"""Companies that may be one are listed, with the way to merging them."""

import re

import pytest
from django.urls import reverse

from offorte_portal.tracking.models import DismissedPair
from tests.support.bulk import make_member, sign_in
from tests.support.factories import make_company, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db


def test_companies_that_may_be_one_lead_to_merging() -> None:
    make_connection(label="De Vries")
    one = make_company(name="De Vries Bouw", vat_number="NL001234567B01")
    other = make_company(name="Bouwbedrijf", vat_number="NL001234567B01")
    make_company(name="Bakkerij")
    make_proposal(company=other)
    client = sign_in(make_member("Manager", "mia"))
    html = client.get("/jobs/duplicates/").content.decode()
    for text in ("The same VAT number", "De Vries Bouw", "Bouwbedrijf", "1 proposal"):
        assert text in html
    assert "Bakkerij" not in html
    keys = re.findall(r'name="_selected_action" value="(\d+)"', html)
    assert {int(key) for key in keys} == {one.pk, other.pk}
    response = client.post("/contacts/company/", {"bulk": "companies.merge", "_selected_action": keys})
    assert response["Location"].startswith(reverse("job_new", args=["companies.merge"]))


def test_duplicates_of_one_account_or_of_all() -> None:
    here, there = make_connection(label="Hier"), make_connection(label="Daar")
    for connection in (here, there):
        for _number in range(2):
            make_company(connection, name=f"Bouw {connection}", email=f"info@{connection}.example".lower())
    client = sign_in(make_staff())
    assert "Bouw Daar" in client.get("/jobs/duplicates/").content.decode()
    client.post("/account/", {"account": str(here.pk)})
    html = client.get("/jobs/duplicates/").content.decode()
    assert "Bouw Hier" in html
    assert "Bouw Daar" not in html


def test_who_may_not_merge_may_look() -> None:
    make_connection()
    for _number in range(2):
        make_company(name="Bouw", coc_number="12345678")
    viewer = sign_in(make_member("Viewer", "vic"))
    html = viewer.get("/jobs/duplicates/").content.decode()
    assert "The same chamber of commerce number" in html
    assert 'name="bulk"' not in html
    assert sign_in(make_staff("none", is_superuser=False)).get("/jobs/duplicates/").status_code == 403


def test_there_may_be_none() -> None:
    make_connection()
    assert "No duplicates" in sign_in(make_staff()).get("/jobs/duplicates/?page=x").content.decode()


def test_companies_that_differ_are_dismissed_and_come_back() -> None:
    make_connection()
    keys = [make_company(name="Bouw").pk for _number in range(3)]
    client = sign_in(make_member("Seller", "sanne"))
    client.post("/jobs/duplicates/dismiss/", {"_selected_action": keys})
    assert "No duplicates" in client.get("/jobs/duplicates/").content.decode()
    page = client.get("/jobs/duplicates/?show=dismissed")
    pairs = page.context["pairs"]
    assert len(pairs) == 3
    assert "dismissed by" in page.content.decode()
    client.post("/jobs/duplicates/restore/", {"pair": pairs[0].pk})
    (group,) = client.get("/jobs/duplicates/").context["groups"]
    assert {company.pk for company, _told in group.companies} == {pairs[0].first_id, pairs[0].second_id}


def test_what_can_not_be_dismissed_is_left_as_it_was() -> None:
    here, there = make_connection(), make_connection()
    one, other = make_company(here, name="Bouw"), make_company(there, name="Bouw")
    client = sign_in(make_staff())
    for keys in ([], [one.pk], [one.pk, one.pk], [one.pk, other.pk], [one.pk, "x"], ["9" * 30]):
        page = client.post("/jobs/duplicates/dismiss/", {"_selected_action": keys}, follow=True)
        assert "Nothing was dismissed" in page.content.decode()
    for pair in ("", "x", "0", "9" * 30):
        client.post("/jobs/duplicates/restore/", {"pair": pair})
    assert not DismissedPair.objects.exists()
    viewer = sign_in(make_member("Viewer", "vic"))
    for name in ("dismiss", "restore"):
        assert viewer.post(f"/jobs/duplicates/{name}/", {"_selected_action": [one.pk]}).status_code == 403


def test_the_most_likely_come_first_and_why_is_said() -> None:
    make_connection()
    for number in range(2):
        make_company(name="Zwak", zipcode=f"100{number} AA")
    for _number in range(2):
        make_company(name="Sterk", vat_number="NL001234567B01")
    html = sign_in(make_staff()).get("/jobs/duplicates/").content.decode()
    assert html.index("Very likely") < html.index("Possible")
    assert "But they have different zip codes." in html
