"""Who the customers of other systems are in Offorte: what speaks for it, how much, and who decides."""

from collections.abc import Callable
from typing import Any

import pytest

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import deciding, matching
from offorte_portal.other_systems.marks import company_marks
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import run_import
from tests.support.factories import make_company, make_connection, make_person, make_staff

pytestmark = pytest.mark.django_db

Kind, State = PartyMatch.Kind, PartyMatch.State


@pytest.fixture
def source() -> Source:
    return Source.objects.create(system="cirrus", label="Cirrus", base_url="https://c.example", secret="hush-hush")


def customer(source: Source, name: str = "Nordvik Bygg AB", **details: Any) -> PartyMatch:
    return PartyMatch.objects.create(
        source=source, kind=Kind.COMPANY, key=name, name=name, details={"name": name} | details
    )


def proposed(source: Source, match: PartyMatch) -> tuple[str, int | None, int, list[str]]:
    matching.propose(source)
    match.refresh_from_db()
    return match.state, match.remote_id, match.confidence, match.evidence


@pytest.mark.parametrize(
    ("there", "here", "confidence", "evidence"),
    [
        ({"vat_number": "SE 5560-12.3456"}, {"vat_number": "SE5560123456"}, 95, ["vat_number"]),
        ({"coc_number": "12345678"}, {"coc_number": "12 34 56 78"}, 94, ["coc_number"]),
        ({"email": "Info@Nordvik.example"}, {"email": "info@nordvik.example"}, 90, ["email", "domain"]),
        ({"website": "https://www.nordvik.example/a"}, {"internet": "nordvik.example"}, 72, ["domain"]),
        ({"email": "jan@nordvik.example"}, {"internet": "www.nordvik.example"}, 72, ["domain"]),
        ({"email": "jan@gmail.com"}, {"email": "piet@gmail.com"}, 0, []),
        ({"zipcode": "4811 AA"}, {"zipcode": "4811AA"}, 0, []),
    ],
)
def test_what_speaks_for_it(
    source: Source, there: dict[str, Any], here: dict[str, Any], confidence: int, evidence: list[str]
) -> None:
    company = make_company(name="Something else", **here)
    state, remote_id, told, agreed = proposed(source, customer(source, **there))
    if not confidence:
        assert (state, remote_id) == (State.OPEN, None)
        return
    assert (state, remote_id, told, agreed) == (State.PROPOSED, company.remote_id, confidence, evidence)


def test_a_name_without_its_legal_form_and_more_that_agrees(source: Source) -> None:
    make_company(name="Nordvik Bygg", zipcode="411 01", vat_number="SE1")
    assert proposed(source, customer(source, zipcode="41101"))[2:] == (75, ["name", "zipcode"])
    assert company_marks({"name": None, "email": None}) == {}


def test_another_vat_number_speaks_against_a_name(source: Source) -> None:
    make_company(name="Nordvik Bygg", vat_number="SE222")
    assert proposed(source, customer(source, vat_number="SE111"))[0] == State.OPEN


def test_the_best_of_several_is_proposed_and_all_are_offered(source: Source) -> None:
    by_name = make_company(name="Nordvik Bygg")
    by_vat = make_company(name="Other", vat_number="SE1")
    make_company(name="Nordvik Bygg", removed_at=by_name.as_of)
    match = customer(source, vat_number="SE1")
    assert proposed(source, match)[1] == by_vat.remote_id
    assert [(one.row, one.confidence) for one in matching.candidates(match)] == [(by_vat, 95), (by_name, 70)]


def test_only_the_account_that_is_chosen_is_looked_in(source: Source) -> None:
    elsewhere, target = make_connection(), make_connection()
    make_company(elsewhere, name="Nordvik Bygg")
    source.target = target
    source.save()
    match = customer(source)
    assert proposed(source, match)[0] == State.OPEN
    here = make_company(target, name="Nordvik Bygg")
    assert proposed(source, match)[1] == here.remote_id
    assert matching.matched_row(match) == here
    assert matching.matched_row(customer(source, "Nobody")) is None


def test_people_by_address_and_by_name_within_their_company(source: Source) -> None:
    company = make_company(name="Nordvik Bygg")
    sanne = make_person(company=company, company_remote_id=company.remote_id, fullname="Sanne Kok", email="s@x.example")
    make_person(fullname="Sanne Kok", email="other@y.example")
    match = customer(source)

    def person(key: str, **details: str) -> PartyMatch:
        return PartyMatch.objects.create(source=source, kind=Kind.PERSON, key=key, company=match, details=details)

    by_address = person("1", name="S. Kok", email="S@X.example")
    by_name = person("2", name="Sanne Kok", email="")
    nobody = person("3", name="Bram Bos", email="b@z.example")
    matching.propose(source)
    for one in (by_address, by_name, nobody):
        one.refresh_from_db()
    assert (by_address.remote_id, by_address.confidence) == (sanne.remote_id, 90)
    assert (by_name.remote_id, by_name.evidence) == (sanne.remote_id, ["fullname", "company"])
    assert nobody.state == State.OPEN
    assert matching.candidates(by_name)[0].row == sanne


def test_what_a_person_decided_stays(source: Source) -> None:
    right, wrong = make_company(name="Right"), make_company(name="Nordvik Bygg")
    staff = make_staff()
    match = customer(source)
    assert proposed(source, match)[1] == wrong.remote_id
    deciding.confirm(match, right, by=staff)
    assert proposed(source, match)[:2] == (State.CONFIRMED, right.remote_id)
    assert (match.decided_by, match.is_decided) == (staff, True)
    deciding.reopen(match)
    assert (match.state, match.remote_id, match.decided_by) == (State.PROPOSED, wrong.remote_id, None)
    deciding.mark_new(match, by=staff)
    assert proposed(source, match)[:2] == (State.NEW, None)


def test_only_what_is_nearly_certain_is_confirmed_together(source: Source) -> None:
    make_company(name="Sure", vat_number="SE1")
    make_company(name="Nordvik Bygg")
    sure, unsure = customer(source, "A", vat_number="SE1"), customer(source, "Nordvik Bygg")
    matching.propose(source)
    assert deciding.confirm_certain(Kind.COMPANY, by=make_staff()) == 1
    sure.refresh_from_db()
    unsure.refresh_from_db()
    assert (sure.state, unsure.state) == (State.CONFIRMED, State.PROPOSED)


def test_an_import_proposes(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    make_company(name="Whatever", vat_number="SE000000000310")
    source = add_source("cirrus", target=Connection.objects.get())
    run_import(source)
    assert source.matches.get(kind=Kind.COMPANY, key="310").state == State.PROPOSED
    assert Company.objects.count() == 1
    assert not Person.objects.exists()
