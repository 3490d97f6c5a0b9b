"""Who the people of quotes are: a person is who has that name and address at that company."""

import json
import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from contacts.models import Person
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import deciding, matching
from offorte_portal.other_systems.copy_plan import Choice
from offorte_portal.other_systems.copying import start
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.writes.models import Operation
from tests.other_systems.conftest import run_import
from tests.other_systems.systems.conftest import sample
from tests.support.factories import make_company, make_connection, make_person, make_staff

pytestmark = pytest.mark.django_db
State = PartyMatch.State


def people(quote: ImportedQuote) -> list[tuple[str, str]]:
    return [(person.name, person.details["email"]) for person in quote.people.all()]


@pytest.fixture
def workspace(add_source: Callable[..., Source], other: SourceSimulator) -> Source:
    """The four quotations of the samples, two of them for addressees of one company."""
    listed = sample("workspace/quotations_list")["response"]["data"]["Quotations"]
    other.workspace.quotations = [entry["Quotation"] for entry in json.loads(json.dumps(listed, default=str))]
    other.workspace.contacts["522"]["email"] = "info@dewit.example"
    source = add_source("workspace")
    run_import(source)
    return source


def test_two_addressees_at_one_company_are_two_people(workspace: Source) -> None:
    quotes = {quote.external_id: people(quote) for quote in workspace.quotes.all()}
    assert quotes == {
        "53": [],
        "212": [],
        "213": [("Mevr. De Wit", "info@dewit.example")],
        "214": [("Dhr. Bos", "info@dewit.example")],
    }
    assert workspace.matches.filter(kind="person").count() == 2


