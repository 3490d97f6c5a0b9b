"""The columns of a list: chosen in the address, remembered per person, sorted by name, kept with a view."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.desk.models import SavedView
from offorte_portal.mirror.models import Mirrored
from proposals.models import Proposal
from tests.support.factories import make_company, make_person, make_product, make_proposal, make_staff
from tests.support.lists import ListPage, open_list

pytestmark = pytest.mark.django_db
LIST = "/proposals/proposal/"
MIRRORED = [Proposal, Company, Person, Product]


def shown(page: ListPage) -> list[str]:
    """The columns of the list, but the first."""
    return [str(name) for name in page.context["cl"].list_display][1:]


@pytest.fixture
def sanne() -> Client:
    client = Client()
    client.force_login(make_staff("sanne"))
    return client


def choose(client: Client, *names: str, path: str = LIST, what: str = "apply") -> Any:
    return client.post(path, {"choose_columns": what, "columns": names})


def test_the_address_says_which_columns_in_which_order() -> None:
    make_proposal(company=make_company(name="Hotel Mastbosch", city="Breda"), price_total=5)
    page = open_list(Proposal, "?columns=city_text,total,company_text")
    assert shown(page) == ["city_text", "total", "company_text"]
    assert ">Breda<" in page.cell("city_text")
    assert ">Hotel Mastbosch<" in page.cell("company_text")
    assert shown(open_list(Proposal, "?columns=total&columns=city_text")) == ["total", "city_text"]


@pytest.mark.parametrize("query", ["", "?columns=", "?columns=password,payload", "?columns=title", "?columns=%00,,"])
def test_an_address_that_names_no_column_shows_the_usual_ones(query: str) -> None:
    make_proposal()
    assert shown(open_list(Proposal, query))[:3] == ["status_pill", "total", "views"]


def test_unknown_and_doubled_columns_are_left_out() -> None:
    make_product(sku="HX-1")
    assert shown(open_list(Product, "?columns=sku_text,nothing,sku_text,title,vat")) == ["sku_text", "vat"]


@pytest.mark.parametrize("model", MIRRORED)
def test_every_column_shows_and_costs_no_query_a_row(model: type[Mirrored]) -> None:
    makers: dict[type[Any], Callable[..., Any]] = {
        Proposal: make_proposal, Product: make_product, Company: make_company, Person: make_person,
    }  # fmt: skip
    make = makers[model]
    model_admin: Any = admin.site.get_model_admin(model)
    names = [column.name for column in model_admin.more_columns]
    assert len(names) > 2
    assert not set(names) & {field.name for field in model._meta.get_fields()}, "would be sorted without an index"
    client = Client()
    client.force_login(make_staff())
    counts = []
    for _ in range(2):
        make()
        make()
        open_list(model, client=client)
        with CaptureQueriesContext(database) as queries:
            page = open_list(model, f"?columns={','.join(names)}", client=client)
        counts.append(len(queries))
        assert shown(page) == names
    assert counts[0] == counts[1]


def test_the_last_choice_is_remembered_for_each_list_and_person(sanne: Client) -> None:
    make_proposal()
    make_product()
    answer = choose(sanne, "company_text", "total", path=LIST + "?status=open")
    assert answer.url == LIST + "?status=open&columns=company_text,total"
    assert shown(open_list(Proposal, "?status=open", client=sanne)) == ["company_text", "total"]
    assert "sku_text" not in shown(open_list(Product, client=sanne))
    choose(sanne, "sku_text", path="/catalog/product/")
    assert shown(open_list(Product, client=sanne)) == ["sku_text"]
    assert shown(open_list(Proposal, client=sanne)) == ["company_text", "total"]
    assert shown(open_list(Proposal, "?columns=views", client=sanne)) == ["views"]
    assert shown(open_list(Proposal, user=make_staff()))[0] == "status_pill"


@pytest.mark.parametrize("what", ["reset", "apply"])
def test_a_choice_is_taken_back(sanne: Client, what: str) -> None:
    make_proposal()
    choose(sanne, "company_text")
    usual = [] if what == "reset" else shown(open_list(Proposal))
    assert choose(sanne, *usual, path=LIST + "?columns=company_text&o=-total", what=what).url == LIST + "?o=-total"
    assert shown(open_list(Proposal, client=sanne)) == shown(open_list(Proposal))


def test_who_may_not_see_the_list_chooses_nothing() -> None:
    client = Client()
    client.force_login(make_staff(is_superuser=False))
    assert choose(client, "company_text").status_code == 403


def test_the_menu_has_what_is_shown_first(sanne: Client) -> None:
    make_proposal()
    menu = open_list(Proposal, "?columns=company_text,total", client=sanne).context["columns_menu"]
    assert [(choice.name, choice.title) for choice in menu.choices if choice.is_shown] == [
        ("company_text", "Company"),
        ("total", "Total"),
    ]
    assert [choice.is_shown for choice in menu.choices] == sorted(choice.is_shown for choice in menu.choices)[::-1]
    assert menu.is_wide


def test_columns_are_sorted_by_their_names_and_old_addresses_by_place() -> None:
    for name, total in (("a", 2), ("b", 1), ("c", 3)):
        make_proposal(name=name, price_total=total)
    for query in ("?o=-total", "?o=-2", "?columns=company_text,total&o=-2", "?columns=company_text&o=-total"):
        assert open_list(Proposal, query).names == ["c", "a", "b"], query
    page = open_list(Proposal, "?columns=company_text,total&o=total")
    assert page.context["cl"].get_ordering_field_columns() == {2: "asc"}
    assert "o=-total" in page.html
    assert "o=company_text" in page.html


def test_proposals_are_sorted_by_company_along_an_index() -> None:
    for company, name in (("Łódź Bouw", "l"), ("élan", "e"), ("Kok", "k"), ("Möbel", "m")):
        make_proposal(name=name, company_name=company)
    page = open_list(Proposal, "?columns=company_text&o=company_text")
    assert page.names == ["e", "k", "l", "m"]
    assert open_list(Proposal, "?o=-company_text").names == ["m", "l", "k", "e"]
    if database.vendor == "sqlite":
        walked = page.context["cl"].walked.values("pk")[:50].explain()
        assert "COVERING INDEX proposals_by_company_name" in walked
        assert "TEMP B-TREE" not in walked


def test_a_view_keeps_its_columns(sanne: Client) -> None:
    make_proposal()
    sanne.post("/views/save/", {"name": "Wide", "query": "columns=company_text,total&status=open&p=3"})
    view = SavedView.objects.get()
    assert view.query == "columns=company_text%2Ctotal&status=open"
    assert shown(open_list(Proposal, f"?{view.query}", client=sanne)) == ["company_text", "total"]


def test_a_search_keeps_every_value_of_a_filter() -> None:
    make_proposal()
    html = open_list(Proposal, "?status=open&status=won&columns=total").html
    search = html.split('id="changelist-search"')[1].split("</form>")[0]
    for field in ('name="status" value="open"', 'name="status" value="won"', 'name="columns" value="total"'):
        assert field in search
