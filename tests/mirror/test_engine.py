"""Merge, never blank; older news never wins; what is unchanged is not written; deletion is a tombstone."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from catalog.mirror import DIRECTORIES, PRODUCTS
from catalog.models import Product, ProductDirectory
from contacts.mirror import COMPANIES, PEOPLE
from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.engine import apply_list, apply_object
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from proposals.mirror import PROPOSALS, USERS
from proposals.models import PriceRow, PriceTable, Proposal
from tests.mirror.conftest import LATER, NOW
from tests.mirror.details import told
from tests.support import warnings

pytestmark = pytest.mark.django_db


def company(**fields: Any) -> dict[str, Any]:
    return {"id": 7, "name": "De Vries Bouw BV", "city": "Breda", **fields}


def test_a_list_item_becomes_a_row_with_its_whole_payload(account: int) -> None:
    raw = company(vat_number="NL123455678", something_new={"a": 1})
    applied = apply_list(account, COMPANIES, [raw], as_of=NOW)
    row = Company.objects.get()
    assert (applied.items, applied.new, applied.changed) == (1, 1, 0)
    assert (row.remote_id, row.name, row.city, row.vat_number) == (7, "De Vries Bouw BV", "Breda", "NL123455678")
    assert row.payload == raw
    assert row.as_of == NOW


def test_a_missing_key_keeps_its_column_and_null_empties_it(account: int) -> None:
    apply_list(account, COMPANIES, [company(phone="076", street="Ginnekenweg 1")], as_of=NOW)
    apply_list(account, COMPANIES, [{"id": 7, "name": "De Vries", "street": None}], as_of=LATER)
    row = Company.objects.get()
    assert (row.name, row.phone, row.street, row.city) == ("De Vries", "076", "", "Breda")
    assert row.payload["phone"] == "076"


def test_what_is_unchanged_is_not_written(account: int) -> None:
    apply_list(account, COMPANIES, [company(people=[{"id": 1, "fullname": "Anna"}])], as_of=NOW)
    with CaptureQueriesContext(
        database,
    ) as queries:
        applied = apply_list(account, COMPANIES, [company(people=[{"id": 1, "fullname": "Anna"}])], as_of=LATER)
    assert [query["sql"][:6] for query in queries] == ["SELECT"]
    assert (applied.new, applied.changed) == (0, 0)
    assert applied.seen == {"companies": [7], "people": [1]}


def test_older_news_never_wins(account: int) -> None:
    apply_list(account, COMPANIES, [company(name="New")], as_of=LATER)
    apply_list(account, COMPANIES, [company(name="Old")], as_of=NOW)
    apply_object(account, COMPANIES, 7, company(name="Old too"), as_of=NOW)
    assert mark_removed(account, COMPANIES, [7], as_of=NOW) == 0
    assert (Company.objects.get().name, Company.objects.get().removed_at) == ("New", None)


def test_an_event_undone_before_the_next_list_is_undone_here(account: int) -> None:
    apply_list(account, COMPANIES, [company()], as_of=NOW)
    apply_object(account, COMPANIES, 7, {"name": "Other"}, as_of=LATER)
    apply_list(account, COMPANIES, [company()], as_of=LATER)
    assert Company.objects.get().name == "De Vries Bouw BV"


def test_people_inside_companies_become_rows_of_their_company(account: int) -> None:
    people = [{"id": 1, "fullname": "Anna de Vries", "email": "anna@example.com"}, {"id": "2", "fullname": "Piet"}]
    apply_list(account, COMPANIES, [company(people=people)], as_of=NOW)
    assert {(person.remote_id, person.company and person.company.remote_id) for person in Person.objects.all()} == {
        (1, 7),
        (2, 7),
    }
    assert "anna@example.com" in Company.objects.get().search_text


def test_a_person_who_moves_follows_to_the_other_company(account: int) -> None:
    apply_list(account, COMPANIES, [company(people=[{"id": 1, "fullname": "Anna"}]), {"id": 8}], as_of=NOW)
    apply_list(account, COMPANIES, [company(people=[]), {"id": 8, "people": [{"id": 1}]}], as_of=LATER)
    person = Person.objects.get()
    assert person.company_remote_id == 8
    assert person.company == Company.objects.get(remote_id=8)


def test_a_proposal_is_linked_when_its_company_comes(account: int) -> None:
    apply_list(account, PROPOSALS, [{"id": 1, "company_id": 7, "name": "Offer", "status": "open"}], as_of=NOW)
    assert Proposal.objects.get().company is None
    apply_list(account, COMPANIES, [company()], as_of=NOW)
    assert Proposal.objects.get().company == Company.objects.get()


def test_links_stay_within_the_account(account: int) -> None:
    other = Connection.objects.create(account="media", client_id="id", client_secret="secret").pk
    apply_list(other, COMPANIES, [company()], as_of=NOW)
    apply_list(account, PROPOSALS, [{"id": 1, "company_id": 7}], as_of=NOW)
    assert Proposal.objects.get().company is None


def test_a_product_takes_its_directory_from_the_list_it_was_in(account: int) -> None:
    apply_list(account, DIRECTORIES, [{"id": 5, "name": "Wanden"}, {"id": 6, "name": "Vloeren"}], as_of=NOW)
    apply_list(account, PRODUCTS, [{"id": 1, "name": "Gipsplaat"}], as_of=NOW, bucket="5")
    assert Product.objects.get().directory == ProductDirectory.objects.get(remote_id=5)
    apply_list(account, PRODUCTS, [{"id": 1, "name": "Gipsplaat"}], as_of=LATER, bucket="6")
    product = Product.objects.get()
    assert product.directory == ProductDirectory.objects.get(remote_id=6)
    assert (product.price, product.sku, product.is_optional) == (None, None, None)


def test_a_tombstone_takes_its_parts_and_rows_come_back(account: int) -> None:
    item = company(people=[{"id": 1, "fullname": "Anna"}])
    apply_list(account, COMPANIES, [item], as_of=NOW)
    assert mark_removed(account, COMPANIES, [7], as_of=LATER) == 2
    assert not Company.objects.present().exists()
    assert not Person.objects.present().exists()
    apply_list(account, COMPANIES, [item], as_of=LATER)
    assert Company.objects.present().exists()
    assert Person.objects.present().exists()


def test_hidden_is_not_removed_and_ends_when_it_is_seen(account: int) -> None:
    apply_list(account, COMPANIES, [company()], as_of=NOW)
    mark_hidden(account, COMPANIES, 7, as_of=LATER)
    assert Company.objects.present().get().is_hidden
    apply_list(account, COMPANIES, [company()], as_of=LATER)
    assert not Company.objects.get().is_hidden


@pytest.mark.parametrize("raw", [{"name": "no id"}, {"id": None}, {"id": "x"}, {"id": 2**70}, "text", None, []])
def test_an_item_without_a_usable_id_is_left_out_and_named(account: int, raw: Any) -> None:
    applied = apply_list(account, USERS, [raw, {"id": 1, "firstname": "Sanne"}], as_of=NOW)
    assert applied.seen == {"users": [1]}
    assert told(applied) == ["An item without a usable ID was skipped."]


def test_an_unreadable_value_leaves_the_rest_and_a_warning(account: int) -> None:
    raw = {"id": 1, "name": "Offer", "price_total": "much", "version_id": 2**80, "status": "x" * 50}
    applied = apply_list(account, PROPOSALS, [raw], as_of=NOW, bucket="open")
    row = Proposal.objects.get()
    assert (row.name, row.price_total, row.version_id) == ("Offer", None, None)
    assert len(row.warnings) == 3
    assert told(applied) == warnings.read(row.warnings)


@pytest.mark.parametrize("other", [5, True, 1.5, "text", {"id": 1}, None])
def test_something_else_where_a_list_belongs_is_no_list(account: int, other: Any) -> None:
    apply_list(account, COMPANIES, [company(people=other)], as_of=NOW)
    apply_list(account, PROPOSALS, [{"id": 1, "name": "Offer", "receivers": other}], as_of=NOW)
    apply_object(account, PROPOSALS, 1, {"content": {"pricetables": [{"id": "one", "vat": other}]}}, as_of=LATER)
    assert Company.objects.get().search_text == "de vries bouw bv\n\x1d\n\x1e\n\x1f\nbreda"
    assert Proposal.objects.get().search_text == "offer\n\x1d\n\x1e\n\x1f"
    assert not Person.objects.exists()
    assert PriceTable.objects.get().vat_lines == []


@pytest.mark.parametrize("table", [{}, {"id": None}])
def test_a_price_table_without_its_id_has_none_and_a_warning(account: int, table: dict[str, Any]) -> None:
    tables = [{**table, "rows": [{"type": "price", "price": 5}]}, {"id": "two", "rows": []}]
    applied = apply_object(account, PROPOSALS, 1, {"name": "Offer", "content": {"pricetables": tables}}, as_of=NOW)
    assert [table.key for table in PriceTable.objects.all()] == ["", "two"]
    assert PriceRow.objects.get().table.key == ""
    assert told(applied) == ["content.pricetables[0].key: missing"]


@pytest.mark.parametrize("amount", ["9" * 16, "1e20", "-" + "9" * 30])
def test_an_amount_of_too_many_digits_is_a_warning(account: int, amount: str) -> None:
    apply_list(account, PROPOSALS, [{"id": 1, "price_total": amount}], as_of=NOW)
    assert Proposal.objects.get().price_total is None
    assert Proposal.objects.get().warnings


def test_fifteen_digits_and_cents_are_kept(account: int) -> None:
    apply_list(account, PROPOSALS, [{"id": 1, "price_total": "123456789.25"}], as_of=NOW)
    assert Proposal.objects.get().price_total == Decimal("123456789.25")


@pytest.mark.parametrize("name", ['O\'Brien "& Zn"', "🏗️ Bouw", "שלום", "x" * 10_000, "nul\x00byte", "half\ud800pair"])
def test_any_text_can_be_kept(account: int, name: str) -> None:
    apply_list(account, COMPANIES, [company(name=name)], as_of=NOW)
    kept = Company.objects.get()
    assert kept.name == name.replace("\x00", "\ufffd").replace("\ud800", "?")
    assert kept.payload["name"] == kept.name


def test_an_unknown_person_can_be_applied_without_a_company(account: int) -> None:
    apply_object(account, PEOPLE, 3, {"fullname": "Anna"}, as_of=NOW)
    assert Person.objects.get().company is None
