"""Nothing of a price is lost silently: what the portal is not sure of is noted on the quote."""

from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.other_systems.systems.administrate.mapper import AdministrateMapper
from offorte_portal.other_systems.systems.interface import RecordKey
from offorte_portal.other_systems.systems.quote import Quote
from offorte_portal.other_systems.systems.reading import Reading
from tests.other_systems.systems.conftest import sample
from tests.other_systems.systems.test_samples import codes, map_sample


def values(quote: Quote, code: str) -> list[dict[str, Any]]:
    return [dict(note.values) for note in quote.notes if note.code == code]


def quotation(**fields: Any) -> Any:
    raw = sample("workspace/quotation_detail_213")["response"]["data"]
    raw["Quotation"] |= fields
    return raw


def opportunity(**fields: Any) -> Any:
    return sample("administrate/opportunity_detail_7") | {"quotes": []} | fields


def interest(**fields: Any) -> dict[str, Any]:
    return {"id": 9, "event": None, "course": None, "item": None, "quantity": 1, "price": 100, "children": []} | fields


class TestCurrency:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("eur", "EUR"), ("Sek", "SEK"), (" GBP ", "GBP"), ("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("US$", "USD"),
            ("euro", "EUR"), ("EUR (€)", "EUR"), ("zł", "PLN"), ("", ""), ("kr", ""), ("EUR/USD", ""), ("none", ""),
        ],
    )  # fmt: skip
    def test_any_spelling_of_one(self, given: str, code: str) -> None:
        reading = Reading()
        assert reading.currency(given) == code
        assert [note.code for note in reading.notes] == (["unreadable"] if given.strip() and not code else [])

    def test_a_default_is_always_noted(self) -> None:
        reading = Reading()
        assert reading.currency("kr", "sek") == "SEK"
        assert [note.code for note in reading.notes] == ["unreadable", "currency_assumed"]

    def test_in_each_system(self) -> None:
        cirrus = sample("cirrus/quote_detail_4103") | {"currencycode": "sek"}
        cirrus["rows"][0]["currencycode"] = "Sek"
        made = map_sample("cirrus", cirrus)
        assert (made.currency, made.rows[0].currency, "currencies_mixed" in codes(made)) == ("SEK", "SEK", False)
        fynn = sample("coreapi/offer_detail_ANG-1046")
        fynn["contractValue"]["currencyCode"] = "€"
        assert map_sample("fynn", fynn).currency == "EUR"
        assert map_sample("administrate", opportunity(currency={"id": "gbp"})).currency == "GBP"
        assert map_sample("administrate", opportunity(currency="£")).currency == "GBP"

    def test_assumed_ones_in_each_system(self) -> None:
        cirrus = map_sample("cirrus", sample("cirrus/quote_detail_4103") | {"currencycode": None})
        offer = sample("coreapi/offer_detail_ANG-1046")
        offer["contractValue"]["currencyCode"] = None
        fynn = map_sample("fynn", offer)
        customer = {RecordKey("customer", offer["customer"]["id"]): {"currencyCode": "chf"}}
        told = [
            (cirrus, "SEK"),
            (fynn, "EUR"),
            (map_sample("fynn", offer, customer), "CHF"),
            (map_sample("workspace", quotation()), "EUR"),
            (map_sample("administrate", opportunity(currency=None)), "GBP"),
        ]
        for quote, currency in told:
            assert (quote.currency, values(quote, "currency_assumed")) == (currency, [{"currency": currency}])


class TestDiscounts:
    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"discount": "10"}, "10%"),
            ({"discount": "7.50", "total_price_discount": "450000"}, "7.5%, 450.00"),
            ({"discount": None, "total_price_discount": "450000"}, "450.00"),
            ({"discount": "0", "total_price_discount": "0"}, None),
            ({"discount": ""}, None),
        ],
    )
    def test_of_workspace(self, fields: dict[str, Any], told: str | None) -> None:
        quote = map_sample("workspace", quotation(**fields), money_divisor=1000)
        assert quote.total == 4500
        assert values(quote, "discount_unclear") == ([{"discount": told}] if told else [])

    def test_before_the_amounts_are_calibrated(self) -> None:
        raw = quotation(discount="10", total_price_discount="450000")
        assert values(map_sample("workspace", raw), "discount_unclear") == [{"discount": "10%, 450000.00"}]

    def test_of_rows_without_a_total_of_their_own(self) -> None:
        raw = sample("cirrus/quote_detail_4103")
        raw["rows"][0] |= {"totalprice": None, "discountpercent": 10, "discountamount": 0}
        assert values(map_sample("cirrus", raw), "discount_unclear") == [{"discount": "10"}]

    @pytest.mark.parametrize("given", [{"id": 1, "name": "Partner"}, "Partner"])
    def test_of_administrate(self, given: Any) -> None:
        assert values(map_sample("administrate", opportunity(discount_type=given)), "discount_unclear") == [
            {"discount": "Partner"}
        ]


