"""What is wrong with a draft is told beside its field or row, and nothing is sent."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Person
from offorte_portal.compose.document import Row
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, TextTemplate
from tests.compose.composing import NEW, created, document, faults, submit
from tests.compose.drafting import price_row
from tests.support.factories import make_person
from tests.support.forms import writes_of

pytestmark = pytest.mark.django_db
State = Operation.State


def test_nothing_is_sent_before_all_that_is_required_is_there(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    rows = [price_row(), Row(text="", price="", vat=""), Row("discount", "Korting", discount="150")]
    page = submit(client, client.get(NEW), "create", document=document(*rows))
    assert faults(page) == {
        "0.1.text": "Enter text for this row.",
        "0.1.price": "Enter a price.",
        "0.1.vat": "Choose a VAT rate.",
        "0.2.discount": "A discount must be between 0 and 100 percent.",
    }
    assert set(page.context["form"].errors) == {"name", "company_id"}
    assert writes_of(simulator) == []
    # It is a draft by now, and the same form creates it once it is right.
    submit(client, page, "create", **complete)
    assert (len(created(simulator)), Draft.objects.count()) == (1, 1)


def test_typed_html_is_text_and_passed_on_html_is_safe(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    rows = [price_row(text="<script>x</script>"), price_row(html="<p>a<script>x()</script><b onclick='y()'>b</b></p>")]
    submit(client, client.get(NEW), "create", **complete | {"document": document(*rows)})
    (body,) = created(simulator)
    contents = [row["content"] for row in body["content"]["pricetables"][0]["rows"]]
    assert contents == ["<p>&lt;script&gt;x&lt;/script&gt;</p>", "<p>a<b>b</b></p>"]


@pytest.mark.parametrize(
    ("field", "kind", "parameter"),
    [
        ("company_id", "companies", "company_id"),
        ("company_contacts", "people", "company_contacts"),
        ("automations_set_id", "automation_sets", "automations_set_id"),
        ("design_template_id", "design_templates", "design_template_id"),
    ],
)
def test_what_offorte_has_no_more_is_said_beside_the_field(
    client: Client,
    connection: Connection,
    simulator: Simulator,
    complete: dict[str, Any],
    field: str,
    kind: str,
    parameter: str,
) -> None:
    remote = getattr(simulator.account("bouw"), kind)
    chosen = complete.get(field) or next(iter(remote))
    del remote[int(chosen[0]) if isinstance(chosen, list) else int(chosen)]
    page = submit(client, client.get(NEW), "create", **complete | {field: chosen})
    assert list(page.context["form"].errors) == [parameter], page.context["form"].errors
    assert page.context["form"].errors[parameter][0].startswith("Offorte: ")
    assert page.context["form"]["name"].value() == "Dakkapel"
    assert Draft.objects.get().operation.state == State.REJECTED  # type: ignore[union-attr]


def test_odd_amounts_are_at_offorte_what_they_are_here(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    rows = [
        price_row(count="3", price="0.1", vat="21"),
        price_row(count="1", price="0.2", vat="9"),
        price_row(count="1", price="9999999999", vat="21"),
        price_row(count="0", price="5", vat="21"),
        price_row(count="1", price="-12.50", vat="21"),
        Row("discount", "Niets", discount="0"),
        Row("discount", "Alles", discount="100"),
        price_row(count="1", price="7.77", vat="21"),
    ]
    submit(client, client.get(NEW), "create", **complete | {"document": document(*rows)})
    proposal = Proposal.objects.latest("remote_id")
    assert (proposal.price_total, Draft.objects.get().value) == (Decimal("7.77"), Decimal("7.77"))


def test_a_quantity_below_zero_is_pointed_out(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    page = submit(client, client.get(NEW), "create", **complete | {"document": document(price_row(count="-1"))})
    assert faults(page)["0.0.count"].startswith("The quantity can’t be below zero")
    assert writes_of(simulator) == []


def test_a_template_that_was_deleted_meanwhile_is_told_of(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    template = TextTemplate.objects.order_by("pk")[0]
    # The portal does not know it yet: Offorte says so.
    del simulator.account("bouw").text_templates[template.remote_id]
    page = submit(client, client.get(NEW), "create", **complete, text_template_id=template.remote_id)
    assert page.context["form"].errors["text_template_id"] == ["Offorte: does not exist"]
    # Once it does, nothing is sent.
    TextTemplate.objects.filter(pk=template.pk).update(removed_at=timezone.now())
    again = submit(client, client.get(page.context["action"]), "create")
    assert again.context["form"].errors["text_template_id"] == [
        f"“{template}” is no longer in Offorte. Choose another one."
    ]
    assert len(created(simulator)) == 1
    done = submit(client, again, "create", text_template_id="")
    assert done.redirect_chain
    assert Proposal.objects.filter(name="Dakkapel").count() == 1
    assert Operation.objects.count() == 1


def test_a_table_that_the_template_lacks_is_said_beside_it(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    page = submit(client, client.get(NEW), "create", **complete | {"document": document(price_row(), table="niets")})
    text = "Offorte: is not a price table of the template, which has pricetable1"
    assert faults(page) == {"0.id": text}
    # The reason is there, too, when the draft is opened later.
    assert faults(client.get(page.context["action"])) == {"0.id": text}
    (line,) = client.get("/compose/").context["lines"]
    assert line.pill == "not accepted by Offorte"


def test_people_without_an_address_are_named_but_not_offered(
    client: Client, connection: Connection, complete: dict[str, Any], person: Person, simulator: Simulator
) -> None:
    company = {"company": person.company, "company_remote_id": person.company_remote_id}
    silent = make_person(connection, fullname="Stille Willy", email="", **company)
    query: dict[str, Any] = {"account": connection.pk, "company_contacts": person.remote_id}
    query["company_id"] = person.company_remote_id
    text = client.get("/compose/people/", query).content.decode()
    assert "Stille Willy" in text.split("no e-mail address")[1]
    assert re.findall(r'value="(\d+)" checked', text) == [str(person.remote_id)]
    assert f'value="{silent.remote_id}"' not in text
    page = submit(client, client.get(NEW), "create", **complete | {"company_contacts": [str(silent.remote_id)]})
    assert "company_contacts" in page.context["form"].errors
    assert created(simulator) == []


def test_who_lost_their_address_is_named_when_it_is_created(
    client: Client, connection: Connection, complete: dict[str, Any], person: Person
) -> None:
    page = submit(client, client.get(NEW), **complete)
    Person.objects.filter(pk=person.pk).update(email="")
    page = submit(client, client.get(page.context["action"]), "create")
    assert page.context["form"].errors["company_contacts"] == [
        f"{person} has no e-mail address and can’t receive the proposal."
    ]
