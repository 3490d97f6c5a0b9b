"""What a merge offers to keep, and what it says that moves."""

import pytest

from contacts import merging
from offorte_portal.api.drafts import CompanyDraft
from tests.support.factories import make_company, make_connection, make_person

pytestmark = pytest.mark.django_db


def test_every_field_that_offorte_takes_is_compared() -> None:
    assert set(merging.FIELDS) == set(CompanyDraft.__annotations__)


def test_fields_that_differ_begin_with_the_one_that_stays() -> None:
    make_connection()
    keeper = make_company(name="A", email="a@x.nl", city=" Breda", phone="")
    others = [make_company(name="A", email="b@x.nl", city="Breda ", phone="1"), make_company(name="A", email="b@x.nl")]
    values = merging.differing(keeper, others)
    assert {name: [value.text for value in found] for name, found in values.items()} == {
        "email": ["a@x.nl", "b@x.nl"], "phone": ["", "1"],
    }  # fmt: skip
    assert merging.suggest(values["email"]).company == keeper
    assert merging.suggest(values["phone"]).company == others[0], "unless it has none"


def test_people_who_are_there_already_are_not_created() -> None:
    make_connection()
    keeper, other = make_company(name="A"), make_company(name="B")
    make_person(company=keeper, email="jan@x.nl")
    for email in ("Jan@x.nl ", "piet@x.nl", "piet@x.nl"):
        make_person(company=other, email=email)
    assert merging.count_moves(keeper, [other]) == (1, 2)
