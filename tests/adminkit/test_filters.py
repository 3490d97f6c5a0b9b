"""Filters read from addresses: several values, ranges, periods; a value that can't be read finds nothing."""

from datetime import date, datetime, timedelta
from html import unescape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.adminkit.filters.ranges import begin_period
from offorte_portal.desk.models import SavedView
from proposals.models import Proposal
from tests.support.factories import (
    link,
    make_account_user,
    make_company,
    make_design_template,
    make_proposal,
    make_staff,
)
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def shown(query: str) -> set[str]:
    """Names of the proposals that the list shows at this address, without a complaint."""
    page = open_list(Proposal, query)
    assert page.errors == []
    return set(page.names)


def test_several_statuses_at_once() -> None:
    for status in Proposal.Status.values:
        make_proposal(name=status, status=status)
    assert shown("?status=open,edit") == {"open", "edit"}
    assert shown("?status=open&status=won") == {"open", "won"}
    assert shown("?status=lost") == {"lost"}


def test_owner_template_and_company_by_their_keys() -> None:
    owner, design, company = make_account_user(), make_design_template(), make_company(name="Hotel Mastbosch")
    make_proposal(name="hit", owner=owner, design_template=design, company=company)
    make_proposal(name="miss", owner=make_account_user(firstname="Ank"))
    for query in (f"?owner={owner.pk}", f"?template={design.pk}", f"?company={company.pk}"):
        assert shown(query) == {"hit"}
    page = open_list(Proposal, f"?owner={owner.pk}&company={company.pk}")
    assert page.chips == {"Owner": "Pim Kok", "Company": "Hotel Mastbosch"}


def test_company_by_words() -> None:
    make_proposal(name="hit", company=make_company(name="Hotel Mastbosch"))
    make_proposal(name="miss", company=make_company(name="Hotel Brabant"))
    assert shown("?company=hotel+mastb") == {"hit"}


def test_mine_goes_by_the_link_to_an_offorte_user() -> None:
    sanne, pim = make_staff("sanne"), make_staff("pim")
    owner = link(sanne, email="sanne@bouw.example")
    make_proposal(name="by id", owner_remote_id=owner.remote_id, owner_email="pim@example.com")
    make_proposal(name="by address", owner_email="Sanne@Bouw.example")
    make_proposal(name="other", owner_remote_id=999_999, owner_email="sanne@bouw.example")
    make_proposal(name="nobody's")
    assert set(open_list(Proposal, "?mine=yes", sanne).names) == {"by id", "by address"}
    for user in (pim, make_staff(email=""), make_staff(email="sanne@bouw.example")):
        assert open_list(Proposal, "?mine=yes", user).names == []


def test_ranges_include_both_ends_and_nothing_unknown() -> None:
    for total in (None, 0, 4999, 5000, 9000):
        make_proposal(name=f"{total}", price_total=total)
    assert shown("?total_min=5000") == {"5000", "9000"}
    assert shown("?total_min=0&total_max=4999") == {"0", "4999"}
    assert shown("?total_max=5000.00") == {"0", "4999", "5000"}


def test_days_are_days_of_the_portal_time_zone() -> None:
    moments = {
        "before": datetime(2026, 3, 28, 23, 59, 59, tzinfo=AMSTERDAM),
        "first": datetime(2026, 3, 29, 0, 0, tzinfo=AMSTERDAM),  # the clocks go forward on this day
        "last": datetime(2026, 3, 29, 23, 59, 59, tzinfo=AMSTERDAM),
        "after": datetime(2026, 3, 30, 0, 0, tzinfo=AMSTERDAM),
    }
    for name, moment in moments.items():
        make_proposal(name=name, remote_created_at=moment, remote_modified_at=moment, viewed_at=moment)
    for parameter in ("created", "modified", "seen"):
        assert shown(f"?{parameter}_from=2026-03-29&{parameter}_to=2026-03-29") == {"first", "last"}
    assert shown("?created_from=2026-03-30") == {"after"}
    assert shown("?created_to=2026-03-28") == {"before"}


def test_periods_run_up_to_now() -> None:
    make_proposal(name="now", remote_created_at=timezone.now())
    make_proposal(name="last year", remote_created_at=timezone.now() - timedelta(days=370))
    for period in ("today", "week", "month", "quarter"):
        assert shown(f"?created={period}") == {"now"}


@pytest.mark.parametrize(
    ("period", "today", "first"),
    [
        ("today", date(2026, 3, 4), date(2026, 3, 4)),
        ("week", date(2026, 3, 4), date(2026, 3, 2)),
        ("week", date(2026, 3, 2), date(2026, 3, 2)),
        ("month", date(2026, 3, 31), date(2026, 3, 1)),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1)),
        ("quarter", date(2026, 4, 1), date(2026, 4, 1)),
    ],
)
def test_periods_begin(period: str, today: date, first: date) -> None:
    assert begin_period(period, today) == first


def test_views_details_and_what_nobody_looked_at() -> None:
    make_proposal(name="seen", view_count=3, details_as_of=timezone.now())
    make_proposal(name="unseen", view_count=0, details_as_of=timezone.now())
    make_proposal(name="unknown")
    make_proposal(name="won", status="won", view_count=0)
    assert shown("?unseen=yes") == {"unseen"}
    assert shown("?views_min=1&views_max=3") == {"seen"}
    assert shown("?details=yes") == {"seen", "unseen"}
    assert shown("?details=no") == {"unknown", "won"}


