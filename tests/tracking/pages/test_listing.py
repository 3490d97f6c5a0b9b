"""The list of follow-ups: groups, whom to call, filters, pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal import ports
from offorte_portal.tracking.models import FollowUp
from offorte_portal.tracking.pages import listing
from proposals.models import Receiver
from tests.support.factories import make_company, make_connection, make_person, make_proposal, make_staff
from tests.support.fixtures import member
from tests.tracking.conftest import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def someone(client: Client) -> User:
    user = member("Seller", "sanne")
    client.force_login(user)
    return user


def groups(client: Client, query: str = "") -> dict[str, list[str]]:
    found = client.get(f"/followups/{query}").context["groups"]
    return {str(group.title): [row.note for row in group.rows] for group in found}


def notes(client: Client, query: str) -> set[str]:
    return {text for found in groups(client, query).values() for text in found}


def test_what_is_due_comes_first(client: Client, someone: User, note: Note) -> None:
    for days, text in ((9, "later"), (-2, "late"), (0.1, "now"), (1, "Friday"), (3, "Sunday"), (4, "Monday")):
        note(someone, days, note=text)
    note(someone, note="ready", done_at=ports.now(), done_by=someone)
    note(make_staff("pim"), note="pim's")
    note(someone, note="gone", proposal=make_proposal(removed_at=ports.now()))
    assert groups(client) == {
        "Overdue": ["late"], "Today": ["now"], "This week": ["Friday", "Sunday"], "Later": ["Monday", "later"],
    }  # fmt: skip
    assert groups(client, "?state=done") == {"Done": ["ready"]}
    assert "pim's" in notes(client, "?who=team")
    assert "done by Sanne" in client.get("/followups/?state=done").content.decode()


def test_each_says_whom_to_call(client: Client, someone: User, note: Note) -> None:
    company = make_company(name="De Vries Bouw", phone="020 123 45 67")
    make_person(company=company, fullname="Kees Bos", email="Kees@vries.nl", mobile="06 12345678")
    known, unknown = (make_proposal(company=company, price_total=1250) for _ in range(2))
    Receiver.objects.create(proposal=known, remote_id=1, position=0, fullname="Kees Bos", email="kees@vries.nl ")
    Receiver.objects.create(proposal=unknown, remote_id=1, position=0, fullname="Mia", email="mia@vries.nl")
    for proposal in (known, unknown, make_proposal(company=company)):
        note(someone, proposal=proposal)
    rows = client.get("/followups/").context["groups"][0].rows
    assert [(row.contact.name, row.contact.phone) for row in rows] == [
        ("Kees Bos", "06 12345678"), ("Mia", "020 123 45 67"), ("", "020 123 45 67"),
    ]  # fmt: skip
    html = client.get("/followups/").content.decode()
    for text in ('href="tel:+31612345678"', 'href="mailto:mia@vries.nl"', "De Vries Bouw", "1,250", "pill-open"):
        assert text in html


def test_filters_by_person_account_and_rule(client: Client, someone: User, note: Note) -> None:
    north, south = make_connection("north"), make_connection("south")
    pim = make_staff("pim", first_name="Pim")
    note(pim, note="pim", proposal=make_proposal(north))
    note(None, note="no one", proposal=make_proposal(south))
    note(make_staff("left", is_active=False), note="left", proposal=make_proposal(south))
    note(someone, note="rule", rule="unseen", proposal=make_proposal(south))
    for query, found in (
        (f"&person={pim.pk}", {"pim"}),
        ("&person=none", {"no one"}),
        ("&person=left", {"left"}),
        (f"&account={north.pk}", {"pim"}),
        ("&rule=unseen", {"rule"}),
        (f"&rule=hand&account={south.pk}", {"no one", "left"}),
        ("&rule=nonsense&person=x&account=0", {"pim", "no one", "left", "rule"}),
    ):
        assert notes(client, f"?who=team{query}") == found, query
    assert notes(client, f"?who=mine&person={pim.pk}") == {"rule"}, "one's own are one's own"


def test_a_page_has_fifty_and_says_how_many_there_are(
    client: Client, someone: User, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "A_PAGE", 2)
    for number in range(5):
        note(someone, number - 2, note=str(number))
    assert groups(client, "?page=2") == {"Today": ["2"], "This week": ["3"]}
    page = client.get("/followups/?page=2&rule=hand").content.decode()
    assert "rule=hand&amp;page=3" in page
    assert client.get("/followups/").context["groups"][0].total == 2
    assert groups(client, "?page=99") == {"This week": ["4"]}


def test_why_one_ended_without_anyone(client: Client, someone: User, note: Note) -> None:
    note(someone, done_at=ports.now(), ended=FollowUp.Ended.DECIDED, rule="silent")
    assert "the proposal was decided" in client.get("/followups/?state=done").content.decode()


@pytest.mark.parametrize("query", ["", "?who=team", "?state=done", "?who=team&person=left&rule=hand"])
def test_it_takes_few_queries(
    client: Client, someone: User, note: Note, query: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client.force_login(member("Manager", "manager"))
    company = make_company(phone="020 123 45 67")
    for number in range(4):
        proposal = make_proposal(company=company)
        Receiver.objects.create(proposal=proposal, remote_id=1, position=0, email="a@b.nl")
        note(someone, proposal=proposal, done_at=ports.now() if number % 2 else None)
    client.get(f"/followups/{query}")
    with django_assert_max_num_queries(8):
        client.get(f"/followups/{query}")
