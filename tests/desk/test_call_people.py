"""The call list: whom of a company to call, and at which number."""

import pytest
from django.contrib.auth.models import User

from offorte_portal.desk.calls import reading
from tests.desk.calling import ask, mine, receive, silent
from tests.support.factories import make_company, make_person

pytestmark = pytest.mark.django_db


def test_the_person_is_who_was_there_last(seller: User) -> None:
    company = make_company(phone="020 123 45 67")
    make_person(company=company, fullname="Piet Bos", email="piet@bos.nl", mobile="06-12345678")
    proposal = silent(company=company)
    receive(proposal, ("Jan Bos", "jan@bos.nl"), ("Piet Bos", "piet@bos.nl"))
    ask(proposal, kind="viewed", person="Piet Bos", is_client=True)
    (call,) = reading.read(mine(seller)).calls
    assert (call.contact.name, call.contact.email, call.contact.dialled) == ("Piet Bos", "piet@bos.nl", "+31612345678")
    assert not call.contact.phone_of_company


def test_a_person_without_a_phone_is_called_at_the_company_which_is_said(seller: User) -> None:
    proposal = silent(company=make_company(phone="020 123 45 67"))
    receive(proposal, ("Jan Bos", "jan@bos.nl"))
    (call,) = reading.read(mine(seller)).calls
    assert (call.contact.name, call.contact.dialled, call.contact.phone_of_company) == ("Jan Bos", "+31201234567", True)


def test_without_any_number_there_is_nothing_to_dial(seller: User) -> None:
    receive(silent(company=make_company(phone="ask reception")), ("Jan Bos", "jan@bos.nl"))
    (call,) = reading.read(mine(seller)).calls
    assert (call.contact.phone, call.contact.dialled, call.contact.email) == ("ask reception", "", "jan@bos.nl")
