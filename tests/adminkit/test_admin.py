"""Lists of everything that is mirrored: no stock way to change, one account or all, few queries, no broken address."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.db import connection as database
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.admin import MirrorAdmin
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import (
    AS_OF,
    make_account_user,
    make_company,
    make_connection,
    make_person,
    make_product,
    make_proposal,
    make_staff,
)
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db

MIRRORED = [model for model in apps.get_models() if issubclass(model, Mirrored)]
MOST_QUERIES = 8
# What a process remembers for some seconds or more: counts of badges and of the tabs, the filters' options, that a
# person is about, whether another system is connected, the worker's last sign of life and that it is watched (which is
# noted with five statements).
REMEMBERED = 13


def url_of(model: type[Model], view: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def make_row(model: type[Mirrored], number: int) -> Any:
    account = Connection.objects.first() or make_connection()
    return model._default_manager.create(connection=account, remote_id=number, as_of=AS_OF)


@pytest.mark.parametrize("model", MIRRORED)
def test_everything_mirrored_has_a_list_that_opens(model: type[Mirrored]) -> None:
    assert isinstance(admin.site.get_model_admin(model), MirrorAdmin)
    make_row(model, 7)
    page = open_list(model)
    assert len(page.rows) == 1
    assert page.context["range_text"] == "1–1 of 1"
    assert open_list(model, "?q=zzyzx").rows == []


WRITABLE = [model for model in MIRRORED if getattr(admin.site.get_model_admin(model), "record_form", None)]


@pytest.mark.parametrize("model", [model for model in MIRRORED if model not in WRITABLE])
@pytest.mark.parametrize("view", ["add", "delete", "change"])
def test_what_offorte_does_not_take_can_only_be_looked_at(model: type[Mirrored], view: str) -> None:
    row = make_row(model, 7)
    client = Client()
    client.force_login(make_staff())
    url = url_of(model, view, *([] if view == "add" else [row.pk]))
    assert client.post(url, {"name": "changed", "post": "yes"}).status_code == 403
    if view != "change":
        assert client.get(url).status_code == 403
    assert model._default_manager.get().pk == row.pk


@pytest.mark.parametrize("model", MIRRORED)
def test_the_stock_ways_to_change_are_closed(model: type[Mirrored]) -> None:
    row = make_row(model, 7)
    client = Client()
    client.force_login(make_staff())
    assert client.post(url_of(model, "change", row.pk), {"name": "changed"}).status_code in {403, 405}
    stock = {"action": "delete_selected", "_selected_action": row.pk}
    assert client.post(url_of(model, "changelist"), stock).status_code < 500
    assert model._default_manager.get().pk == row.pk


@pytest.mark.parametrize("model", WRITABLE)
@pytest.mark.parametrize("view", ["add", "edit", "delete", "change"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_only_look_gets_to_no_form(model: type[Mirrored], view: str, method: str) -> None:
    row = make_row(model, 7)
    user = make_staff(is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename=f"view_{model._meta.model_name}"))
    client = Client()
    client.force_login(user)
    answer = getattr(client, method)(url_of(model, view, *([] if view == "add" else [row.pk])), {"name": "x"})
    assert answer.status_code == (200 if (view, method) == ("change", "get") else 403)
    assert not Operation.objects.exists()


@pytest.mark.parametrize("model", MIRRORED)
def test_people_without_permission_see_nothing(model: type[Mirrored]) -> None:
    client = Client()
    client.force_login(make_staff(is_superuser=False))
    assert client.get(url_of(model, "changelist")).status_code == 403


def count_queries(model: type[Mirrored], client: Client, query: str = "") -> int:
    open_list(model, query, client=client)
    with CaptureQueriesContext(database) as queries:
        open_list(model, query, client=client)
    return len(queries)


@pytest.mark.parametrize("model", MIRRORED)
def test_more_rows_cost_no_more_queries(model: type[Mirrored]) -> None:
    client = Client()
    client.force_login(make_staff())
    make_row(model, 1)
    few = count_queries(model, client)
    for number in range(2, 12):
        make_row(model, number)
    assert count_queries(model, client) == few


FULL: dict[str, Callable[[int], Any]] = {
    "proposals.Proposal": lambda n: make_proposal(
        company=make_company(), owner=make_account_user(), price_total=n, view_count=n, viewed_at=AS_OF
    ),
    "contacts.Company": lambda n: make_person(company=make_company(name=f"c{n}")),
    "contacts.Person": lambda n: make_person(company=make_company()),
    "catalog.Product": lambda n: make_product(price=n),
}


@pytest.mark.parametrize("label", FULL)
def test_related_rows_cost_no_more_queries(label: str) -> None:
    model, make = apps.get_model(label), FULL[label]
    client = Client()
    client.force_login(make_staff())
    for number in range(2):
        make(number)
    few = count_queries(model, client)
    for number in range(2, 9):
        make(number)
    assert count_queries(model, client) == few


@pytest.mark.parametrize("query", ["", "?q=kantoor", "?status=open&total_min=1&owner=1&o=-2", "?p=2"])
def test_a_page_of_proposals_is_cheap(query: str) -> None:
    client = Client()
    client.force_login(make_staff())
    for number in range(60):
        make_proposal(price_total=number, company=make_company())
    caches["local"].clear()
    with CaptureQueriesContext(database) as first:
        client.get(url_of(Proposal, "changelist") + query)
    with CaptureQueriesContext(database) as queries:
        page = client.get(url_of(Proposal, "changelist") + query)
    # A search also reads why rows are hits whose names don't say so.
    for_reasons = 1 if "q=" in query else 0
    assert len(queries) <= MOST_QUERIES + for_reasons
    assert len(first) <= len(queries) + REMEMBERED
    assert len(page.content) < 150 * 1024
    assert sum("payload" in query["sql"] for query in queries) == for_reasons


def test_a_chosen_account_shows_its_rows_and_all_are_named() -> None:
    north, south = make_connection("north"), make_connection("south", label="Zuid Media")
    make_proposal(north, name="n")
    make_proposal(south, name="s")
    client = Client()
    client.force_login(make_staff())
    page = open_list(Proposal, client=client)
    assert set(page.names) == {"n", "s"}
    assert "Zuid Media" in page.cell("title") or "north" in page.cell("title")
    session = client.session
    session[accounts.SESSION_KEY] = south.pk
    session.save()
    page = open_list(Proposal, client=client)
    assert page.names == ["s"]
    assert "Zuid Media" not in page.cell("title")
    assert page.context["range_text"] == "1–1 of 1"


@pytest.mark.parametrize("query", ["?p=0", "?p=-3", "?p=x", "?p=99999", "?p=99999999999999999999"])
def test_a_page_that_does_not_exist_is_the_nearest_one(query: str) -> None:
    for number in range(51):
        make_proposal(name=str(number))
    assert len(open_list(Proposal, query).rows) in {1, 50}


@pytest.mark.parametrize("query", ["?o=99", "?o=-99", "?o=x", "?o=1", "?o=--2", "?o=", "?o=2.3.4", "?o=-"])
def test_an_order_that_does_not_exist_is_the_usual_one(query: str) -> None:
    make_proposal(name="only")
    assert open_list(Proposal, query).names == ["only"]


@pytest.mark.parametrize("number", [0, 2, 3, 4, 5])
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_order_is_total_and_has_its_index(number: int, sign: str) -> None:
    for name in "cabba":
        make_proposal(name=name, price_total=None if name == "a" else 3, view_count=None if name == "b" else 1)
    page = open_list(Proposal, f"?o={sign}{number}")
    keys = [row.pk for row in page.rows]
    assert len(keys) == len(set(keys)) == 5
    assert [row.pk for row in open_list(Proposal, f"?o={'' if sign else '-'}{number}").rows] == keys[::-1]
    if database.vendor == "sqlite":
        walked = page.context["cl"].walked.values("pk")[:50].explain()
        assert re.search(r"USING (COVERING )?INDEX proposals_by_", walked)
        assert "TEMP B-TREE" not in walked


def test_only_one_column_is_sorted_by() -> None:
    make_proposal()
    assert open_list(Proposal, "?o=-2.3").context["cl"].get_ordering_field_columns() == {2: "desc"}


def test_what_is_unknown_comes_before_the_smallest() -> None:
    make_proposal(name="unknown")
    make_proposal(name="nought", price_total=0)
    make_proposal(name="much", price_total=9)
    assert open_list(Proposal, "?o=2").names == ["unknown", "nought", "much"]
    assert open_list(Proposal, "?o=-2").names == ["much", "nought", "unknown"]


def test_the_newest_come_first() -> None:
    for remote_id in (5, 9, 7):
        make_proposal(name=str(remote_id), remote_id=remote_id)
    assert open_list(Proposal).names == ["9", "7", "5"]


def test_a_removed_row_still_has_its_page() -> None:
    row = make_proposal(removed_at=timezone.now())
    client = Client()
    client.force_login(make_staff())
    assert client.get(url_of(Proposal, "change", row.pk)).status_code == 200


def test_names_are_text_and_never_html() -> None:
    make_proposal(name="<b>bold</b>", number='"><script>x()</script>', company_name="<i>it</i>", owner_name="<u>")
    html = open_list(Proposal).html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "<script>x()" not in html
    assert "<i>it</i>" not in html
