"""The strip on top of a proposal's page: what it tells, and who may decide there."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import ProposalStats
from offorte_portal.simulator import Simulator
from offorte_portal.sync.refreshing import refresh
from offorte_portal.tracking.models import FollowUp, Note
from offorte_portal.writes.models import Operation
from proposals.models import LogEntry, PriceTable, Proposal, Receiver
from tests.support.factories import AS_OF, make_company, make_person, make_proposal, make_staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def client_of(role: str = "") -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    name = role or "sanne"
    user = User.objects.filter(username=name).first() or make_staff(name, is_superuser=not role)
    if role:
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def read(**columns: Any) -> Proposal:
    return make_proposal(**{"details_as_of": AS_OF, "status": "open", **columns})


def facts(proposal: Proposal, client: Client | None = None) -> dict[str, str]:
    """The strip's values by label."""
    page = (client or client_of()).get(f"/proposals/proposal/{proposal.pk}/change/")
    return {fact.label: fact.value for fact in page.context["summary"]}


def add_table(proposal: Proposal, net: str | None, total: str | None, **columns: Any) -> None:
    amounts = {"subtotal": net and Decimal(net), "total": total and Decimal(total)}
    position = proposal.price_tables.count()
    PriceTable.objects.create(proposal=proposal, key=f"t{position}", position=position, **amounts, **columns)


def log(proposal: Proposal, person: str, at: Any, type: str = "client") -> None:
    position = proposal.log_entries.count()
    LogEntry.objects.create(
        proposal=proposal, position=position, person=person, logged_at=at, action="proposal: viewed", type=type
    )


def test_totals_are_said_with_and_without_vat() -> None:
    proposal = read(price_total=Decimal(300))
    add_table(proposal, "100", "121")
    add_table(proposal, "200", "242")
    shown = facts(proposal)
    assert "€\u00a0300.00" in shown["Total excl. VAT"]
    assert "€\u00a0363.00" in shown["Total incl. VAT"]
    assert "Total in Offorte" not in shown


def test_another_value_in_offorte_is_said_beside_them() -> None:
    proposal = read(price_total=Decimal(5))
    add_table(proposal, "100", "121")
    shown = facts(proposal)
    assert "€\u00a05.00" in shown["Total in Offorte"]
    assert "VAT unknown" not in shown["Total in Offorte"]


@pytest.mark.parametrize("second", [("200", None, {}), (None, "200", {}), ("200", "200", {"is_vat_hidden": True})])
def test_nothing_is_added_up_of_tables_that_are_not_known_in_full(second: tuple[Any, Any, dict[str, Any]]) -> None:
    proposal = read(price_total=Decimal(300))
    add_table(proposal, "100", "121")
    add_table(proposal, second[0], second[1], **second[2])
    shown = facts(proposal)
    assert "VAT unknown" in shown["Total in Offorte"]
    assert "Total excl. VAT" not in shown


def test_without_tables_and_value_the_total_is_unknown() -> None:
    assert "Unknown" in facts(read(price_total=None))["Total"]


def test_who_looked_last_is_said_if_the_log_tells() -> None:
    now = timezone.now()
    proposal = read(viewed_at=now - HOUR, view_count=3)
    log(proposal, "Piet", now - HOUR)
    log(proposal, "Kees", now - 2 * HOUR)
    log(proposal, "Sanne", now, type="account_user")
    assert "by <bdi>Piet</bdi>" in facts(proposal)["Last seen"]
    Proposal.objects.update(viewed_at=now)
    assert "Piet" not in facts(proposal)["Last seen"]


def test_not_seen_and_unknown_are_told_apart() -> None:
    assert facts(read(view_count=0))["Last seen"] == '<span dir="auto">not seen</span>'
    assert "Unknown" in facts(read(view_count=None))["Last seen"]


