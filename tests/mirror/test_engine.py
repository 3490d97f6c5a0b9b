"""Merge, never blank; older news never wins; what is unchanged is not written; deletion is a tombstone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, ProductDirectory
from contacts.models import Company, Person
from offorte_portal.mirror.account import USERS
from offorte_portal.mirror.catalog import DIRECTORIES, PRODUCTS
from offorte_portal.mirror.contacts import COMPANIES, PEOPLE
from offorte_portal.mirror.engine import apply_list, apply_object, mark_hidden, mark_removed
from offorte_portal.mirror.proposals import PROPOSALS
from offorte_portal.models import Connection
from proposals.models import Comment, PriceRow, PriceTable, Proposal

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def account() -> int:
    return Connection.objects.create(account="bouw", client_id="id", client_secret="secret").pk


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


def test_a_key_that_is_missing_keeps_its_column_and_null_empties_it(account: int) -> None:
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


def test_an_event_that_was_undone_before_the_next_list_is_undone_here_too(account: int) -> None:
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


def test_a_proposal_of_an_unknown_company_is_linked_when_the_company_comes(account: int) -> None:
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


def test_a_tombstone_takes_what_is_inside_along_and_rows_seen_again_come_back(account: int) -> None:
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
    assert [oddity.message for oddity in applied.oddities] == ["An item without a usable id was left out."]


def test_a_value_that_cannot_be_read_leaves_the_rest_and_a_warning(account: int) -> None:
    raw = {"id": 1, "name": "Offer", "price_total": "much", "version_id": 2**80, "status": "x" * 50}
    applied = apply_list(account, PROPOSALS, [raw], as_of=NOW, bucket="open")
    row = Proposal.objects.get()
    assert (row.name, row.price_total, row.version_id) == ("Offer", None, None)
    assert len(row.warnings) == 3
    assert [oddity.message for oddity in applied.oddities] == row.warnings


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


DETAILS: dict[str, Any] = {
    "id": 1,
    "name": "Offer",
    "status": "open",
    "price_total": 100,
    "comments": [{"id": 11, "comment": "Why?", "type": "client"}, {"id": 12, "comment": "Because."}],
    "logs": {
        "summary": {"views": 2, "pdf": 0, "recent_view": "15 mei 2026 (06:49)"},
        "history": [{"action": "viewed"}],
    },
    "receivers": [{"id": 3, "fullname": "Anna", "email": "anna@example.com", "pass": "https://x/y"}],
    "emails": [{"id": 4, "message": "Hi", "receivers": [{"fullname": "Anna", "email": "anna@example.com"}]}],
    "content": {
        "pricetables": [
            {
                "id": "pricetable1",
                "total": 121,
                "settings": {"vat_default_percentage": 21, "vat_hidden": False, "rows_include_vat": False},
                "rows": [
                    {"type": "price", "content": "<p>A</p>", "count": 3, "price": 100, "vat_percentage": 21},
                    {"type": "title", "content": "B"},
                ],
                "vat": [{"percentage": 21, "total": 21, "group_name": "Hoog"}],
            }
        ]
    },
}


def test_details_become_rows_of_their_own(account: int) -> None:
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=NOW, details_for="f")
    row = Proposal.objects.get()
    assert (row.view_count, row.details_fingerprint, row.details_as_of) == (2, "f", NOW)
    assert "anna@example.com" in row.search_text
    table = PriceTable.objects.get()
    assert (table.key, table.total, table.is_vat_hidden) == ("pricetable1", Decimal(121), False)
    assert table.vat_lines == [{"percentage": "21", "total": "21", "group_name": "Hoog"}]
    assert [(r.type, r.content, r.price) for r in table.rows.all()] == [
        ("price", "<p>A</p>", Decimal(100)),
        ("title", "B", None),
    ]
    assert [(c.remote_id, c.comment) for c in row.comments.all()] == [(11, "Why?"), (12, "Because.")]
    assert row.receivers.get().link == "https://x/y"
    assert row.emails.get().receivers == [{"fullname": "Anna", "email": "anna@example.com"}]
    assert row.log_entries.get().action == "viewed"


def test_details_again_keep_the_rows_that_stay_and_drop_the_others(account: int) -> None:
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=NOW)
    before = Comment.objects.get(remote_id=12).pk
    changed = {**DETAILS, "comments": [{"id": 12, "comment": "So."}], "content": {"pricetables": []}}
    apply_object(account, PROPOSALS, 1, changed, as_of=LATER)
    assert [(c.pk, c.comment, c.position) for c in Comment.objects.all()] == [(before, "So.", 0)]
    assert not PriceTable.objects.exists()
    assert not PriceRow.objects.exists()


def test_details_without_a_list_keep_what_is_there(account: int) -> None:
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=NOW)
    apply_object(account, PROPOSALS, 1, {"id": 1, "comments": None, "content": {}}, as_of=LATER)
    assert Comment.objects.count() == 2
    assert PriceRow.objects.count() == 2


def test_parts_that_cannot_be_told_apart_are_named(account: int) -> None:
    raw = {"id": 1, "comments": ["text", {"comment": "no id"}, {"id": 5, "comment": "fine", "date": "soon"}]}
    applied = apply_object(account, PROPOSALS, 1, raw, as_of=NOW)
    assert Comment.objects.get().comment == "fine"
    assert len(applied.oddities) == 3


def test_the_first_details_leave_the_list_item_as_unchanged(account: int) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    apply_object(account, PROPOSALS, 1, DETAILS, as_of=LATER)
    with CaptureQueriesContext(database) as queries:
        apply_list(account, PROPOSALS, [item], as_of=LATER, bucket="open")
    assert len(queries) == 1


def test_details_that_say_otherwise_than_the_list_make_the_next_list_count(account: int) -> None:
    item = {"id": 1, "name": "Offer", "status": "open", "price_total": 100}
    apply_list(account, PROPOSALS, [item], as_of=NOW, bucket="open")
    apply_object(account, PROPOSALS, 1, {**DETAILS, "status": "won"}, as_of=LATER)
    assert Proposal.objects.get().status == "won"
    apply_list(account, PROPOSALS, [item], as_of=LATER, bucket="open")
    assert Proposal.objects.get().status == "open"


def test_an_unknown_person_can_be_applied_without_a_company(account: int) -> None:
    apply_object(account, PEOPLE, 3, {"fullname": "Anna"}, as_of=NOW)
    assert Person.objects.get().company is None