def test_one_person_in_five_offers_is_one(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    names = ["Klara Muster", "klara muster", "KLARA  MUSTER", "Klara Muster ", "Klara Muster"]
    for number, (offer, name) in enumerate(zip(other.fynn.offers[:20:4], names, strict=True)):
        offer["recipients"] = [
            {"id": f"R{number}", "firstName": name.split()[0], "lastName": name.split()[1], "email": "Klara@x.example"}
        ]
    other.fynn.offers[20]["recipients"] = [
        {"id": "R9", "firstName": "Otto", "lastName": "M", "email": "klara@x.example"}
    ]
    source = add_source("fynn")
    run_import(source)
    assert source.matches.filter(kind="person", details__email__iexact="klara@x.example").count() == 2
    named = [person for quote in source.quotes.all() for person in quote.people.filter(name__istartswith="klara")]
    klara = {person.pk for person in named if person.details["email"] == "Klara@x.example"}
    assert len(klara) == 1


def test_the_same_name_and_address_elsewhere_is_another(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    for offer in other.fynn.offers:
        offer["recipients"] = [{"id": offer["id"], "firstName": "Klara", "lastName": "Muster", "email": "k@x.example"}]
    source = add_source("fynn")
    run_import(source)
    assert source.matches.filter(kind="person").count() == source.matches.filter(kind="company").count() == 4


def test_two_ids_of_one_person_and_an_id_whose_address_changes(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    for number, quote in enumerate(other.cirrus.quotes[:8:4]):
        quote["contact"] = quote["contact"] | {
            "id": 900 + number,
            "name": "Maria",
            "surname": "Ek",
            "email": "m@x.example",
        }
    source = add_source("cirrus")
    run_import(source)
    maria = source.matches.get(kind="person", name="Maria Ek", details__email="m@x.example")
    deciding.mark_new(maria, by=make_staff())
    for quote in other.cirrus.quotes[:8:4]:
        quote["contact"] = quote["contact"] | {"id": 900, "email": "new@x.example"}
    run_import(source)
    maria.refresh_from_db()
    assert (maria.state, maria.details["email"]) == (State.NEW, "new@x.example")


def test_those_whom_no_quote_names_any_more_go_unless_decided_on(workspace: Source, other: SourceSimulator) -> None:
    deciding.mark_new(workspace.matches.get(name="Dhr. Bos"), by=make_staff())
    for quotation in other.workspace.quotations:
        quotation["contact_attention"] = ""
    run_import(workspace)
    assert [match.name for match in workspace.matches.filter(kind="person")] == ["Dhr. Bos"]


def test_who_was_decided_on_by_an_earlier_version_stays_known(workspace: Source, other: SourceSimulator) -> None:
    bos = workspace.matches.get(name="Dhr. Bos")
    deciding.mark_new(bos, by=make_staff())
    PartyMatch.objects.update(identity="")
    PartyMatch.objects.filter(pk=bos.pk).update(key="info@dewit.example")
    migration = import_module("offorte_portal.other_systems.migrations.0004_identify_people")
    migration.identify(apps, connection.schema_editor())
    ImportedQuote.objects.update(mapped_from="of an earlier version")
    run_import(workspace)
    assert workspace.matches.get(name="Dhr. Bos").pk == bos.pk
    assert workspace.matches.filter(kind="person").count() == 2


def test_colleagues_who_share_an_address_are_not_proposed(workspace: Source) -> None:
    company = make_company(name="Schilders De Wit")
    make_person(company=company, company_remote_id=company.remote_id, fullname="Jan Bos", email="info@dewit.example")
    workspace.matches.filter(kind="company", key="522").update(
        state=State.CONFIRMED, connection=company.connection_id, remote_id=company.remote_id
    )
    matching.propose(workspace)
    assert workspace.matches.get(name="Dhr. Bos").state == State.PROPOSED
    assert workspace.matches.get(name="Mevr. De Wit").state == State.OPEN


def test_the_account_of_the_contact_is_the_customer(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source("administrate")
    run_import(source)
    quote = source.quotes.get(external_id="3")
    assert quote.company is not None
    assert (quote.company.key, quote.company.details["city"]) == ("7", "Leeds")
    assert not {"customer_is_seller", "customer_unread"} & {note["code"] for note in quote.notes}


class TestCopies:
    @pytest.fixture
    def account(self, workspace: Source) -> Connection:
        return make_connection("bouw")

    def copy(self, source: Source, account: Connection, *numbers: str) -> dict[str, list[Any]]:
        """The contacts of the proposals that are made of these quotations."""
        choice = Choice(account, "pricetable1", "EUR", 21, makes_unknown_customers=True)  # type: ignore[arg-type]
        ImportedQuote.objects.update(has_blocking_notes=False)
        quotes = {quote.external_id: quote for quote in source.quotes.all()}
        start([quotes[number].pk for number in numbers], choice, by=make_staff(), key=uuid.uuid4())
        found = source.quotes.filter(external_id__in=numbers).select_related("created_with")
        return {
            quote.external_id: quote.created_with.draft.get("company_contacts", []) if quote.created_with else []
            for quote in found
        }

    def test_each_addressee_is_made(self, workspace: Source, account: Connection) -> None:
        contacts = self.copy(workspace, account, "53", "213", "214")
        made = dict(Operation.objects.filter(target="people").values_list("pk", "label"))
        named = {key: [made[one["operation"]] for one in some] for key, some in contacts.items()}
        assert named == {"53": [], "213": ["Mevr. De Wit"], "214": ["Dhr. Bos"]}

    def test_one_at_offorte_needs_that_name_too(self, workspace: Source, account: Connection) -> None:
        company = make_company(account, name="Schilders De Wit")
        address = {"company": company, "company_remote_id": company.remote_id, "email": "INFO@dewit.example"}
        make_person(account, fullname="Somebody Else", **address)
        bos = make_person(account, fullname="dhr.  BOS", **address)
        workspace.matches.filter(kind="company", key="522").update(
            state=State.CONFIRMED, connection=account, remote_id=company.remote_id
        )
        contacts = self.copy(workspace, account, "213", "214")
        assert contacts["214"] == [bos.remote_id]
        assert [one["operation"] for one in contacts["213"]] == [Operation.objects.get(target="people").pk]

    def test_who_is_made_by_the_same_job_is_not_made_again(
        self, workspace: Source, account: Connection, other: SourceSimulator
    ) -> None:
        company = make_company(account, name="One of both")
        other.workspace.quotations[0] |= {"contact_attention": "dhr. bos"}
        other.workspace.change_contact("521", email="info@dewit.example")
        run_import(workspace)
        workspace.matches.filter(kind="company").update(
            state=State.CONFIRMED, connection=account, remote_id=company.remote_id
        )
        contacts = self.copy(workspace, account, "53", "214")
        assert contacts["53"] == contacts["214"]
        assert Operation.objects.filter(target="people").count() == 1
        assert not Person.objects.exists()