def test_a_question_that_waits_leads_to_the_inbox() -> None:
    proposal = read()
    values: dict[str, Any] = {"connection": proposal.connection, "proposal": proposal, "happened_at": AS_OF}
    Activity.objects.create(key="a", kind=Activity.Kind.COMMENTED, **values)
    Activity.objects.create(key="b", kind=Activity.Kind.COMMENTED, read_at=AS_OF, **values)
    Activity.objects.create(key="c", kind=Activity.Kind.VIEWED, **values)
    asked = facts(proposal)["Questions"]
    assert "1 waits for an answer" in asked
    assert 'href="/inbox/?who=team"' in asked
    Activity.objects.update(read_at=AS_OF)
    assert "Questions" not in facts(proposal)


def test_heat_is_told_in_words() -> None:
    proposal = read()
    assert "Interest" not in facts(proposal)
    stats = {"connection": proposal.connection, "as_of": AS_OF, "computed_at": AS_OF}
    ProposalStats.objects.create(proposal=proposal, heat=40, visits_day=2, viewers=2, **stats)
    assert "2 visits in 24 hours, by 2 people" in facts(proposal)["Interest"]
    ProposalStats.objects.update(heat=0)
    assert "No visits in the last 30 days" in facts(proposal)["Interest"]


def test_the_next_follow_up_is_the_open_one_that_is_due_first() -> None:
    proposal, client = read(), client_of("Seller")
    assert "None planned" in facts(proposal, client)["Next follow-up"]
    other, now = make_staff("piet", first_name="Piet"), timezone.now()
    values: dict[str, Any] = {"connection": proposal.connection, "proposal": proposal}
    FollowUp.objects.create(due_at=now - HOUR, done_at=now, note="gedaan", **values)
    FollowUp.objects.create(due_at=now + 3 * HOUR, note="later", **values)
    FollowUp.objects.create(due_at=now + HOUR, note="<b>eerst</b>", assigned_to=other, **values)
    shown = facts(proposal, client)["Next follow-up"]
    assert "Piet · &lt;b&gt;eerst&lt;/b&gt;" in shown
    assert "href" not in shown  # a colleague's own
    assert "/followups/" in facts(proposal)["Next follow-up"]


@pytest.mark.parametrize("columns", [{"removed_at": AS_OF}, {"is_hidden": True}])
def test_nobody_decides_about_what_is_gone_or_hidden(columns: dict[str, Any]) -> None:
    page = client_of().get(f"/proposals/proposal/{read(**columns).pk}/change/").content.decode()
    assert "/move/" not in page
    assert 'class="pill pill-open"' in page


@pytest.mark.parametrize("role", ["Viewer", "Seller"])
def test_nobody_decides_about_proposals_that_are_not_theirs(role: str) -> None:
    proposal, client = read(owner_remote_id=7), client_of(role)
    page = client.get(f"/proposals/proposal/{proposal.pk}/change/").content.decode()
    assert "/move/" not in page
    assert f"/lost/{proposal.pk}/" not in page
    posted = client.post(f"/board/{proposal.pk}/move/", {"status": "won", "key": "0" * 32})
    assert posted.status_code == 403
    assert not Operation.objects.exists()


@pytest.mark.parametrize("status", ["edit", "open", "won", "lost", "closed", ""])
def test_the_menu_offers_every_other_status_and_open_ones_are_decided_at_once(status: str) -> None:
    page = client_of().get(f"/proposals/proposal/{read(status=status).pk}/change/").content.decode()
    menu = page.partition('class="card strip"')[2].partition("</details>")[0]
    offered = {each for each in ("edit", "open", "won", "closed") if f'name="status" value="{each}"' in menu}
    assert offered == {"edit", "open", "won", "closed"} - {status}
    assert ("/lost/" in menu) == (status != "lost")
    assert page.count('name="status" value="won"') == (status != "won") + (status == "open")