def test_what_offorte_removed_is_shown_when_asked_for_and_alone() -> None:
    make_proposal(name="here")
    make_proposal(name="gone", removed_at=timezone.now())
    assert shown("") == {"here"}
    assert shown("?removed=yes") == {"gone"}


@pytest.mark.parametrize(
    "query",
    [
        "?status=bogus",
        "?owner=999999",
        "?owner=x",
        "?owner=99999999999999999999999999",
        "?company=99999999999999999999999999",
        "?total_min=much",
        "?total_min=NaN",
        "?total_max=1e400",
        "?total_min=Infinity",
        "?total_min=99999999999999999999999999",
        "?views_min=-1",
        "?views_min=99999999999",
        "?views_max=1.5",
        "?total_min=5%25",
        "?total_min=1.2.3",
        "?total_min=10&total_max=2O",
        "?created_from=12/31/2026",
        "?created_from=2026-01-01&created_to=tomorow",
        "?created_from=someday",
        "?created_from=0001-01-01",
        "?created_to=9999-12-31",
        "?created_to=2026-02-30",
        "?modified=century",
        "?mine=no",
        "?details=perhaps",
        "?removed=1",
        "?template=1;DROP",
    ],
)
def test_a_bad_value_is_named_and_finds_nothing(query: str) -> None:
    make_proposal(name="not shown", price_total=50, view_count=1)
    page = open_list(Proposal, query)
    assert page.names == []
    assert len(page.errors) == 1
    [chip] = page.context["chips"]
    assert chip.error.startswith(page.errors[0])
    assert unescape(page.html).count(page.errors[0]) == 2
    assert "The list stays empty until you change or remove this filter." in page.html
    assert open_list(Proposal, chip.remove_url).names == ["not shown"]


def test_bad_values_find_nothing_on_the_board_and_in_the_feed() -> None:
    make_proposal(name="not shown", remote_created_at=timezone.now())
    client = Client()
    client.force_login(make_staff())
    for url in (reverse("board") + "?total_min=much", reverse("activity") + "?when_from=someday"):
        html = client.get(url).content.decode()
        assert "The list stays empty until" in html
        assert "not shown" not in html


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [
        ("nl", "1.000", {"1000", "2000"}),
        ("nl", "1000,50", {"2000"}),
        ("nl", "€ 2.000", {"2000"}),
        ("nl", "EUR 1.000,-", {"1000", "2000"}),
        ("nl", "1,000", {"1", "1000", "2000"}),
        ("en", "1,000", {"1000", "2000"}),
        ("en", "1.000", {"1", "1000", "2000"}),
        ("en", "1\u00a0000.50", {"2000"}),
    ],
)
def test_amounts_are_read_in_the_readers_language(language: str, typed: str, found: set[str]) -> None:
    for total in ("0.5", "1", "1000", "2000"):
        make_proposal(name=total, price_total=total)
    client = Client(headers={"Accept-Language": language})
    client.force_login(make_staff())
    page = open_list(Proposal, "?" + urlencode({"total_min": typed}), client=client)
    assert (set(page.names), page.errors) == (found, [])


@pytest.mark.parametrize("typed", ["1-11-2026", "1/11/26", "1 nov 2026", "1 november 2026", "01.11.2026", "2026-11-01"])
def test_days_are_read_day_first(typed: str) -> None:
    make_proposal(name="before", remote_created_at=datetime(2026, 10, 31, 12, tzinfo=AMSTERDAM))
    make_proposal(name="after", remote_created_at=datetime(2026, 11, 1, 12, tzinfo=AMSTERDAM))
    page = open_list(Proposal, "?" + urlencode({"created_from": typed}))
    assert page.names == ["after"]
    assert page.control("created").min == "2026-11-01"


def test_links_and_saved_views_mean_the_same_in_every_language() -> None:
    make_proposal(name="1", price_total=1)
    make_proposal(name="1000", price_total=1000)
    client = Client(headers={"Accept-Language": "nl"})
    client.force_login(make_staff())
    page = open_list(Proposal, "?total_min=1.000&created_from=1/2/20&total_max=1,125k", client=client)
    expected = "?created_from=2020-02-01&total_max=1125&total_min=1000"
    assert page.context["cl"].get_query_string() == expected
    assert f'name="next" value="{reverse("admin:proposals_proposal_changelist")}?total_min=1000' in page.html
    client.post(reverse("view_save"), {"name": "Large", "query": "total_min=1.000&total_max=1.000,125"})
    assert SavedView.objects.get().query == "total_max=1000.1250&total_min=1000"


@pytest.mark.parametrize(
    "query",
    ["?e=1", "?bogus=1", "?status__foo=1", "?owner__password__startswith=a", "?all=", "?_facets=1", "?p=0&status="],
)
def test_parameters_that_mean_nothing_do_nothing(query: str) -> None:
    make_proposal(name="shown")
    assert shown(query) == {"shown"}


def test_good_values_beside_bad_ones_count() -> None:
    make_proposal(name="open")
    make_proposal(name="won", status="won")
    page = open_list(Proposal, "?status=open,bogus")
    assert page.names == ["open"]
    assert page.errors == ["“bogus” isn’t a valid choice."]


def test_nul_and_scripts_in_parameters_are_text() -> None:
    make_proposal(name="a", company=make_company(name="Script"))
    page = open_list(Proposal, "?company=%00script%00")
    assert page.names == ["a"]
    assert "<script>alert" not in open_list(Proposal, "?status=<script>alert(1)</script>&company=<script>alert(2)").html
