"""Every stored answer maps, with the values and notes that it calls for."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.other_systems.systems import registry
from offorte_portal.other_systems.systems.interface import RecordKey
from offorte_portal.other_systems.systems.quote import Quote, Status
from tests.other_systems.systems.conftest import SAMPLES, sample


def map_sample(system: str, raw: Any, records: dict[RecordKey, Any] | None = None, **options: Any) -> Quote:
    """The quote of an answer."""
    found = registry.find(system)
    return found.mapper(found.complete(options)).map(raw, records or {})


def codes(quote: Quote) -> set[str]:
    """Which notes a quote has."""
    return {note.code for note in quote.notes}


def quotes_in(system: str, data: Any) -> list[Any]:
    """The quotes of any sample of a system: a list's or one by itself."""
    if system == "workspace":
        inner = data["response"]["data"]
        if not isinstance(inner, dict) or "Supported actions" in inner or "Template" in inner:
            return []
        listed: list[Any] = inner.get("Quotations", [inner])
        return listed
    if isinstance(data, list) and len(data) == 1 and "items" in data[0]:
        data = data[0]
    if isinstance(data, dict) and ("items" in data or "data" in data):
        data = data.get("items", data.get("data"))
    found: list[Any] = data if isinstance(data, list) else [data]
    return found


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("options", [{}, {"money_divisor": 1000}], ids=["plain", "calibrated"])
def test_every_sample_maps_whatever_it_is_of(path: Any, options: dict[str, Any]) -> None:
    """Things that are no quotes are mapped as well: nothing that a system answers may be an exception."""
    system = {"coreapi": "fynn"}.get(path.parent.name, path.parent.name)
    for raw in quotes_in(system, sample(f"{path.parent.name}/{path.stem}")):
        quote = map_sample(system, raw, **options)
        assert isinstance(quote.status, Status)
        assert all(isinstance(note.code, str) for note in quote.notes)


class TestCirrus:
    @pytest.mark.parametrize(
        ("number", "status", "total", "title"),
        [
            (4101, "closed", "3220.0", "Carport"),
            (4102, "lost", "1200.0", "Quote 4102"),
            (4103, "won", "38520.0", "Lagerhall"),
            (4104, "open", "25980.0", "Renovering foajé"),
            (4105, "edit", "18600.0", "Villa Ek, tak"),
        ],
    )
    def test_header(self, number: int, status: str, total: str, title: str) -> None:
        quote = map_sample("cirrus", sample(f"cirrus/quote_detail_{number}"))
        assert (quote.status, quote.total, quote.title) == (status, Decimal(total), title)
        assert quote.currency == "SEK"
        assert "total_differs" not in codes(quote)
        assert codes(quote) == {"customer_unread", "vat_unknown"}

    def test_rows_by_their_own_totals_in_their_order(self) -> None:
        quote = map_sample("cirrus", sample("cirrus/quote_detail_4103"))
        assert [(row.quantity, row.price, row.total, row.unit) for row in quote.rows] == [
            (Decimal(20), Decimal("1395.0"), Decimal("27400.0"), "st"),
            (Decimal(16), Decimal("695.0"), Decimal("11120.0"), "tim"),
        ]
        assert quote.rows[0].article == "TS-8000"

    def test_people_dates_and_comments(self) -> None:
        quote = map_sample("cirrus", sample("cirrus/quote_detail_4104"))
        assert (quote.owner_name, quote.owner_email) == ("Erik Sandberg", "erik.sandberg@example.com")
        assert (quote.people[0].name, quote.people[0].email) == ("Jonas Berg", "jonas.berg@havsbris.example")
        assert (quote.quoted_on, quote.valid_until) == (date(2025, 2, 27), date(2025, 3, 29))
        assert quote.updated_at == datetime(2025, 2, 27, 14, 15, 22, tzinfo=UTC)
        assert quote.introduction == "Pris exkl. resor"

    def test_account_article_and_order_each_give_their_part(self) -> None:
        records = {
            RecordKey("account", "310"): sample("cirrus/account_detail_310"),
            RecordKey("article", "801"): sample("cirrus/article_detail_801"),
            RecordKey("order", "4103"): {"id": 2203, "placedate": "2025-02-21T10:00:00Z"},
        }
        quote = map_sample("cirrus", sample("cirrus/quote_detail_4103"), records)
        assert quote.company is not None
        assert quote.company.vat_number == "SE000000000001"
        assert (quote.company.street, quote.company.zipcode, quote.company.city) == (
            "Storgatan 1",
            "411 01",
            "Göteborg",
        )
        assert [row.vat for row in quote.rows] == [25, None]
        assert quote.accepted_at == datetime(2025, 2, 21, 10, tzinfo=UTC)

    def test_a_table_of_statuses_comes_first(self) -> None:
        raw = sample("cirrus/quote_detail_4104")
        assert map_sample("cirrus", raw, statuses={"2": "closed"}).status == Status.CLOSED
        draft = sample("cirrus/quote_detail_4105")
        assert map_sample("cirrus", draft, default_is_draft=False).status == Status.OPEN


