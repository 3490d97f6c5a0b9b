"""Imports of all systems: in full, again without a change, with as few requests as there can be."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from django_q.models import OrmQ

from offorte_portal.other_systems import runs, storing, work
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, QuoteImport, Source
from offorte_portal.runs import schedules
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import SYSTEMS, run_import
from tests.other_systems.dumps import dump_quotes, dump_records

QUOTES = 24
CUSTOMERS = {"cirrus": 4, "fynn": 4, "workspace": 6, "administrate": 4}
# "Minimal calls" of each system.
CALLS = {
    "cirrus": ceil(QUOTES / 50) + 4,
    "fynn": ceil(QUOTES / 50) + QUOTES + 4,
    "workspace": 1 + 1,
    "administrate": ceil(QUOTES / 100) + 4 + 4,
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_imports_all_with_the_minimal_calls(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    run = run_import(source)
    assert (run.state, run.reason) == ("done", None)
    assert run.figures["seen"] == run.figures["new"] == QUOTES
    assert source.quotes.count() == QUOTES
    assert source.matches.filter(kind=PartyMatch.Kind.COMPANY).count() == CUSTOMERS[system]
    assert not source.quotes.filter(title="").exists()
    assert {one.method for one in other.requests} == {"GET"}
    assert len(other.sent(system)) <= CALLS[system] * 1.02
    assert len(set(other.sent(system))) == len(other.sent(system))
    assert run.figures["requests"] == len(other.sent(system))
    source.refresh_from_db()
    assert source.state == Source.State.READY
    assert source.imported_at == source.read_all_at == run.started_at


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_second_import_changes_nothing(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    run_import(source)
    before = dump_quotes(source), dump_records(source)
    run = run_import(source, everything=True)
    assert (run.state, run.figures["new"], run.figures.get("changed", 0)) == ("done", 0, 0)
    assert (dump_quotes(source), dump_records(source)) == before
    assert len(other.sent(system)) <= CALLS[system] * 2


def test_totals_are_those_of_the_systems(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    cirrus, fynn, workspace, administrate = (add_source(system) for system in SYSTEMS)
    for source in (cirrus, fynn, workspace, administrate):
        run_import(source)
    expected = {
        cirrus: sum(Decimal(str(one["price"])) for one in other.cirrus.quotes),
        fynn: sum(Decimal(one["contractValue"]["amount"]) / 100 for one in other.fynn.offers),
        workspace: sum(Decimal(one["total_price"]) / 1000 for one in other.workspace.quotations),
        administrate: sum(Decimal(str(one["value"])) for one in other.administrate.opportunities),
    }
    assert {source: source.quotes.aggregate(sum=Sum("total"))["sum"] for source in expected} == expected
    assert not ImportedQuote.objects.filter(notes__icontains="total_differs").exists()


def test_what_changed_is_changed_and_nothing_else(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source("cirrus")
    run_import(source)
    before = dump_quotes(source)
    quote = other.cirrus.quotes[3]
    quote |= {"marking": "Another name", "tsupdated": "2026-01-01T00:00:00Z"}
    run = run_import(source)
    assert (run.figures["new"], run.figures["changed"]) == (0, 1)
    after = dump_quotes(source)
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {str(quote["id"])}
    assert after[str(quote["id"])]["title"] == "Another name"
    accounts = [line for line in other.sent("cirrus") if "/accounts/" in line]
    assert len(accounts) == CUSTOMERS["cirrus"], "an account that is as it was is not read again"


def test_a_changed_account_is_read_again(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source("cirrus")
    run_import(source)
    account = other.cirrus.accounts[310] | {"name": "Nordvik Nya AB", "vatno": "SE999999999999"}
    other.cirrus.accounts[310] = account
    for quote in other.cirrus.quotes:
        if quote["account"]["id"] == 310:
            quote["account"] = quote["account"] | {"name": "Nordvik Nya AB"}
    run_import(source)
    match = source.matches.get(kind=PartyMatch.Kind.COMPANY, key="310")
    assert (match.name, match.details["vat_number"]) == ("Nordvik Nya AB", "SE999999999999")


def test_fynn_gets_only_offers_whose_date_of_change_is_another(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source("fynn")
    run_import(source)
    other.log.clear()
    offer = other.fynn.offers[0]
    offer |= {"name": "Renamed", "updatedAt": "2026-01-01T00:00:00+01:00"}
    run = run_import(source)
    assert [line for line in other.sent("fynn") if "/api/offers/" in line] == [f"GET /api/offers/{offer['id']}"]
    assert run.figures["changed"] == 1
    assert source.quotes.get(external_id=offer["id"]).title == "Renamed"


def test_fynn_gets_all_where_the_list_tells_no_dates(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    other.fynn.tells_updates = False
    source = add_source("fynn")
    run_import(source)
    other.log.clear()
    run_import(source)
    assert len([line for line in other.sent("fynn") if "/api/offers/" in line]) == QUOTES


def test_administrate_reads_changes_and_everything_once_a_week(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source("administrate")
    run_import(source)
    other.log.clear()
    other.administrate.opportunities[0] |= {"name": "Renamed", "updated_at": "2999-01-01T00:00:00Z"}
    run = run_import(source)
    assert run.since is not None
    assert (run.figures["seen"], run.figures["changed"], run.figures.get("missing", 0)) == (1, 1, 0)
    assert other.requests[0].query["_order"] == "updated_at,id"
    assert not source.quotes.filter(missing_since__isnull=False).exists()
    Source.objects.update(read_all_at=timezone.now() - timedelta(days=8))
    assert run_import(source).since is None


def test_more_than_a_page(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    for name in ("cirrus", "fynn", "administrate"):
        other.systems[name].__init__(120)  # type: ignore[misc]
        other.systems[name].url = f"{other.url}/{name}"
        source = add_source(name)
        run = run_import(source)
        assert (run.state, source.quotes.count()) == ("done", 120), name
    for form in (True, False):
        other.cirrus.is_in_list = form
        assert run_import(Source.objects.get(system="cirrus")).figures["seen"] == 120


def test_a_list_that_is_longer_than_a_query_takes(
    add_source: Callable[..., Source], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "AT_ONCE", 5)
    source = add_source("workspace")
    run = run_import(source)
    assert (run.figures["new"], source.quotes.count()) == (QUOTES, QUOTES)
    assert len(other.sent("workspace")) == CALLS["workspace"]


def test_no_quotes_at_all(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    other.cirrus.quotes.clear()
    other.fynn.offers.clear()
    other.workspace.quotations.clear()
    other.administrate.opportunities.clear()
    for system in SYSTEMS:
        run = run_import(add_source(system))
        assert (run.state, run.reason, run.figures["seen"]) == ("done", None, 0)


def test_cirrus_keeps_its_token_until_it_is_refused(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    options = {
        "authentication": "oauth",
        "client_id": other.cirrus.client_id,
        "token_url": f"{other.cirrus.url}/oauth/token",
    }
    source = add_source("cirrus", secret=other.cirrus.client_secret, options=options)
    assert run_import(source).state == "done"
    assert run_import(source).state == "done"
    assert [line for line in other.sent("cirrus") if line.startswith("POST")] == ["POST /oauth/token"]
    other.cirrus.bearers.clear()
    assert run_import(source).state == "done"
    posts = [one for one in other.requests if one.method != "GET"]
    assert [one.path for one in posts] == ["/oauth/token"] * 2
    Source.objects.update(token_expires_at=timezone.now() - timedelta(hours=1))
    assert run_import(source).state == "done"
    assert len([one for one in other.requests if one.method == "POST"]) == 3


def test_cirrus_reads_articles_and_orders_where_wanted(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source("cirrus", options={"read_articles": True, "read_orders": True})
    run_import(source)
    won = source.quotes.filter(status="won").first()
    assert won is not None
    assert won.accepted_at is not None
    assert (won.order_number, str(won.ordered_on)) == (f"O-2025-{int(won.external_id) - 4101}", "2025-02-21")
    assert [row.vat for row in won.rows.all()] == [25, 25]
    assert not [line for line in other.sent("cirrus") if "/opportunities/" in line]
    forbidden = ("/users/", "/settings", "/contacts/")
    assert not [line for line in other.sent("cirrus") if any(path in line for path in forbidden)]


def test_cirrus_reads_why_quotes_were_lost_where_wanted(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    for quote in other.cirrus.quotes[:4]:
        quote["opportunity"] = None
    source = add_source("cirrus", options={"read_opportunities": True})
    run_import(source)
    lost = source.quotes.filter(status="lost").exclude(external_id="4104")
    assert set(lost.values_list("lost_reason", flat=True)) == {"Too expensive"}
    assert not source.quotes.exclude(pk__in=lost).exclude(lost_reason="").exists()
    read = [line for line in other.sent("cirrus") if "/opportunities/" in line]
    assert len(read) == lost.count() > 0


def test_an_offer_that_was_signed_tells_its_subscription(add_source: Callable[..., Source]) -> None:
    source = add_source("fynn")
    run_import(source)
    signed = source.quotes.filter(status_text="signed")
    assert all(quote.order_number.startswith("SUB-") for quote in signed)
    assert signed.count() == source.quotes.exclude(order_number="").count() > 0


def test_what_is_due_is_requested_and_what_is_stranded_goes_on(add_source: Callable[..., Source]) -> None:
    source = add_source("workspace", interval=Source.Interval.HOUR)
    assert runs.request_due() == [], "a connection that was not tested waits for a person"
    Source.objects.update(state=Source.State.READY)
    (run,) = runs.request_due()
    assert run.trigger == QuoteImport.Trigger.SCHEDULE
    assert runs.request_due() == []
    assert runs.resume_stranded() == [run]
    assert work.import_now(run).state == "done"
    assert runs.request_due() == []
    QuoteImport.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert [one.source for one in runs.request_due()] == [source]


def test_the_worker_goes_on_until_it_is_done(
    add_source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    add_source("workspace", interval=Source.Interval.HOUR, state=Source.State.READY)
    monkeypatch.setattr(work.advance, "__kwdefaults__", {"seconds": 0})
    with django_capture_on_commit_callbacks(execute=True):
        schedules.run("sweep")
    run = QuoteImport.objects.get()
    slices = 0
    while OrmQ.objects.exists():
        OrmQ.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            work.advance_import(run.pk)
        slices += 1
        run.refresh_from_db()
        if slices == 2:
            assert run.state == "running"
            monkeypatch.setattr(work.advance, "__kwdefaults__", {"seconds": 20})
    assert (run.state, slices) == ("done", 3)


def test_two_imports_at_once_are_one(add_source: Callable[..., Source]) -> None:
    source = add_source("workspace")
    first = runs.request(source, trigger=QuoteImport.Trigger.PERSON, is_queued=False)
    assert runs.request(source, trigger=QuoteImport.Trigger.SCHEDULE) == first
    QuoteImport.objects.update(lease="somebody", lease_until=timezone.now() + timedelta(minutes=1))
    assert work.advance(first.pk) is None
    assert source.quotes.count() == 0
