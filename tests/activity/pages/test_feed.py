"""The feed: what it shows, and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from proposals.models import Proposal
from tests.activity.pages.entries import Kind, make_entry, make_user, tell
from tests.activity.pages.pages import page
from tests.support.bulk import sign_in
from tests.support.factories import link, make_account_user, make_connection, make_proposal

pytestmark = pytest.mark.django_db


def shown(response: Any) -> list[str]:
    """The names of the proposals on the page, in order."""
    return [str(line.entry.proposal) for line in response.context["feed"].lines]


def test_a_seller_sees_what_happened_to_their_own_proposals(client: Client, mine: Proposal, theirs: Proposal) -> None:
    make_entry(mine, times=3)
    make_entry(theirs)
    response = page(client)
    html = response.content.decode()
    assert shown(response) == ["Dakkapel"]
    assert "<b><bdi>Chuck</bdi></b> viewed <a" in html
    assert reverse("admin:proposals_proposal_change", args=[mine.pk]) in html
    assert "De Vries" in html
    assert "1,234.50" in html
    assert "3 times" in html


def test_the_team_sees_everything_and_whose_it_is(client: Client, mine: Proposal, theirs: Proposal) -> None:
    make_entry(mine, minutes=3)
    make_entry(theirs, minutes=2)
    response = page(client, "?of=team")
    assert shown(response) == ["Kozijnen", "Dakkapel"]
    assert "Pieter Kok" in response.content.decode()


def test_who_owns_nothing_at_offorte_begins_with_the_team(theirs: Proposal) -> None:
    make_entry(theirs)
    client = sign_in(make_user("vera@example.com", "view_proposal"))
    assert shown(page(client)) == ["Kozijnen"]
    assert shown(page(client, "?of=mine")) == []


def test_without_an_address_nothing_is_ones_own(mine: Proposal) -> None:
    make_entry(mine, owner_key="")
    client = sign_in(User.objects.create_superuser("root"))
    assert "not linked to an Offorte user" in page(client, "?of=mine").content.decode()


def test_it_can_be_narrowed(client: Client, mine: Proposal, theirs: Proposal, connection: Connection) -> None:
    make_account_user(connection, email="pieter@example.com", firstname="Pieter", lastname="Kok")
    make_entry(mine, Kind.COMMENTED, 1, text="Hoe lang?")
    make_entry(mine, Kind.VIEWED, 60 * 24 * 120)
    make_entry(theirs, Kind.WON, 2)
    make_entry(theirs, Kind.SIGNED, 60 * 24 * 200)
    assert shown(page(client, "?kind=commented")) == ["Dakkapel"]
    assert shown(page(client, "?kind=won")) == []
    assert shown(page(client, "?of=team&kind=won")) == ["Kozijnen", "Kozijnen"]
    assert shown(page(client, "?of=team&kind=signed")) == ["Kozijnen"]
    assert shown(page(client, "?when=quarter")) == ["Dakkapel"]
    response = page(client, "?owner=pieter@example.com")
    assert shown(response) == ["Kozijnen", "Kozijnen"]
    assert [(chip.title, chip.value, chip.remove_url) for chip in response.context["chips"]] == [
        ("Owner", "Pieter Kok", "?")
    ]


def test_the_chosen_account_narrows_it_too(client: Client, mine: Proposal) -> None:
    south = make_connection("zuid")
    link(User.objects.get(username="sanne"), south)
    other = make_proposal(south, name="Zuid", owner_email="sanne@example.com")
    make_entry(mine, minutes=1)
    make_entry(other, minutes=2)
    response = page(client)
    assert shown(response) == ["Dakkapel", "Zuid"]
    assert ">zuid</span>" in response.content.decode()
    client.post("/account/", {"account": other.connection.pk})
    assert shown(page(client)) == ["Zuid"]


def test_pages_follow_each_other_without_a_gap(client: Client, mine: Proposal) -> None:
    now = timezone.now()
    keys = [make_entry(mine, at=now - timedelta(minutes=number // 3)).pk for number in range(120)]
    found: list[int] = []
    url = ""
    for _number in range(3):
        response = page(client, url)
        found += [line.entry.pk for line in response.context["feed"].lines]
        url = response.context["feed"].older_url
    assert url == ""
    assert sorted(found) == sorted(keys)
    assert response.context["feed"].newest_url == "?"
    assert 'hx-get="/activity/latest/' not in response.content.decode()


HUGE = "9" * 40
UNREADABLE = (
    "before=x", "before=2026-13-40T00:00:00,1", "before=2026-01-01,1", f"before=2026-01-01T00:00:00Z,{HUGE}",
    "before=%00", "of=%00", "kind=%00", "account=abc", f"account={HUGE}",
)  # fmt: skip


@pytest.mark.parametrize("query", UNREADABLE)
def test_what_cannot_be_read_is_left_out(client: Client, mine: Proposal, query: str) -> None:
    make_entry(mine)
    assert shown(page(client, f"?{query}")) == ["Dakkapel"]
    assert client.get(f"/activity/latest/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["kind=bogus", "when=century", "when_from=abc", "owner=nobody"])
def test_a_filter_that_cannot_be_read_finds_nothing(client: Client, mine: Proposal, query: str) -> None:
    make_entry(mine)
    assert shown(page(client, f"?{query}")) == []
    assert client.get(f"/activity/latest/?{query}").status_code == 200


def test_what_people_wrote_is_only_text(client: Client, mine: Proposal) -> None:
    evil = "<script>alert(1)</script> %(person)s %s"
    Proposal.objects.update(name=evil, company_name=evil)
    make_entry(mine, Kind.COMMENTED, person=evil, text=evil)
    html = page(client).content.decode()
    assert "<script>alert" not in html
    assert html.count(escape(evil)) == 4


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("person", ["Chuck", ""])
def test_every_kind_has_its_words(client: Client, mine: Proposal, kind: Kind, person: str) -> None:
    entry = make_entry(mine, kind, person=person)
    tell(User.objects.get(), entry)
    for url in ("/activity/", "/activity/notifications/"):
        html = client.get(url).content.decode()
        assert "Dakkapel" in html
        assert ("Chuck" in html) == bool(person)


def test_days_are_named(client: Client, mine: Proposal) -> None:
    for days in (0, 1, 2, 400):
        make_entry(mine, at=timezone.now() - timedelta(days=days))
    names = [day for day, _lines in page(client).context["days"]]
    assert names[:2] == ["Today", "Yesterday"]
    assert names[2].startswith((timezone.localtime() - timedelta(days=2)).strftime("%A"))
    assert names[3].endswith((timezone.localtime() - timedelta(days=400)).strftime("%Y"))


def test_who_may_not_see_proposals_sees_nothing_of_it(mine: Proposal) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    user = make_user("nobody@example.com")
    client = sign_in(user)
    for url in ("/activity/", "/activity/latest/", "/activity/notifications/", "/activity/settings/"):
        assert client.get(url).status_code == 403
    posts = [f"/activity/{entry.pk}/read/", "/activity/notifications/read/", "/activity/settings/"]
    posts.append(f"/activity/notifications/{tell(user, entry).pk}/open/")
    for url in posts:
        assert client.post(url).status_code == 403
    assert Activity.objects.get().is_unread
    assert 'id="bell"' not in client.get("/").content.decode()
