"""Words in braces: filled in where they are known, told of where not."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from offorte_portal.compose import placeholders
from proposals.models import ProposalTemplate
from tests.compose.drafting import make_draft
from tests.support.factories import (
    AS_OF,
    make_account_user,
    make_company,
    make_connection,
    make_person,
    make_proposal,
    make_staff,
)

VALUES = {"a": "one", "b": " "}


def test_what_is_known_is_filled_in_and_the_rest_left() -> None:
    assert placeholders.fill("{a} {b}{c} {} {A} {a b}", {**VALUES, "aa": ""}) == "{a} {b}{c} {} {A} {a b}"
    assert placeholders.fill("{company_name}: {x_y}", {"company_name": "De Vries"}) == "De Vries: {x_y}"


def test_holes_and_unknown_words_are_named_once() -> None:
    text = "{first_name} {first_name} {last_name} {nick_name}"
    values = {"first_name": " ", "last_name": "Kok"}
    assert placeholders.find_empty(text, values) == ["first_name"]
    assert placeholders.find_unknown(text, values) == ["nick_name"]


@pytest.mark.django_db
def test_a_receiver_has_names_and_a_company() -> None:
    company = make_company(name="De Vries")
    person = make_person(company=company, firstname="Sanne", fullname="Sanne Kok")
    values = placeholders.values_for(person, make_proposal(name="Dak"))
    assert (
        placeholders.fill("{company_people_firstname} {company_name} {proposal_name}", values) == "Sanne De Vries Dak"
    )
    assert set(placeholders.OFFERED) <= values.keys()
    alone = placeholders.values_for(make_person(), make_proposal())
    assert placeholders.find_empty("{company_name}", alone) == ["company_name"]


@pytest.mark.django_db
def test_a_draft_has_a_company_a_template_an_owner_and_a_day() -> None:
    connection = make_connection()
    template = ProposalTemplate.objects.create(connection=connection, remote_id=3, name="Basis", as_of=AS_OF)
    draft = make_draft(
        connection,
        make_staff(),
        company_remote_id=make_company(connection, name="De Vries").remote_id,
        proposal_template_remote_id=template.remote_id,
        owner_remote_id=make_account_user(connection).remote_id,
    )
    values = placeholders.name_values(draft)
    today = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    assert values == {"company": "De Vries", "template": "Basis", "owner": "Pim Kok", "date": today}
    draft.company_remote_id = 999_999
    assert placeholders.name_values(draft)["company"] == ""
