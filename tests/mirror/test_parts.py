"""What can't be read of an object's parts is a warning on run and record, until something else is told of them."""

from datetime import timedelta

import pytest

from contacts.mirror import COMPANIES
from contacts.models import Company, Person
from offorte_portal.mirror.engine import apply_list, apply_object
from proposals.mirror import PROPOSALS
from proposals.models import Proposal
from tests.mirror.details import COMMENT, ITEM, NOW, PRICE, TABLE, answer, apply, told
from tests.support import warnings

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)
TABLES = [TABLE | {"rows": [PRICE]}, TABLE | {"id": "two", "rows": [PRICE, {**PRICE, "price": "?"}]}]
ODD = answer(comments=[{**COMMENT, "date": "soon"}], content={"pricetables": TABLES})
WARNINGS = [
    "content.pricetables[1].rows[1].price: can’t read '?' as an amount",
    "comments[0].date: can’t read 'soon' as a date",
]
ANNA = {"id": 1, "company_id": 7, "fullname": "Anna"}


def test_warnings_of_parts_say_where_they_are_on_record_and_run(account: int) -> None:
    assert apply(account, ODD) == WARNINGS
    assert warnings.read(Proposal.objects.get().warnings) == WARNINGS


def test_they_stay_as_long_as_nothing_tells_of_the_parts(account: int) -> None:
    apply(account, ODD)
    applied = apply_list(account, PROPOSALS, [{**ITEM, "name": "New"}], as_of=LATER, bucket="open")
    assert (warnings.read(Proposal.objects.get().warnings), applied.warnings) == (WARNINGS, [])
    apply_object(account, PROPOSALS, 1, {"id": 1, "comments": [COMMENT]}, as_of=LATER)
    assert warnings.read(Proposal.objects.get().warnings) == WARNINGS[:1]
    apply(account, answer(), minutes=2)
    assert Proposal.objects.get().warnings == []


def test_a_person_without_an_id_is_a_warning_on_the_company(account: int) -> None:
    raw = {"id": 7, "name": "Bakker", "people": [ANNA, {"fullname": "Bram"}]}
    applied = apply_list(account, COMPANIES, [raw], as_of=NOW)
    warning = "people[1] has no ID and was skipped."
    assert [(warning.resource, warning.remote_id) for warning in applied.warnings] == [("companies", 7)]
    assert told(applied) == [warning]
    assert warnings.read(Company.objects.get().warnings) == [warning]
    apply_object(account, COMPANIES, 7, {"id": 7, "name": "Bakker BV"}, as_of=LATER)
    assert warnings.read(Company.objects.get().warnings) == [warning]
    apply_list(account, COMPANIES, [{**raw, "people": [ANNA]}], as_of=LATER)
    assert Company.objects.get().warnings == []


@pytest.mark.parametrize("people", [None, "text", {}])
def test_a_list_item_without_people_keeps_them_with_a_warning(account: int, people: object) -> None:
    raw = {"id": 7, "name": "Bakker", "people": [ANNA]}
    apply_list(account, COMPANIES, [raw], as_of=NOW)
    applied = apply_list(account, COMPANIES, [{"id": 7, "name": "Bakker BV", "people": people}], as_of=LATER)
    company = Company.objects.get()
    assert told(applied) == warnings.read(company.warnings) == ["omitted:people"]
    assert (company.name, company.payload["people"], "anna" in company.search_text) == ("Bakker BV", [ANNA], True)
    apply_list(account, COMPANIES, [raw], as_of=LATER)
    assert Company.objects.get().warnings == []


def test_what_a_company_leaves_out_is_no_warning_of_its_people(account: int) -> None:
    apply_object(account, COMPANIES, 7, {"id": 7, "name": None, "people": [ANNA]}, as_of=NOW, details_for="")
    assert (warnings.read(Company.objects.get().warnings), Person.objects.get().warnings) == (["omitted:name"], [])
