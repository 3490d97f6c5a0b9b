"""What reaches Offorte of a draft, once, and what becomes of it when no answer comes."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings

from offorte_portal.compose.document import Row
from offorte_portal.compose.models import Draft
from offorte_portal.compose.sources import write_number
from offorte_portal.compose.totals import PricedRow, Vat, add_up
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.pricing import sum_tables
from offorte_portal.writes.models import Operation
from proposals.models import PriceTable, Proposal, ProposalTemplate
from tests.compose.composing import NEW, created, document, sign_in, submit, told
from tests.compose.drafting import price_row
from tests.compose.tables import PLAIN_LINES
from tests.support.factories import link_by_address

pytestmark = pytest.mark.django_db
State = Operation.State


# A row of each type, and what Offorte is to be told of them.
TYPED = (
    Row("title", "Hout"),
    price_row(count="0,3", price="0.1", optional=True, checked=True, user_count=True),
    Row("discount", "Korting", discount="12,5"),
    Row("subtotal", "Subtotaal"),
)
DOCUMENTED = [
    {"type": "title", "content": "<p>Hout</p>"},
    {
        "type": "price",
        "content": "<p>Balk</p>",
        "count": 0.3,
        "price": 0.1,
        "vat_percentage": 21,
        "userinput_optional": True,
        "userinput_optional_checked": True,
        "userinput_count": True,
    },
    {"type": "discount", "content": "<p>Korting</p>", "discount": 12.5},
    {"type": "subtotal", "content": "<p>Subtotaal</p>"},
]


def test_every_parameter_and_row_reaches_offorte_as_documented(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    template = ProposalTemplate.objects.get(name="Offerte met opties")
    account = simulator.account("bouw")
    chosen = {
        "proposal_template_id": template.remote_id,
        "design_template_id": next(iter(account.design_templates)),
        "text_template_id": next(iter(account.text_templates)),
        "automations_set_id": next(iter(account.automation_sets)),
        "account_user_id": list(account.users)[1],
    }
    typed = complete | chosen | {"document": document(*TYPED, table="opties")}
    page = submit(client, client.get(NEW), "create", **typed)
    (body,) = created(simulator)
    assert body == {
        "name": "Dakkapel",
        "company_id": complete["company_id"],
        "company_contacts": [int(one) for one in complete["company_contacts"]],
        **chosen,
        "content": {"pricetables": [{"id": "opties", "rows": DOCUMENTED}]},
    }
    proposal = Proposal.objects.get(name="Dakkapel")
    assert page.redirect_chain == [(f"/proposals/proposal/{proposal.pk}/change/", 302)]
    assert told(page)[0].startswith("“Dakkapel” was created in Offorte. It hasn’t been sent to anyone yet.")
    assert simulator.sent_mails == []
    # It is no draft any more, and its page leads to the proposal.
    draft = Draft.objects.get()
    assert client.get("/compose/").context["lines"] == []
    assert client.get(f"/compose/{draft.pk}/")["Location"] == f"/proposals/proposal/{proposal.pk}/change/"


def row_of(line: PricedRow) -> Row:
    told: dict[str, Any] = {
        "count": write_number(line.quantity),
        "price": write_number(line.price),
        "vat": write_number(line.vat),
    }
    row = Row(line.type, "x", **(told if line.type == "price" else {}), optional=True, checked=line.counts)
    row.discount = write_number(min(line.discount, Decimal(100)))
    return row


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLAIN_LINES)
def test_what_the_draft_adds_up_to_is_what_offorte_makes_of_it(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any], lines: list[PricedRow]
) -> None:
    rows = [row_of(line) for line in lines if line.quantity >= 0 and line.quantity < 10**7]
    submit(client, client.get(NEW), "create", **complete | {"document": document(*rows)})
    draft, proposal = Draft.objects.latest("pk"), Proposal.objects.latest("remote_id")
    theirs = simulator.account("bouw").proposals[proposal.remote_id]["pricetables"]
    assert draft.operation is not None
    assert draft.operation.state == State.DONE
    assert draft.value == sum_tables(theirs) == proposal.price_total
    totals = add_up([line for row in rows if (line := row.line())], Vat.ON_TOP)
    mirrored = PriceTable.objects.get(proposal=proposal)
    assert (mirrored.subtotal, mirrored.total) == (totals.net, totals.total)
    theirs_vat = [(Decimal(line["percentage"]), Decimal(line["total"])) for line in mirrored.vat_lines]
    assert theirs_vat == [(rate, amount) for rate, _base, amount in totals.vat]


def test_three_hundred_rows_are_saved_and_created(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    rows = [price_row(text=f"Balk {number}", price=f"{number}.25") for number in range(300)]
    submit(client, client.get(NEW), "create", **complete | {"document": document(*rows)})
    (body,) = created(simulator)
    assert [row["content"] for row in body["content"]["pricetables"][0]["rows"]][-1] == "<p>Balk 299</p>"
    assert Proposal.objects.get(name="Dakkapel").price_total == sum(
        2 * (Decimal(n) + Decimal("0.25")) for n in range(300)
    )


def test_a_double_click_or_the_way_back_creates_once(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    page = client.get(NEW)
    submit(client, page, "create", **complete)
    again = submit(client, page, "create", **complete | {"name": "Nog een"})
    assert again.context["is_conflict"]
    assert "This form has already been saved" in again.content.decode()
    assert len(created(simulator)) == 1


def test_while_offorte_is_away_it_waits_and_can_not_be_changed(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    page = submit(client, client.get(NEW), "create", **complete)
    assert any("waiting to be sent to Offorte" in text for text in told(page))
    (line,) = client.get("/compose/").context["lines"]
    assert (line.pill, line.may_delete) == ("waiting for Offorte", False)
    draft = Draft.objects.get()
    answer = client.get(f"/compose/{draft.pk}/", follow=True)
    assert any("being created in Offorte" in text for text in told(answer))
    client.post(f"/compose/{draft.pk}/delete/")
    assert Draft.objects.exists()


def test_an_answer_that_was_lost_is_not_asked_for_again(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    simulator.faults.add(Fault("drop_after", method="POST", path="/proposals/"))
    page = submit(client, client.get(NEW), "create", **complete)
    operation = Operation.objects.get()
    assert operation.state == State.UNKNOWN
    assert any("went through" in text for text in told(page))
    (line,) = client.get("/compose/").context["lines"]
    assert line.pill == "outcome unknown"
    assert len(created(simulator)) == 1


def test_with_a_broken_token_it_waits(
    client: Client, connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    page, before = client.get(NEW), len(simulator.account("bouw").proposals)
    simulator.account("bouw").revoke_tokens()
    submit(client, page, "create", **complete)
    assert Operation.objects.get().state == State.WAITING
    assert len(simulator.account("bouw").proposals) == before


def test_a_seller_does_not_choose_the_owner(
    connection: Connection, simulator: Simulator, complete: dict[str, Any]
) -> None:
    seller = sign_in("Seller", "sem", email="bram@bouw.example")
    link_by_address(User.objects.get(username="sem"))
    page = seller.get(NEW)
    assert "account_user_id" not in page.context["form"].fields
    assert page.context["owner"] == "Bram Kuipers"
    other = next(iter(simulator.account("bouw").users))
    submit(seller, page, "create", **complete, account_user_id=other)
    (body,) = created(simulator)
    assert simulator.account("bouw").users[body["account_user_id"]]["firstname"] == "Bram"