class TestFynn:
    @pytest.mark.parametrize(
        ("number", "status", "total"),
        [
            ("1040", "closed", None),
            ("1042", "edit", "12525.50"),
            ("1043", "open", "4800.00"),
            ("1044", "open", "9900.00"),
            ("1045", "won", "15000.00"),
            ("1046", "won", "24000.00"),
        ],
    )
    def test_header(self, number: str, status: str, total: str | None) -> None:
        quote = map_sample("fynn", sample(f"coreapi/offer_detail_ANG-{number}"))
        assert (quote.number, quote.status) == (f"ANG-{number}", status)
        assert quote.total == (None if total is None else Decimal(total))
        assert len(quote.rows) == (0 if total is None else 1)

    def test_an_archived_offer_without_anything(self) -> None:
        quote = map_sample("fynn", sample("coreapi/offer_detail_ANG-1040"))
        assert codes(quote) >= {"lost_unclear", "customer_missing", "person_missing", "total_missing", "rows_missing"}
        assert quote.title == "Altes Angebot"

    def test_opaque_prices_are_one_row_with_a_note(self) -> None:
        raw = sample("coreapi/offer_detail_ANG-1046")
        assert codes(map_sample("fynn", raw)) >= {"contract_value", "rows_lumped"}
        assert "pricing_opaque" in codes(map_sample("fynn", raw | {"proposal": {"plan": 1}}))
        (row,) = map_sample("fynn", raw).rows
        assert (row.description, row.total, row.vat) == ("Basisvertrag", Decimal(24000), None)

    def test_documents_are_known_by_their_ids_only(self) -> None:
        quote = map_sample("fynn", sample("coreapi/offer_detail_ANG-1046"))
        assert [document.key[-2:] for document in quote.documents] == ["51", "52", "53"]
        assert quote.documents[0].name == "ANG-1046-signed.pdf"
        assert not any("http" in document.key + document.name for document in quote.documents)

    def test_a_precision_that_no_currency_has(self) -> None:
        raw = sample("coreapi/offer_detail_ANG-1046")
        raw["contractValue"]["precision"] = 123
        quote = map_sample("fynn", raw)
        assert (quote.total, quote.rows) == (None, ())
        assert "precision" in codes(quote)
        assert "total_missing" not in codes(quote)

    def test_the_contact_person_counts_only_without_recipients(self) -> None:
        raw = sample("coreapi/offer_detail_ANG-1044")
        assert [person.email for person in map_sample("fynn", raw).people] == [
            "klara@beispiel.example",
            "cfo@beispiel.example",
        ]
        assert [one.name for one in map_sample("fynn", raw | {"recipients": []}).people] == ["Klara Muster"]

    def test_signed_and_archived_is_won_where_that_is_wanted(self) -> None:
        raw = sample("coreapi/offer_detail_ANG-1046") | {"status": "archived"}
        assert map_sample("fynn", raw).status == Status.CLOSED
        assert map_sample("fynn", raw, archived_signed_is_won=True).status == Status.WON
        assert map_sample("fynn", raw, statuses={"archived": "lost"}).status == Status.LOST


