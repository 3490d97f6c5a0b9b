"""Chips and controls of the filters: what is chosen, how it reads, and what is at hand."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from contacts.models import Company
from offorte_portal.adminkit.filters.ranges import describe_days, describe_range
from proposals.models import Proposal
from tests.support.factories import (
    link,
    make_account_user,
    make_connection,
    make_proposal,
    make_staff,
)
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db


def test_each_chip_takes_off_its_own_filter() -> None:
    make_proposal(name="open", price_total=10)
    page = open_list(Proposal, "?status=open&total_min=5&total_max=20&created=week&q=open&o=-2&p=1")
    chips = {chip.title: chip for chip in page.context["chips"]}
    assert {title: chip.value for title, chip in chips.items()} == {
        "Status": "Open",
        "Total": "€\xa05 to €\xa020",
        "Created": "This week",
    }
    assert chips["Total"].remove_url == "?created=week&o=-2&q=open&status=open"
    assert chips["Status"].remove_url == "?created=week&o=-2&q=open&total_max=20&total_min=5"


def test_chips_are_in_the_reader_s_notation() -> None:
    with translation.override("nl"):
        assert describe_range(None, "10") != ""
    assert (describe_range("5", None), describe_range(None, "10"), describe_range("5", "10")) == (
        "5 or more",
        "10 or less",
        "5 to 10",
    )
    assert (describe_days("1 Nov", None), describe_days(None, "5 Nov"), describe_days("1 Nov", "5 Nov")) == (
        "since 1 Nov",
        "until 5 Nov",
        "1 Nov to 5 Nov",
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?mine=yes", "Owner: me"),
        ("?owner=me", "Owner: me"),
        ("?seller=sanne@example.com", "Owner: sanne@example.com"),
        ("?status=open,won,lost", "Status: Open, Won or Lost"),
        ("?total_min=1000", "Total: €\xa01,000 or more"),
        ("?total_max=1000.5", "Total: €\xa01,000.50 or less"),
        ("?views_min=3", "Views: 3 or more"),
        ("?created=week", "Created: This week"),
        ("?begun=week", "Created: This week"),
        ("?company=hotel", "Company: “hotel”"),
        ("?details=no", "Has details: no"),
        ("?unseen=yes", "Open and not seen"),
        ("?removed=yes", "Deleted in Offorte"),
        ("?job=12", "Created by bulk job: 12"),
    ],
)
def test_a_chip_reads_as_a_sentence(query: str, sentence: str) -> None:
    page = open_list(Proposal, query)
    assert [chip.text for chip in page.context["chips"]] == [sentence]
    assert f'aria-label="Remove filter {sentence}"' in page.html


def test_eight_filters_are_at_hand_and_none_is_there_twice() -> None:
    menu = open_list(Proposal).context["filter_menu"]
    first = [control.title for control in menu if not control.is_more]
    assert first == ["Status", "Owner", "Company", "Total", "Created", "Last seen", "Needs attention", "Decided"]
    titles = [control.title for control in menu]
    assert len(titles) == len(set(titles))
    assert {"Modified", "Views", "Deleted in Offorte"} <= set(titles) - set(first)
    assert not {"Seller", "Begun", "Mine", "Created by bulk job"} & set(titles)
    assert not any(control.is_more for control in open_list(Company).context["filter_menu"])


def test_what_could_not_be_read_is_at_hand() -> None:
    menu = open_list(Proposal, "?views_min=x&mine=no").context["filter_menu"]
    assert [control.title for control in menu if control.error and not control.is_more] == ["Mine", "Views"]


def test_me_is_an_owner_among_others() -> None:
    sanne = make_staff("sanne")
    own, pim = link(sanne), make_account_user(firstname="Pim")
    make_proposal(name="mine", owner=own, owner_remote_id=own.remote_id)
    make_proposal(name="pim's", owner=pim, owner_remote_id=pim.remote_id)
    make_proposal(name="nobody's")
    assert open_list(Proposal, "?owner=me", sanne).names == ["mine"]
    page = open_list(Proposal, f"?owner=me,{pim.pk}", sanne)
    assert set(page.names) == {"mine", "pim's"}
    assert page.chips == {"Owner": "me or Pim Kok"}


def test_controls_show_what_was_chosen_or_typed() -> None:
    page = open_list(Proposal, "?status=open,won&total_min=abc&created_from=2026-01-01&company=hotel")
    status, total, created = page.control("status"), page.control("total"), page.control("created")
    assert status.is_multiple
    assert [value for value, _, is_selected in status.choices if is_selected] == ["open", "won"]
    assert (total.kind, total.min, total.error) == (
        "range",
        "abc",
        "“abc”: This isn’t an amount. Write it like 1,234.50.",
    )
    assert (created.kind, created.min, created.max) == ("dates", "2026-01-01", "")
    assert (page.control("company").kind, page.control("company").value) == ("text", "hotel")


def test_owners_of_other_accounts_are_not_offered() -> None:
    north, south = make_connection("north"), make_connection("south", label="Zuid Media")
    make_account_user(north, firstname="Ank", lastname="")
    make_account_user(south, firstname="Bob", lastname="")
    make_account_user(south, firstname="Gone", removed_at=timezone.now())
    owners = open_list(Proposal).control("owner").choices
    assert [label for _, label, _ in owners] == ["Me", "Ank (north)", "Bob (Zuid Media)"]


def test_menus_cost_no_query_on_every_page() -> None:
    make_account_user()
    open_list(Proposal)
    with CaptureQueriesContext(database) as queries:
        staff = make_staff()
        page = open_list(Proposal, user=staff)
    assert page.control("owner").choices
    assert sum('FROM "proposals_accountuser"' in query["sql"] for query in queries) == 2, "one asks who is looking"
    assert sum('FROM "proposals_designtemplate"' in query["sql"] for query in queries) == 1
    assert not any(query["sql"].startswith('SELECT "proposals_designtemplate"') for query in queries)
