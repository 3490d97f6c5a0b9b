"""Team notes follow the companies and people that they are about, wherever a bulk action puts those."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from contacts import followers
from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.tracking import notes
from offorte_portal.tracking.models import Note
from tests.jobs.conftest import Start, work_off
from tests.support.factories import make_company, make_person, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pim() -> User:
    return make_staff("pim")


@pytest.fixture
def account(simulator: Simulator, connect: Any) -> Connection:
    connection: Connection = connect()
    return connection


def company_at(simulator: Simulator, account: Connection, name: str) -> Company:
    made = simulator.account("bouw").create_company(name=name)
    return make_company(account, remote_id=made["id"], name=name)


def person_at(simulator: Simulator, company: Company, name: str, email: str) -> Person:
    made = simulator.account("bouw").create_person(company.remote_id, fullname=name, email=email)
    links = {"company": company, "company_remote_id": company.remote_id}
    return make_person(company.connection, remote_id=made["id"], fullname=name, email=email, **links)


def write(row: Any, text: str, by: User) -> None:
    notes.add(row, text, by=by, key=uuid.uuid4())


def subjects() -> dict[str, str]:
    """What each note is about."""
    return {note.text: str(note.subject) for note in Note.objects.select_related("company", "person", "proposal")}


def test_a_merge_brings_them_to_the_one_that_stays(
    simulator: Simulator, account: Connection, start: Start, pim: User
) -> None:
    stays, goes = (company_at(simulator, account, name) for name in ("De Vries BV", "de vries"))
    jan, old_jan = (person_at(simulator, company, "Jan", "jan@vries.nl") for company in (stays, goes))
    piet = person_at(simulator, goes, "Piet", "piet@vries.nl")
    for row, text in ((goes, "company"), (old_jan, "jan"), (piet, "piet"), (stays, "kept")):
        write(row, text, pim)
    job = work_off(start("companies.merge", [goes, stays], {"survivor": stays}))
    assert job.state == Job.State.DONE
    assert subjects() == {"company": "De Vries BV", "kept": "De Vries BV", "jan": "Jan", "piet": "Piet"}
    assert Note.objects.get(text="jan").person == jan
    moved = Note.objects.get(text="piet").person
    assert moved
    assert (moved.company, moved.removed_at) == (stays, None)
    assert moved != piet


def test_a_person_who_moves_takes_them_along(
    simulator: Simulator, account: Connection, start: Start, pim: User
) -> None:
    first, second = (company_at(simulator, account, name) for name in ("Eerst", "Daarna"))
    person = person_at(simulator, first, "Piet", "piet@vries.nl")
    write(person, "note", pim)
    work_off(start("people.move", [person], {"company": second}))
    moved = Note.objects.get().person
    assert moved
    assert (moved.company, moved.removed_at) == (second, None)


def test_they_stay_with_what_is_only_deleted(
    simulator: Simulator, account: Connection, start: Start, pim: User
) -> None:
    company = company_at(simulator, account, "Weg")
    write(company, "note", pim)
    work_off(start("companies.delete", [company]))
    company.refresh_from_db()
    assert company.removed_at
    assert Note.objects.get().company == company


def test_a_rebuild_moves_what_was_missed(simulator: Simulator, account: Connection, start: Start, pim: User) -> None:
    stays, goes = (company_at(simulator, account, name) for name in ("De Vries BV", "de vries"))
    work_off(start("companies.merge", [goes, stays], {"survivor": stays}))
    write(goes, "late", pim)
    assert followers.rebuild(account.pk, 0) is None
    assert Note.objects.get().company == stays