def test_a_change_of_the_status_that_waits_hides_the_menu() -> None:
    proposal = read()
    Operation.objects.create(
        connection=proposal.connection,
        target="proposals",
        verb="change",
        remote_id=proposal.remote_id,
        draft={"status": "won"},
        state="waiting",
    )
    page = client_of().get(f"/proposals/proposal/{proposal.pk}/change/").content.decode()
    assert "/move/" not in page
    assert '<span class="pill pill-warn">waiting</span>' in page


def test_won_reaches_offorte(simulator: Simulator, connect: Callable[..., Connection]) -> None:
    connection, account = connect(), simulator.account("bouw")
    remote_id = next(key for key, each in account.proposals.items() if each["status"] == "open")
    proposal = make_proposal(connection, remote_id=remote_id, as_of=timezone.now() - timedelta(minutes=1))
    refresh(proposal)
    client, url = client_of(), f"/proposals/proposal/{proposal.pk}/change/"
    page = client.get(url).content.decode()
    key = page.partition('name="status" value="won"')[2].partition('name="key" value="')[2].partition('"')[0]
    answer = client.post(f"/board/{proposal.pk}/move/", {"status": "won", "key": key, "next": url})
    assert answer["Location"].partition("#")[0] == url
    assert account.proposals[remote_id]["status"] == "won"
    assert "pill-won" in client.get(url).content.decode()


def test_recipients_have_the_numbers_of_the_companys_person() -> None:
    company = make_company(name="De Vries")
    person = make_person(
        company.connection,
        company=company,
        fullname="Jan",
        email="Jan@V.example",
        mobile="06 12345678",
        phone="020 123 45 67",
    )
    make_person(company.connection, fullname="Ander", email="jan@v.example", mobile="06 999")
    proposal = make_proposal(company.connection, company=company, details_as_of=AS_OF)
    Receiver.objects.create(proposal=proposal, remote_id=1, position=0, fullname="Jan", email="jan@v.example ")
    Receiver.objects.create(proposal=proposal, remote_id=2, position=1, fullname="Onbekend", email="")
    page = client_of().get(f"/proposals/proposal/{proposal.pk}/change/").content.decode()
    assert f'<a href="/contacts/person/{person.pk}/change/" dir="auto">Jan</a>' in page
    assert 'href="tel:+31612345678"' in page
    assert 'href="tel:+31201234567"' in page
    assert 'href="mailto:jan@v.example"' in page
    assert "Onbekend" in page
    assert "06999" not in page


def count_queries(client: Client, proposal: Proposal) -> int:
    url = f"/proposals/proposal/{proposal.pk}/change/"
    client.get(url)
    with CaptureQueriesContext(database) as queries:
        client.get(url)
    return len(queries)


def test_a_page_takes_eight_queries_and_one_more_while_a_change_waits() -> None:
    company = make_company()
    proposal = make_proposal(company.connection, company=company, details_as_of=AS_OF)
    client = client_of()
    assert count_queries(client, proposal) == 6
    add_table(proposal, "1", "1")
    Receiver.objects.create(proposal=proposal, remote_id=1, position=0, fullname="Jan", email="jan@v.example")
    values: dict[str, Any] = {"connection": proposal.connection, "proposal": proposal}
    Activity.objects.create(key="a", kind=Activity.Kind.COMMENTED, happened_at=AS_OF, **values)
    assert count_queries(client, proposal) == 6
    FollowUp.objects.create(due_at=timezone.now(), **values)
    Note.objects.create(text="Bel na tien uur", key=uuid4(), created_at=AS_OF, **values)
    assert count_queries(client, proposal) == 8
    Operation.objects.create(
        connection=proposal.connection, target="proposals", remote_id=proposal.remote_id, verb=Operation.Verb.CHANGE
    )
    assert count_queries(client, proposal) == 9


def test_a_sellers_page_takes_two_more_for_their_rights() -> None:
    assert count_queries(client_of("Seller"), make_proposal()) == 8
