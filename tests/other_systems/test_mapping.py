"""From stored answers to columns, again and again; calibration; what a test of a connection keeps."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from offorte_portal.other_systems import calibration
from offorte_portal.other_systems.mapping import remap
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.other_systems.opening import fetch_document
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.systems.errors import Missing
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import SYSTEMS, run_import
from tests.other_systems.dumps import dump_quotes


def codes(quote: Any) -> set[str]:
    return {note["code"] for note in quote.notes}


class TestCalibration:
    def test_one_known_quote_gives_all_their_totals(
        self, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        source = add_source("workspace", options={})
        run_import(source)
        assert not source.quotes.filter(total__isnull=False).exists()
        assert source.quotes.filter(has_blocking_notes=True).count() == 24
        asked = len(other.requests)
        quote = source.quotes.get(number="2013-0003")
        euros = Decimal(other.workspace.quotations[2]["total_price"]) / 1000
        assert calibration.calibrate(source, quote, euros) == 1000
        quote.refresh_from_db()
        assert (quote.total, quote.has_blocking_notes) == (euros, False)
        assert source.quotes.filter(total__isnull=True).count() == 0
        assert len(other.requests) == asked, "what was read is enough"
        calibration.set_divisor(source, None)
        assert not source.quotes.filter(total__isnull=False).exists()
        assert not quote.rows.exists()

    @pytest.mark.parametrize(
        ("amount", "reason"),
        [("1", "match the quote"), ("0", "other than 0"), ("with", "including VAT"), ("off", "match the quote")],
    )
    def test_an_amount_that_cant_be(
        self, amount: str, reason: str, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        source = add_source("workspace", options={})
        run_import(source)
        quote = source.quotes.get(number="2013-0003")
        raw = other.workspace.quotations[2]
        total, vat = Decimal(raw["total_price"]) / 1000, Decimal(raw["total_price_vat"]) / 1000
        typed = {"with": total + vat, "off": total + Decimal("0.01")}.get(amount) or Decimal(amount)
        with pytest.raises(ValidationError, match=reason):
            calibration.calibrate(source, quote, typed)
        source.refresh_from_db()
        assert source.options == {}

    @pytest.mark.parametrize(
        ("raw", "amount", "divisor"),
        [("10700000", "107000", 100), ("10700000", "10700", 1000), ("10700000", "1070", 10_000), ("5", "5", 1)],
    )
    def test_divisors(self, raw: str, amount: str, divisor: int) -> None:
        assert calibration.find_divisor(Decimal(raw), Decimal(amount)) == divisor


class TestNotes:
    """What is odd about a quote is noted on it, and never keeps it out."""

    @pytest.mark.parametrize(("off", "is_noted"), [("0.01", False), ("0.02", True), ("1000", True)])
    def test_totals_that_differ_from_their_rows(
        self, off: str, is_noted: bool, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        raw = other.cirrus.quotes[0]
        raw["price"] = float(Decimal(str(raw["price"])) + Decimal(off))
        source = add_source("cirrus")
        run_import(source)
        quote = source.quotes.get(external_id=str(raw["id"]))
        assert ("total_differs" in codes(quote)) is is_noted

    def test_mixed_currencies_no_customer_no_name_and_300_rows(
        self, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        mixed, nobody, nameless, long = other.cirrus.quotes[:4]
        mixed["rows"][0]["currencycode"] = "EUR"
        nobody |= {"account": None, "contact": None}
        nameless["account"] = {"id": 9999, "name": ""}
        long["rows"] = [long["rows"][0] | {"id": number, "sortorder": number} for number in range(300)]
        source = add_source("cirrus")
        assert run_import(source).state == "done"
        quotes = {quote.external_id: quote for quote in source.quotes.all()}
        assert "currencies_mixed" in codes(quotes[str(mixed["id"])])
        assert codes(quotes[str(nobody["id"])]) >= {"customer_missing", "person_missing"}
        assert codes(quotes[str(nameless["id"])]) >= {"customer_nameless", "customer_unread"}
        assert quotes[str(long["id"])].rows.count() == 300
        assert quotes[str(nobody["id"])].company is None

    def test_an_unknown_status_and_a_missing_currency(
        self, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        raw = other.cirrus.quotes[0]
        raw |= {"currencycode": "", "status": {"id": 77, "name": "Parkerad", "metatype": "parked"}}
        source = add_source("cirrus")
        run_import(source)
        quote = source.quotes.get(external_id=str(raw["id"]))
        assert (quote.status, quote.status_text, quote.currency) == ("open", "Parkerad", "SEK")
        assert codes(quote) >= {"status_unknown", "currency_assumed"}
        source.options = {"statuses": {"77": "lost"}}
        source.save()
        remap(source)
        quote.refresh_from_db()
        assert (quote.status, "status_unknown" in codes(quote)) == ("lost", False)


def test_mapping_again_without_a_change_writes_nothing(
    add_source: Callable[..., Source], django_assert_max_num_queries: Any
) -> None:
    source = add_source("cirrus")
    run_import(source)
    before = dump_quotes(source)
    with django_assert_max_num_queries(10):
        assert remap(source) == 24
    assert dump_quotes(source) == before


def test_customers_and_people_are_one_row_each(add_source: Callable[..., Source]) -> None:
    source = add_source("cirrus")
    run_import(source)
    assert source.matches.filter(kind=PartyMatch.Kind.COMPANY).count() == 4
    people = source.matches.filter(kind=PartyMatch.Kind.PERSON)
    assert people.count() == 4
    assert all(person.company is not None for person in people)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_test_keeps_one_answer_without_names_and_figures(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    assert probe(source)
    assert json.loads(source.sample)
    for word in ("Schilder", "Nordvik", "nordvik", "Muster", "7919", "example"):
        assert word not in source.sample
    assert len(other.requests) <= 3
    assert (source.state, bool(source.known_statuses)) == ("ready", system in {"cirrus", "administrate"})
    assert len(source.known_layouts) == (3 if system == "workspace" else 0)


def test_a_test_of_an_empty_system(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    other.workspace.quotations.clear()
    source = add_source("workspace")
    assert probe(source)
    assert source.sample == ""


def test_documents_come_through_the_portal(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source("fynn")
    run_import(source)
    quote = source.quotes.filter(status="won").exclude(documents=[]).first()
    assert quote is not None
    name, file = fetch_document(quote, 0)
    assert (name, file.content[:4]) == ("signed.pdf", b"%PDF")
    assert "coreapi.io/secret" not in quote.raw
    with pytest.raises(Missing):
        fetch_document(quote, 3)