class TestInterests:
    def test_parts_and_tracks_are_rows(self) -> None:
        part = interest(event={"title": "Day one"}, price=300, children=[interest(item={"name": "Book"}, price=20)])
        track = interest(track={"id": 1, "name": "Leadership"}, price=None, quantity=None, children=[part])
        quote = map_sample("administrate", opportunity(interests=[track], value=320))
        assert [(row.description, row.total) for row in quote.rows] == [
            ("Leadership", Decimal(0)), ("Day one", Decimal(300)), ("Book", Decimal(20)),
        ]  # fmt: skip
        assert not codes(quote) & {"total_differs", "price_missing", "quantity_missing"}

    def test_parts_of_a_generated_quote_too(self) -> None:
        raw = sample("administrate/opportunity_detail_7")
        raw["quotes"][0]["interests"][0]["children"] = [interest(course={"title": "Refresher"}, price=50)]
        quote = map_sample("administrate", raw)
        assert [row.total for row in quote.rows] == [1050, 50]
        assert values(quote, "total_differs") == [{"rows": "1100.00", "total": "1050.00"}]

    def test_a_track_beside_an_event(self) -> None:
        both = interest(track={"name": "Leadership"}, event={"title": "Day one"})
        (row,) = map_sample("administrate", opportunity(interests=[both])).rows
        assert row.description == "Day one · Leadership"

    def test_a_total_that_is_too_large_costs_itself_alone(self) -> None:
        huge = interest(item={"name": "Moon"}, price=10**14, quantity=10**14)
        quote = map_sample("administrate", opportunity(interests=[huge]))
        assert (quote.rows[0].total, values(quote, "unreadable")[0]["field"]) == (None, "Moon")


class TestStatuses:
    def test_unknown_ones_stay_in_the_pipeline_with_a_warning(self) -> None:
        cirrus = sample("cirrus/quote_detail_4104") | {"status": {"id": 77, "name": "Parkerad", "metatype": "parked"}}
        step = {"id": 9, "name": "Parked", "closed": None, "stage": {"status": "On hold"}}
        quotes = [
            map_sample("cirrus", cirrus),
            map_sample("cirrus", cirrus | {"status": None}),
            map_sample("fynn", sample("coreapi/offer_detail_ANG-1046") | {"status": "revoked"}),
            map_sample("workspace", quotation(status="7")),
            map_sample("workspace", quotation(status="7", date_sent=None)),
            map_sample("administrate", opportunity(step=step)),
            map_sample("administrate", opportunity(step=None)),
        ]
        assert {quote.status for quote in quotes} == {"open"}
        assert all("status_unknown" in codes(quote) for quote in quotes)

    def test_known_ones_in_any_case(self) -> None:
        quote = map_sample("fynn", sample("coreapi/offer_detail_ANG-1046") | {"status": "SIGNED"})
        assert (quote.status, "status_unknown" in codes(quote)) == ("won", False)


class TestCustomers:
    @pytest.mark.parametrize(
        ("system", "name"),
        [
            ("cirrus", "cirrus/quote_detail_4103"),
            ("fynn", "coreapi/offer_detail_ANG-1046"),
            ("administrate", "administrate/opportunity_detail_25"),
        ],
    )
    def test_an_unread_one_is_always_noted(self, system: str, name: str) -> None:
        assert "customer_unread" in codes(map_sample(system, sample(name)))
        assert "customer_unread" in codes(map_sample("workspace", quotation()))

    def test_the_contact_names_the_account_where_the_opportunity_does_not(self) -> None:
        raw = opportunity(account=None, contact={"id": 12, "name": "Jane Doe"})
        contact = {RecordKey("contact", "12"): {"id": 12, "last_name": "Doe", "account_id": 4}}
        account = {RecordKey("account", "4"): {"id": 4, "name": "Northwind Colleges Ltd"}}
        quote = map_sample("administrate", raw, contact | account)
        assert quote.company is not None
        assert (quote.company.external_id, quote.company.name) == ("4", "Northwind Colleges Ltd")
        assert not codes(quote) & {"customer_is_seller", "customer_unread", "person_unread"}

    def test_it_is_asked_for_once_the_contact_was_read(self) -> None:
        mapper = AdministrateMapper({})
        raw = opportunity(account=None, contact={"id": 12})
        assert [one.key for one in mapper.references(raw, {})] == [RecordKey("contact", "12")]
        contact, account = RecordKey("contact", "12"), RecordKey("account", "4")
        assert {one.key for one in mapper.references(raw, {contact: {"account_id": Decimal(4)}})} == {contact, account}
