"""The bar of a list: which actions are buttons, which are in its menu, and what the selection is worth."""

from decimal import Decimal

import pytest
from django.test import Client

from offorte_portal.jobs import registry
from offorte_portal.jobs.pages.bulk_actions import build_bar, describe_value
from proposals.models import Proposal
from tests.support.bulk import make_member, sign_in
from tests.support.factories import make_connection, make_product, make_proposal, make_staff
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db


def test_few_actions_are_buttons_and_the_rest_is_in_a_menu() -> None:
    boss = make_staff()
    proposals = registry.actions_for(Proposal, boss)
    bar = build_bar(proposals, "", "€")
    assert [action.name for action in bar.buttons] == ["proposals.mark_won", "proposals.mark_lost"]
    assert [action.name for action in bar.dangers] == ["proposals.delete"]
    assert len(bar.buttons) + len(bar.menu) + len(bar.dangers) == len(proposals)
    few = build_bar(proposals[:3], "", "€")
    assert list(few.buttons) == proposals[:3]
    assert not few.has_menu


def test_a_list_without_rows_has_no_bar() -> None:
    make_connection()
    assert "bulk-bar" not in open_list(Proposal).html
    make_proposal(price_total=Decimal("12.5"), price_total_display="$12.50")
    page = open_list(Proposal)
    assert 'data-value="12.5000"' in page.html
    assert 'data-currency="$"' in page.html


def test_ticks_change_nothing_of_a_list_s_addresses() -> None:
    make_connection()
    for name in ("Alfa", "Beta"):
        make_proposal(name=name)
    viewer = make_member("Viewer", "vic")
    assert open_list(Proposal, "?o=0").names == open_list(Proposal, "?o=0", user=viewer).names == ["Alfa", "Beta"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "€\u00a060.00 + 1 unknown"),
        ("?status=open", "€\u00a010.00"),
        ("?status=lost", "—"),
    ],
)
def test_what_all_rows_are_worth_is_told(query: str, text: str) -> None:
    make_connection()
    for status, amount in (("open", 10), ("won", 50), ("won", None)):
        make_proposal(status=status, price_total=amount)
    client = sign_in(make_member("Viewer", "vic"))
    response = client.get(f"/proposals/proposal/value/{query}")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == text
    assert sign_in(make_staff("none", is_superuser=False)).get("/proposals/proposal/value/").status_code == 403


def test_products_are_worth_nothing_together(client: Client) -> None:
    make_connection()
    make_product(price=Decimal(5))
    client.force_login(make_staff())
    assert "data-currency" not in client.get("/catalog/product/").content.decode()
    assert describe_value("€ 1", 0) == "€ 1"
