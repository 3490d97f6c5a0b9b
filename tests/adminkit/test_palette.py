"""What the search palette finds, for whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.mirror import company_search
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.search_parts import write_search_text
from proposals.mirror import proposal_search
from proposals.models import Proposal
from tests.support.factories import make_company, make_connection, make_person, make_product, make_proposal, make_staff

pytestmark = pytest.mark.django_db

Ask = Callable[..., dict[str, list[str]]]


def seller(*permissions: str) -> User:
    user = make_staff("pieter", is_superuser=False)
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, text: str) -> dict[str, list[str]]:
    """The titles of the hits, by group."""
    response = client.get(reverse("palette"), {"q": text})
    assert response.status_code == 200
    return {group.title: [hit.title for hit in group.hits] for group in response.context["groups"]}


def test_records_of_every_kind_are_found() -> None:
    company = make_company(name="Bakkerij Smit", email="info@smit.nl")
    make_proposal(name="Dak Smit", number="2026-0001", company=company)
    make_person(fullname="Kees Smit", company=company)
    make_product(name="Smitwerk")
    make_proposal(name="Anders")
    found = ask(client_of(make_staff()), "smit")
    assert found == {
        "Proposals": ["Dak Smit"],
        "Companies": ["Bakkerij Smit"],
        "People": ["Kees Smit"],
        "Products": ["Smitwerk"],
    }
    assert ask(client_of(make_staff()), "info@smit") == {"Companies": ["Bakkerij Smit"]}


def test_every_word_counts_and_case_does_not() -> None:
    make_proposal(name="Dak Breda")
    make_proposal(name="Dak Tilburg")
    assert ask(client_of(make_staff()), "TILBURG dak") == {"Proposals": ["Dak Tilburg"]}


def test_the_proposal_with_this_very_number_comes_first() -> None:
    make_proposal(name="NewProposal", number="2026-1")
    for number in range(30):
        make_proposal(name=f"Newer {number}", number=f"2026-1{number:03}")
    assert ask(client_of(make_staff()), "2026-1")["Proposals"][0] == "NewProposal"


def test_hits_are_in_the_order_of_what_people_look_for() -> None:
    make_proposal(name="Dak Jansen", status="open", remote_id=1)
    make_proposal(name="Kozijn Jansen", status="won", remote_id=3)
    make_proposal(name="Vloer Jansen", status="open", remote_id=2)
    make_proposal(name="Keuken", number="JANSEN-1", remote_id=9)
    details = {"name": "Badkamer", "receivers": [{"fullname": "Emre Jansen"}]}
    make_proposal(name="Badkamer", remote_id=10, search_text=write_search_text(proposal_search(details)))
    make_proposal(name="Jansen", status="lost", remote_id=0)
    found = ask(client_of(make_staff()), "jansen")["Proposals"]
    expected = ["Jansen", "Vloer Jansen", "Dak Jansen", "Kozijn Jansen", "Keuken", "Badkamer"]
    assert found == expected
    page = client_of(make_staff()).get(reverse("admin:proposals_proposal_changelist"), {"q": "jansen"})
    assert [row.name for row in page.context["cl"].result_list] == expected


def test_a_hit_says_why_it_is_one() -> None:
    people = [{"fullname": "Emre Yılmaz", "email": "e@zon.example"}]
    told = {"name": "De Zon", "phone": "076-1234567", "people": people}
    make_company(name="De Zon", city="Breda", payload=told, search_text=write_search_text(company_search(told)))
    client = client_of(make_staff())

    def reasons(text: str) -> list[str]:
        groups = client.get(reverse("palette"), {"q": text}).context["groups"]
        return [hit.reason for group in groups for hit in group.hits]

    assert reasons("yilmaz zon") == ["via Emre Yılmaz"]
    assert reasons("+31 76 123 45 67") == ["via 076-1234567"]
    assert reasons("de zon") == [""]
    page = client.get(reverse("admin:contacts_company_changelist"), {"q": "yilmaz"})
    assert "Breda · via Emre Yılmaz" in page.content.decode()


def test_short_words_find_the_beginnings_of_names() -> None:
    make_proposal(name="Op maat")
    make_proposal(name="Loop")
    assert ask(client_of(make_staff()), "op")["Proposals"] == ["Op maat"]
    assert "Proposals" not in ask(client_of(make_staff()), "o"), "one letter finds pages only"


def test_every_kind_has_its_share_of_twenty_hits() -> None:
    for number in range(25):
        make_proposal(name=f"Kade {number}")
        make_company(name=f"Kade {number}")
        make_person(fullname=f"Kade {number}")
    found = ask(client_of(make_staff()), "kade")
    assert sum(map(len, found.values())) == 20
    assert set(found) == {"Proposals", "Companies", "People"}
    assert found["Proposals"][0] == "Kade 24", "newest first"
    make_proposal(name="Alleen")
    for number in range(25):
        make_proposal(name=f"Eenling {number}")
    assert len(ask(client_of(make_staff()), "eenling")["Proposals"]) == 20


def test_what_a_person_may_not_see_is_not_found() -> None:
    make_proposal(name="Kade")
    make_company(name="Kade")
    assert ask(client_of(seller("contacts.view_company")), "kade") == {"Companies": ["Kade"]}
    nobody = client_of(make_staff("nobody", is_superuser=False))
    assert ask(nobody, "kade") == {}
    assert ask(nobody, "") == {"Go to": ["Home"]}


def test_what_offorte_has_no_more_is_not_found() -> None:
    make_proposal(name="Kade", removed_at=timezone.now())
    assert ask(client_of(make_staff()), "kade") == {}


def test_the_chosen_account_alone_is_searched() -> None:
    north, south = make_connection("north"), make_connection("south")
    make_proposal(north, name="Kade noord")
    make_proposal(south, name="Kade zuid")
    client = client_of(make_staff())
    hits = client.get(reverse("palette"), {"q": "kade"}).context["groups"][0].hits
    assert {hit.details for hit in hits} == {"north", "south"}
    session = client.session
    session["account"] = north.pk
    session.save()
    assert ask(client, "kade") == {"Proposals": ["Kade noord"]}


def test_pages_are_found_by_name() -> None:
    assert ask(client_of(make_staff()), "compan")["Go to"] == ["Companies"]


def test_without_a_text_it_shows_where_to_go_and_what_to_add() -> None:
    found = ask(client_of(make_staff()), " ")
    assert "Proposals" in found["Go to"]
    assert "New company" in found["Actions"]
    assert "Actions" not in ask(client_of(seller("proposals.view_proposal")), "")


@pytest.mark.parametrize("text", ["\0", "' OR 1=1 --", "%_", "x" * 5_000, '"', "9" * 40, "🙂", "a b c d e f g h"])
def test_whatever_is_typed_is_text(text: str) -> None:
    make_proposal()
    assert "Proposals" not in ask(client_of(make_staff()), text)


def test_a_nameless_record_is_found_by_its_offorte_id() -> None:
    make_proposal(name="", remote_id=812_233)
    assert ask(client_of(make_staff()), "812233") == {"Proposals": ["#812233"]}


def test_it_takes_few_queries_and_nothing_is_kept(django_assert_max_num_queries: Callable[..., Any]) -> None:
    make_proposal(name="Kade")
    user = seller("proposals.view_proposal", "contacts.view_company", "contacts.view_person", "catalog.view_product")
    client = client_of(user)
    with django_assert_max_num_queries(16):
        response = client.get(reverse("palette"), {"q": "kade"})
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    user.user_permissions.clear()
    assert ask(client, "kade") == {}


def test_two_accounts_are_told_apart_only_where_there_are_two() -> None:
    make_proposal(Connection.objects.create(account="only", client_id="x"), name="Kade")
    client = client_of(make_staff())
    assert client.get(reverse("palette"), {"q": "kade"}).context["groups"][0].hits[0].details == ""
    assert Proposal.objects.count() == 1
