"""The companies that a file of people names: found in any spelling, offered where close, created on request."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from tests.files.imports.conftest import MakeUpload, outcomes, row_of
from tests.files.imports.storing import examine
from tests.support.factories import make_company, make_staff

pytestmark = pytest.mark.django_db
HEADER = ["Naam", "E-mail", "Bedrijf"]


@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        ("Bakkerij De Zon BV", "Bakkerij De Zon B.V."),
        ("Bakkerij De Zon BV", "bakkerij de zon"),
        ("ÖZGÜR BOUW", "Oezguer Bouw"),
        ("Café de Zwaan", "Cafe  de Zwaan"),
        ("Jansen & Zn.", "Jansen en Zn"),
    ],
)
def test_a_company_is_found_in_any_spelling(
    connection: Connection, upload: MakeUpload, theirs: str, named: str
) -> None:
    company = make_company(connection, name=theirs)
    make_company(connection, name="Iets anders")
    made = upload("people", [HEADER, ["Eva Smit", "eva@x.example", named]])
    assert outcomes(made) == ["new"]
    assert row_of(made, 2).parent_remote_id == company.remote_id


def test_a_name_that_is_only_close_is_offered_and_taken_when_chosen(
    connection: Connection, upload: MakeUpload, boss: User, client: Client
) -> None:
    company = make_company(connection, name="Bakkerij De Zon")
    made = upload(
        "people", [HEADER, ["Eva Smit", "eva@x.example", "Bakerij de Zon"], ["Jan", "jan@x.example", "Heel anders"]]
    )
    assert outcomes(made) == ["problem", "problem"]
    assert "Choose on this page" in put_into_words(row_of(made, 2).problem)
    client.force_login(boss)
    page = client.get(reverse("upload_review", args=[made.pk])).content.decode()
    assert "“Bakerij de Zon”, 1 row" in page
    assert "Use “Bakkerij De Zon”" in page
    client.post(reverse("upload_review", args=[made.pk]), {"known": "update", "company_0": company.remote_id})
    made.refresh_from_db()
    examine(made)
    assert outcomes(made) == ["new", "problem"]
    assert row_of(made, 2).parent_remote_id == company.remote_id
    assert "is matched to “Bakkerij De Zon”" in put_into_words(row_of(made, 2).hint)


def test_a_close_name_is_not_created_with_the_others(connection: Connection, upload: MakeUpload) -> None:
    make_company(connection, name="Bakkerij De Zon")
    made = upload(
        "people", [HEADER, ["Eva", "eva@x.example", "Bakerij de Zon"], ["Jan", "jan@x.example", "Heel anders"]]
    )
    made.options |= {"creates": True}
    examine(made)
    assert outcomes(made) == ["problem", "new"]
    assert "will be created first" in put_into_words(row_of(made, 3).hint)


def test_who_may_not_create_companies_is_not_offered_it(connection: Connection, upload: MakeUpload) -> None:
    seller = make_staff("seller", is_superuser=False)
    seller.user_permissions.add(Permission.objects.get(codename="add_person"))
    made = upload("people", [HEADER, ["Jan", "jan@x.example", "Heel anders"]], by=seller)
    client = Client()
    client.force_login(seller)
    page = client.get(reverse("upload_review", args=[made.pk])).content.decode()
    assert "Heel anders" in page
    assert "Create this company" not in page
    client.post(reverse("upload_review", args=[made.pk]), {"known": "skip", "company_0": "create", "creates": "on"})
    made.refresh_from_db()
    assert "creates" not in made.options
    assert not made.options.get("companies")
