"""What the list of proposals says of each, and the views above it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proposals.models import Proposal
from tests.support.factories import link, make_account_user, make_company, make_connection, make_proposal, make_staff
from tests.support.lists import ListPage, open_list

pytestmark = pytest.mark.django_db


def test_the_first_column_says_what_and_for_whom() -> None:
    make_proposal(
        name="Dakrenovatie", number="2026-0411", company=make_company(name="De Vries"), company_name="Old name"
    )
    title = open_list(Proposal).cell("title")
    assert "Dakrenovatie" in title
    assert "2026-0411 · De Vries" in title
    assert "Old name" not in title


def test_a_proposal_without_a_name_has_its_number_at_offorte() -> None:
    make_proposal(name="", remote_id=4321, company_name="Not mirrored yet BV")
    title = open_list(Proposal).cell("title")
    assert "#4321" in title
    assert "Not mirrored yet BV" in title


def test_what_offorte_has_not_told_is_unknown_and_never_nought() -> None:
    make_proposal(status="")
    page = open_list(Proposal)
    for column in ("status_pill", "total", "views", "last_seen", "owner_avatar"):
        assert "Unknown" in page.cell(column), column
        assert "0" not in page.cell(column), column


def test_nought_is_shown_as_nought() -> None:
    make_proposal(price_total=0, view_count=0)
    page = open_list(Proposal)
    assert "0.00" in page.cell("total")
    assert ">0<" in page.cell("views")
    assert page.cell("last_seen") == "not seen"


def test_money_has_its_currency_and_the_reader_s_notation() -> None:
    make_proposal(price_total="48705", price_total_display="$48,705.00")
    assert "$\xa048,705.00" in open_list(Proposal).cell("total")
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff())
    assert "$\xa048.705,00" in open_list(Proposal, client=client).cell("total")


def test_open_for_counts_days_while_it_is_open() -> None:
    created = timezone.now() - timedelta(days=6)
    make_proposal(remote_created_at=created)
    assert open_list(Proposal).cell("open_for") == "6 days"
    Proposal.objects.update(status="won")
    assert "days" not in open_list(Proposal).cell("open_for")
    Proposal.objects.update(status="open", remote_created_at=None)
    assert "Unknown" in open_list(Proposal).cell("open_for")


def test_the_owner_is_a_person_or_at_least_a_name() -> None:
    make_proposal(owner=make_account_user(firstname="Sanne", lastname="de Jong"))
    assert ">SJ<" in open_list(Proposal).cell("owner_avatar")
    Proposal.objects.update(owner=None, owner_name="Pim Kok")
    assert ">PK<" in open_list(Proposal).cell("owner_avatar")


def test_every_status_has_its_pill() -> None:
    for status in Proposal.Status.values:
        Proposal.objects.all().delete()
        make_proposal(status=status)
        assert f"pill-{status}" in open_list(Proposal).cell("status_pill")


def tabs(page: ListPage) -> dict[str, str]:
    return {tab.label: tab.count for tab in page.context["tabs"]}


def active(page: ListPage) -> list[str]:
    return [tab.label for tab in page.context["tabs"] if tab.is_active]


def test_tabs_count_what_they_lead_to() -> None:
    staff = make_staff("sanne")
    link(staff)
    make_proposal(status="open", view_count=0, owner_email="SANNE@example.com")
    make_proposal(status="open", view_count=3)
    make_proposal(status="won", owner_email="sanne@example.com")
    make_proposal(status="")
    make_proposal(status="lost", removed_at=timezone.now())
    page = open_list(Proposal, user=staff)
    assert tabs(page) == {
        "All": "4",
        "Mine open": "1",
        "Open": "2",
        "Open, not seen": "1",
        "In edit": "0",
        "Won": "1",
        "Lost": "0",
        "Closed": "0",
    }
    for tab in page.context["tabs"]:
        followed = open_list(Proposal, tab.url, user=staff)
        assert active(followed) == [tab.label]
        assert str(len(followed.rows)) == tab.count


def test_a_tab_is_active_only_when_nothing_else_narrows_the_list() -> None:
    assert active(open_list(Proposal)) == ["All"]
    assert active(open_list(Proposal, "?status=open&o=-2&p=1")) == ["Open"]
    for query in ("?status=open&total_min=5", "?status=open&q=word", "?status=open,won"):
        assert active(open_list(Proposal, query)) == []


def test_tabs_count_the_chosen_account_only() -> None:
    north, south = make_connection("north"), make_connection("south")
    make_proposal(north)
    make_proposal(south)
    client = Client()
    client.force_login(make_staff())
    session = client.session
    session["account"] = north.pk
    session.save()
    assert tabs(open_list(Proposal, client=client))["Open"] == "1"
    assert tabs(open_list(Proposal))["Open"] == "2"
