"""The options of bulk actions, and what becomes of each row before anything happens."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from proposals.models import Proposal, TextTemplate
from tests.support.bulk import open_confirm
from tests.support.factories import (
    AS_OF,
    make_account_user,
    make_company,
    make_connection,
    make_design_template,
    make_directory,
    make_person,
    make_product,
    make_proposal,
    make_vat_group,
)

pytestmark = pytest.mark.django_db


def cells(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def products(account: Connection) -> list[Product]:
    known = [make_product(name=f"Balk {number:02}", price=Decimal("10.37") + number) for number in range(60)]
    return [*known, make_product(name="=Zonder prijs")]


REPRICE = {"percent": "3,5", "amount": "", "rounding": "0.05", "direction": "nearest", "vat_group": ""}


def test_prices_are_shown_old_and_new_by_page(client: Client, products: list[Product]) -> None:
    page = open_confirm(client, "products.reprice", Product)
    html = page.preview(**REPRICE)
    assert re.search(r"10\.37.*?10\.75", html, re.DOTALL)
    assert "The price is unknown." in html
    assert "Reprice: 60 products" in html
    assert "Balk 55" not in html
    html = page.post(page="2", **REPRICE).content.decode()
    assert "Balk 55" in html
    assert "Balk 01" not in html


def test_prices_can_be_taken_along_before_anything_happens(client: Client, products: list[Product]) -> None:
    page = open_confirm(client, "products.reprice", Product)
    rows = cells(page.post(csv="1", **REPRICE))
    assert len(rows) == 62
    assert ["Balk 00", "De Vries", "Price", "10.37", "10.75", ""] in rows
    assert ["'=Zonder prijs", "De Vries", "", "", "", "The price is unknown."] in rows
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"percent": "veel"}, "This isn’t a percentage."),
        ({"percent": "-101"}, "Enter -100 or more."),
        ({"rounding": "7"}, "Select a valid choice."),
        ({"vat_group": "999"}, "Select a valid choice."),
    ],
)
def test_options_that_make_no_sense_are_asked_again(
    client: Client, products: list[Product], options: dict[str, str], error: str
) -> None:
    page = open_confirm(client, "products.reprice", products[:2])
    html = page.preview(**REPRICE | options)
    assert error in html
    assert "What will change" not in html


def test_choices_are_those_of_the_accounts_of_the_selection(client: Client, opened: list[Proposal]) -> None:
    sanne = make_account_user(firstname="Sanne", lastname="Hier")
    other = make_connection(label="Zuid")
    make_account_user(other, firstname="Piet", lastname="Daar")
    html = open_confirm(client, "proposals.set_owner", opened).html
    assert "Sanne Hier" in html
    assert "Piet Daar" not in html
    html = open_confirm(client, "proposals.set_owner", [*opened, make_proposal(other)]).html
    assert "Sanne Hier (De Vries)" in html
    assert "Piet Daar (Zuid)" in html
    page = open_confirm(client, "proposals.set_owner", opened)
    assert page.start(owner=sanne.pk).options["owner"] == sanne.pk


def test_a_company_is_found_by_words(client: Client, account: Connection) -> None:
    old = make_company(name="Oud")
    person = make_person(company=old, company_remote_id=old.remote_id)
    first, _second = make_company(name="Bakkerij Jansen"), make_company(name="Bakkerij Pietersen")
    page = open_confirm(client, "people.move", [person])
    assert "Enter a company name" in page.preview(words="", proposals="move")
    assert "No companies match" in page.preview(words="zzzz", proposals="move")
    html = page.preview(words="bakkerij", proposals="move")
    assert "Choose one of these." in html
    assert "Bakkerij Pietersen" in html
    assert page.start(words="bakkerij", company=first.pk, proposals="leave").options["company"] == first.pk
    again = open_confirm(client, "people.move", [make_person(company=first, company_remote_id=first.remote_id)])
    assert again.start(words="oud", proposals="move").options["company"] == person.company_id


def test_fields_are_changed_or_emptied(client: Client, account: Connection) -> None:
    company = make_company(name="De Vries", phone="1", city="Breda")
    page = open_confirm(client, "companies.set_fields", [company])
    html = page.preview(new_city="Tilburg", empty=["phone"])
    assert re.search(r"Breda.*?Tilburg", html, re.DOTALL)
    assert page.start(new_city="Tilburg", empty=["phone"]).options == {"fields": {"city": "Tilburg", "phone": ""}}


def test_the_company_that_remains_is_chosen(client: Client, account: Connection) -> None:
    keeps, goes = make_company(name="De Vries"), make_company(name="De Vries BV")
    make_proposal(name="Verbouwing", company=goes, company_remote_id=goes.remote_id)
    page = open_confirm(client, "companies.merge", [keeps, goes])
    assert "1 proposal" in page.html
    html = page.preview(survivor=keeps.pk)
    assert "Verbouwing" in html
    assert "Deleting them is permanent" in html
    assert page.start(survivor=keeps.pk).options["survivor"] == keeps.pk


def test_contacts_are_chosen_while_proposals_are_few(client: Client, account: Connection) -> None:
    company = make_company()
    person = make_person(company=company, company_remote_id=company.remote_id, fullname="Sanne")
    some = [make_proposal(company=company, company_remote_id=company.remote_id) for _ in range(2)]
    page = open_confirm(client, "proposals.set_contacts", some)
    assert "Sanne" in page.html
    job = page.start(who="chosen", people=[person.pk])
    assert job.options == {"who": "chosen", "people": [person.pk]}
    many = [*some, *(make_proposal(company=company) for _ in range(50))]
    assert "Sanne" not in open_confirm(client, "proposals.set_contacts", many).html


def test_other_actions_take_their_options(client: Client, account: Connection) -> None:
    group = make_vat_group(name="Hoog", vat=21)
    product = make_product(price=Decimal(5), is_optional=False)
    page = open_confirm(client, "products.set_vat_group", [product])
    assert "Hoog (21%)" in page.html
    assert page.start(vat_group=group.pk).options["vat_group"] == group.pk
    page = open_confirm(client, "products.set_optional", [make_product(is_optional=False)])
    assert page.start(is_optional="yes").options["is_optional"] is True


def test_templates_directories_and_the_fate_of_people_are_chosen(client: Client, account: Connection) -> None:
    design, text = (
        make_design_template(name="Magazine"),
        TextTemplate.objects.create(connection=account, remote_id=1, as_of=AS_OF, name="Lang"),
    )
    proposal = make_proposal()
    assert open_confirm(client, "proposals.set_design", [proposal]).start(template=design.pk).size == 1
    assert open_confirm(client, "proposals.set_text", [make_proposal()]).start(template=text.pk).size == 1
    shed = make_directory(name="Schuur")
    moved = open_confirm(client, "products.move", [make_product()]).start(directory=shed.pk)
    assert moved.options["directory"] == shed.pk
    goes, takes = make_company(name="Weg"), make_company(name="Bakkerij")
    page = open_confirm(client, "companies.delete", [goes])
    assert "Enter a company name" in page.preview(people="move", words="")
    assert page.start(people="move", words="bakkerij").options["company"] == takes.pk