class TestWorkspace:
    def test_no_totals_before_it_was_calibrated(self) -> None:
        raw = sample("workspace/quotation_detail_53.verbatim")["response"]["data"]
        quote = map_sample("workspace", raw)
        assert (quote.total, quote.total_vat, quote.rows) == (None, None, ())
        assert "money_scale" in codes(quote)
        assert not codes(quote) & {"total_missing", "rows_missing"}

    @pytest.mark.parametrize(
        ("divisor", "total", "vat"), [(100, "107000", "22470"), (1000, "10700", "2247"), (10_000, "1070", "224.7")]
    )
    def test_calibrated(self, divisor: int, total: str, vat: str) -> None:
        raw = sample("workspace/quotation_detail_53.verbatim")["response"]["data"]
        quote = map_sample("workspace", raw, money_divisor=divisor)
        assert (quote.total, quote.total_vat, quote.currency) == (Decimal(total), Decimal(vat), "EUR")
        (row,) = quote.rows
        assert (row.description, row.vat) == ("Schilderen pand", Decimal(21))
        assert "rows_lumped" in codes(quote)
        assert "vat_odd" not in codes(quote)

    @pytest.mark.parametrize(("number", "status"), [(53, "edit"), (212, "edit"), (213, "open")])
    def test_status(self, number: int, status: str) -> None:
        raw = sample(f"workspace/quotation_detail_{number}")["response"]["data"]
        assert map_sample("workspace", raw).status == status

    def test_accepted_comes_before_the_table_the_table_before_sent(self) -> None:
        raw = sample("workspace/quotations_list")["response"]["data"]["Quotations"][3]
        assert map_sample("workspace", raw, statuses={"1": "lost"}).status == Status.WON
        sent = sample("workspace/quotation_detail_213")["response"]["data"]
        assert map_sample("workspace", sent, statuses={"1": "lost"}).status == Status.LOST

    def test_times_are_of_amsterdam_and_the_discount_counts_once(self) -> None:
        raw = sample("workspace/quotation_detail_213")["response"]["data"]
        quote = map_sample("workspace", raw, money_divisor=1000)
        assert quote.sent_at == datetime(2013, 5, 10, 7, tzinfo=UTC)
        assert quote.total == 4500
        assert quote.people[0].name == "Mevr. De Wit"

    def test_mixed_vat_is_noted(self) -> None:
        raw = sample("workspace/quotation_detail_213")["response"]["data"]
        raw["Quotation"]["total_price_vat"] = "700000"
        quote = map_sample("workspace", raw, money_divisor=1000)
        (note,) = [note for note in quote.notes if note.code == "vat_odd"]
        assert note.values == {"percentage": "15.56"}

    def test_lines_that_do_come_are_kept_and_noted(self) -> None:
        raw = sample("workspace/quotation_detail_213")["response"]["data"]
        raw["QuotationLine"] = [{"what": "ever"}, {"what": "else"}]
        notes = {note.code: note.values for note in map_sample("workspace", raw).notes}
        assert notes["rows_unread"] == {"count": "2"}


class TestAdministrate:
    @pytest.mark.parametrize(
        ("number", "status", "total"),
        [("1", "edit", "0"), ("7", "open", "1050"), ("8", "edit", "0"), ("25", "won", "2400"), ("26", "lost", "0")],
    )
    def test_header(self, number: str, status: str, total: str) -> None:
        quote = map_sample("administrate", sample(f"administrate/opportunity_detail_{number}"))
        assert (quote.status, quote.total, quote.currency) == (status, Decimal(total), "GBP")

    def test_the_seller_is_never_the_customer(self) -> None:
        quote = map_sample("administrate", sample("administrate/opportunity_detail_7.verbatim"))
        assert quote.company is None
        (note,) = [note for note in quote.notes if note.code == "customer_is_seller"]
        assert note.values == {"company": "Acme Corp"}

    def test_the_account_is_the_customer(self) -> None:
        raw = sample("administrate/opportunity_detail_25")
        account = {"id": 4, "name": "Northwind Colleges Ltd", "vat_number": "GB1", "address_town": "Leeds"}
        contact = {"id": 12, "first_name": "Jane", "last_name": "Doe", "email": "jane@northwind.example"}
        records = {RecordKey("account", "4"): account, RecordKey("contact", "12"): contact}
        quote = map_sample("administrate", raw, records)
        assert quote.company is not None
        assert (quote.company.name, quote.company.city) == ("Northwind Colleges Ltd", "Leeds")
        assert quote.people[0].email == "jane@northwind.example"

    def test_the_latest_quote_counts(self) -> None:
        quote = map_sample("administrate", sample("administrate/opportunity_detail_25"))
        assert [(row.quantity, row.price) for row in quote.rows] == [(Decimal(2), Decimal(1200))]
        assert quote.valid_until == date(2016, 12, 1)
        assert quote.accepted_at is not None
        assert [document.key for document in quote.documents] == ["quote-2", "quote-3"]
        assert quote.reference == "LEGACY-25"

    def test_missing_price_and_quantity(self) -> None:
        quote = map_sample("administrate", sample("administrate/opportunity_detail_1"))
        (row,) = quote.rows
        assert (row.quantity, row.price, row.description) == (Decimal(1), Decimal(0), "Another Tester Event")
        assert "price_missing" in codes(quote)

    def test_a_bare_quote_is_no_exception(self) -> None:
        raw = sample("administrate/opportunity_detail_7") | {"quotes": [{"id": 9, "value": Decimal("99.5")}]}
        assert map_sample("administrate", raw).total == Decimal("99.5")

    @pytest.mark.parametrize(
        ("stage", "closed", "status"),
        [
            ("Open", True, "closed"),
            ("Parked", None, "open"),
            ("Parked", True, "closed"),
            ("won - big", True, "won"),
            ("LOST", None, "lost"),
        ],
    )
    def test_stages(self, stage: str, closed: bool | None, status: str) -> None:
        raw = sample("administrate/opportunity_detail_7")
        raw["step"] |= {"closed": closed, "stage": {"status": stage}}
        assert map_sample("administrate", raw).status == status
        assert map_sample("administrate", raw, statuses={"1": "open"}).status == Status.OPEN
