"""A proposal's page reads like the proposal, tells what is unknown, and changes nothing by being looked at."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.simulator import Simulator
from offorte_portal.sync.refreshing import refresh
from offorte_portal.text.reason import Reason
from proposals.models import Comment, LogEntry, PriceRow, PriceTable, Proposal, Receiver, SentEmail
from tests.support.factories import AS_OF, make_account_user, make_company, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    return client


def viewer() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    user = User.objects.create_user("viewer", is_staff=True)
    user.groups.add(Group.objects.get(name="Viewer"))
    client.force_login(user)
    return client


def read(**columns: Any) -> Proposal:
    """A proposal whose details were read."""
    return make_proposal(**{"details_as_of": AS_OF, **columns})


def table(proposal: Proposal, *rows: dict[str, Any], **columns: Any) -> PriceTable:
    columns = {"key": "opties", "position": proposal.price_tables.count(), "rows_include_vat": False, **columns}
    made = PriceTable.objects.create(proposal=proposal, **columns)
    PriceRow.objects.bulk_create(
        PriceRow(table=made, position=number, **{"type": "price", "content": "<p>Rij</p>", **row})
        for number, row in enumerate(rows)
    )
    return made


def show(client: Client, proposal: Proposal) -> str:
    response = client.get(f"/proposals/proposal/{proposal.pk}/change/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_reads_like_the_proposal(client: Client) -> None:
    proposal = read(name="Verbouwing kantoor", price_total=Decimal("4886.00"), price_total_display="€ 4.886,00")
    rows: list[dict[str, Any]] = [
        {"type": "title", "content": "<p>Begane grond</p>"},
        {"count": 14, "price": Decimal(685), "subtotal": Decimal(9590), "vat_percentage": Decimal(21)},
        {"content": "<p>Plafond</p>", "userinput_optional": True, "userinput_optional_checked": False},
        {
            "type": "discount",
            "content": "Korting",
            "subtotal": Decimal("-986.45"),
            "discount": 5,
            "discount_type": "percentage",
        },
        {"type": "subtotal", "content": "Subtotaal", "subtotal": Decimal("8603.55")},
    ]
    vat = [{"percentage": "21", "total": "848.00", "group_name": "Hoog"}]
    table(proposal, *rows, subtotal=Decimal("4038.00"), total=Decimal("4886.00"), vat_lines=vat)
    page = show(client, proposal)
    for text in ("Begane grond", "9,590.00", "21%", "optional, not chosen", "−986.45", "8,603.55", "VAT 21%", "848.00"):
        assert text in page
    assert "€\u00a04,886.00" in page
    assert "prices excl. VAT" in page


def test_unknown_amounts_are_shown_as_unknown(client: Client) -> None:
    proposal = read(price_total=None)
    table(proposal, {"count": None, "price": None, "subtotal": None})
    page = show(client, proposal)
    assert "0.00" not in page
    assert page.count("Unknown") >= 6


def test_script_and_styles_in_rows_are_gone(client: Client) -> None:
    proposal = read(name='<script>alert("name")</script>', remarks="<script>alert(1)</script>")
    table(proposal, {"content": '<p style="color:red" onclick="x()">Rij</p><script>alert("row")</script><img src=x>'})
    Comment.objects.create(proposal=proposal, remote_id=1, position=0, comment="<b>regel 3</b>", type="client")
    page = show(client, proposal)
    assert "alert(&quot;name&quot;)" in page
    assert 'alert("' not in page
    assert "&lt;b&gt;regel 3&lt;/b&gt;" in page
    assert "style=" not in page
    assert "onclick" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("name", ["محمد الأمين", "👩‍🔧 Bo & Co", 'D\'Angelo "Dee"', "a" * 10_000])
def test_any_name_and_any_length_is_shown(client: Client, name: str) -> None:
    proposal = read(name=name, company_name=name, owner_name=name, remarks=name, tags=[name])
    table(proposal, {"content": f"<p>{name}</p>", "sku": name}, key=name)
    Receiver.objects.create(proposal=proposal, remote_id=1, position=0, fullname=name, email="")
    SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, message=name, sent_by=name)
    LogEntry.objects.create(proposal=proposal, position=0, person=name, action=name)
    assert show(client, proposal)


def test_company_and_owner_are_linked_where_the_mirror_has_them(client: Client) -> None:
    company, owner = make_company(name="De Vries"), make_account_user(firstname="Pim", lastname="Kok")
    page = show(client, read(company=company, owner=owner))
    assert f'href="/contacts/company/{company.pk}/change/"' in page
    assert "Pim Kok" in page
    page = show(client, read(company_name="Onbekend BV", company_remote_id=99))
    assert "Onbekend BV" in page
    assert f'href="/contacts/company/{company.pk}/change/"' not in page


def test_receivers_links_are_for_those_who_work_on_proposals(client: Client) -> None:
    proposal = read()
    link = "https://x.example/viewer?pass=geheim"
    Receiver.objects.create(
        proposal=proposal, remote_id=1, position=0, fullname="Chuck", email="c@x.example", link=link
    )
    assert f'data-copy="{link}"' in show(client, proposal)
    page = show(viewer(), proposal)
    assert "Chuck" in page
    assert "geheim" not in page


def test_links_that_are_no_web_addresses_are_not_handed_out(client: Client) -> None:
    proposal = read()
    Receiver.objects.create(proposal=proposal, remote_id=1, position=0, fullname="Chuck", link="javascript:alert(1)")
    assert "javascript:" not in show(client, proposal)


def test_details_that_were_never_read_are_asked_for_by_post(client: Client) -> None:
    proposal = make_proposal()
    page = show(client, proposal)
    assert f'hx-post="/sync/proposals/{proposal.pk}/refresh/"' in page
    assert 'hx-trigger="load"' in page
    assert "Load details" in page  # without JavaScript
    assert "Details not read yet" in page


@pytest.mark.parametrize("columns", [{"removed_at": AS_OF}, {"is_hidden": True}])
def test_what_is_gone_or_hidden_is_said_and_not_asked_for(client: Client, columns: dict[str, Any]) -> None:
    page = show(client, make_proposal(**columns))
    assert ("Deleted in Offorte" if "removed_at" in columns else "Hidden in Offorte") in page
    assert "/refresh/" not in page


def test_without_a_connection_nothing_is_asked_for(client: Client) -> None:
    page = show(client, make_proposal(make_connection(state=Connection.State.DISCONNECTED)))
    assert "/refresh/" not in page
    assert "Details not read yet" in page


def test_what_an_answer_left_out_is_told_in_words(client: Client) -> None:
    page = show(client, read(warnings=[MirrorReason.OMITTED(key="comments")]))
    assert "1 value is missing or could not be read" in page
    assert "answer didn’t include “comments”" in page


def test_values_that_could_not_be_read_are_told(client: Client) -> None:
    page = show(
        client,
        read(
            warnings=[
                Reason(Code.UNREADABLE_AMOUNT, {"field": "price_total", "value": "<b>12,x</b>"}),
                MirrorReason.MISSING(field="b"),
            ]
        ),
    )
    assert "2 values are missing or could not be read" in page
    assert "&lt;b&gt;12,x" in page


def test_looking_changes_nothing_and_asks_offorte_nothing(
    client: Client, simulator: Simulator, connect: Callable[..., Connection]
) -> None:
    proposal = make_proposal(connect())
    before = Proposal.objects.values().get()
    show(client, proposal)
    assert Proposal.objects.values().get() == before
    assert simulator.requests == []


def test_all_that_offorte_tells_of_a_proposal_is_on_its_page(
    client: Client, simulator: Simulator, connect: Callable[..., Connection]
) -> None:
    connection, account = connect(), simulator.account("bouw")
    for remote_id, remote in account.proposals.items():
        proposal = make_proposal(connection, remote_id=remote_id, as_of=timezone.now() - timedelta(minutes=1))
        refresh(proposal)
        page = show(client, proposal)
        for receiver in remote["receivers"]:
            assert receiver.key in page
        assert page.count('class="row-price') == sum(
            row.type == "price" for shown in remote["pricetables"] for row in shown.rows
        )
        assert "<script>" not in page.replace("<script src", "")


def test_a_page_takes_few_queries_however_long_the_proposal(client: Client) -> None:
    long = read(company=make_company(), owner=make_account_user())
    for _ in range(3):
        table(long, *[{"subtotal": Decimal(1)}] * 100)
    LogEntry.objects.bulk_create(
        LogEntry(proposal=long, position=number, person=f"p{number}", action="proposal: viewed", type="client")
        for number in range(200)
    )
    show(client, long)
    with CaptureQueriesContext(database) as queries:
        page = show(client, long)
    assert page.count('class="row-price') == 300
    assert "192 earlier" in page
    assert "92 more rows" in page
    # The session, the person, the frame and what is pending take four; the proposal, its parts and our changes eight;
    # follow-ups and team notes two.
    assert len(queries) <= 14, [query["sql"][:90] for query in queries]


def test_nobody_without_permission_sees_it() -> None:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    response: HttpResponse = client.get(f"/proposals/proposal/{read().pk}/change/")  # type: ignore[assignment]
    assert response.status_code == 403


@pytest.mark.parametrize("model", ["accountuser", "designtemplate", "proposaltemplate"])
def test_templates_and_users_have_pages(client: Client, model: str) -> None:
    row = apps.get_model("proposals", model)._default_manager.create(
        connection=make_connection(), remote_id=5, as_of=AS_OF
    )
    assert "#5" in client.get(f"/proposals/{model}/{row.pk}/change/").content.decode()
