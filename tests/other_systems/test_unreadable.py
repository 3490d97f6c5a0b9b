"""One thing that can't be read never hides the rest: it is a warning on quote and import, and it is tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.other_systems import failing, runs, work
from offorte_portal.other_systems.models import Source, SourceRecord
from offorte_portal.other_systems.pages.quote_page import note_text
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.systems import http
from offorte_portal.runs import tries
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import SYSTEMS, run_import
from tests.other_systems.unreadable import CUSTOMERS, QUOTES, noted

FAULTS: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "418": {"kind": "status", "status": 418},
    "500": {"kind": "error_500"},
    "cut": {"kind": "malformed_json"},
    "html": {"kind": "html_200"},
    "gone": {"kind": "drop_before"},
    "moved": {"kind": "redirect"},
}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BACKOFF", (0.0, 0.0))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_customer_that_cant_be_read(
    system: str, fault: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    path, key = CUSTOMERS[system]
    other.workspace.contacts = dict(other.workspace.contacts)
    other.add_fault("status", path=r"/workspace/contacts\.json", status=404, times=None)
    other.add_fault(path=path, times=None, **FAULTS[fault])
    source = add_source(system)
    run = run_import(source)
    assert (run.state, run.reason) == ("done", None)
    assert source.quotes.read().count() == QUOTES
    source.refresh_from_db()
    assert source.state == Source.State.READY
    kind = source.records.get(external_id=key).kind
    assert run.figures[f"unreadable_{kind}"] == 1
    assert run.figures["unreadable"] == 0
    (problem,) = run.problems
    assert f"customers: {key} (1 in total)" in put_into_words(problem)
    warned = noted(source, "customer_unread")
    assert set(warned) == set(source.quotes.filter(company__key=key).values_list("external_id", flat=True))
    assert len(warned) >= 3
    assert source.quotes.exclude(company=None).exclude(company__key=key).exists()


def test_a_token_that_may_read_offers_and_nothing_else(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.fynn.rights = {"offer:read"}
    source = add_source("fynn")
    run = run_import(source)
    assert (run.state, source.quotes.read().count()) == ("done", QUOTES)
    assert not source.quotes.filter(company_name="").exists(), "an offer names its customer itself"
    (problem,) = run.problems
    assert "customer:read" in put_into_words(problem)
    assert run.figures["unreadable_customer"] == 4
    assert all("customer:read" in text for text in noted(source, "customer_unread").values())
    other.fynn.rights.add("customer:read")
    run = run_import(source)
    assert (run.problems, noted(source, "customer_unread")) == ([], {})
    assert "unreadable_customer" not in run.figures
    assert source.matches.filter(kind="company", details__vat_number="").count() == 0


@pytest.mark.parametrize(
    ("system", "right", "words"),
    [
        ("cirrus", "accounts", "give access to customers"),
        ("cirrus", "articles", "give access to articles"),
        ("cirrus", "orders", "give access to orders"),
        ("cirrus", "opportunities", "give access to opportunities"),
        ("workspace", "Contacts.read", "give access to customers"),
        ("administrate", "accounts", "give access to customers"),
        ("administrate", "contacts", "give access to contacts"),
    ],
)
def test_a_secret_without_a_right(
    system: str, right: str, words: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.systems[system].rights.discard(right)
    reads = dict.fromkeys(("read_articles", "read_orders", "read_opportunities"), True)
    options = reads | {"money_divisor": 1000, "username": "rest@acme.example"}
    source = add_source(system, options=options)
    run = run_import(source)
    assert (run.state, source.quotes.read().count()) == ("done", QUOTES)
    assert [words in put_into_words(problem) for problem in run.problems] == [True]
    assert any(words in note_text(note).text for quote in source.quotes.all() for note in quote.notes)


@pytest.mark.parametrize(("system", "right"), [("fynn", "offer:read"), ("workspace", "Quotations.read")])
def test_a_list_that_may_not_be_read_ends_the_import_in_words(
    system: str, right: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.systems[system].rights.clear()
    source = add_source(system)
    run = run_import(source)
    assert run.state == "failed"
    assert right in put_into_words(run.reason)
    assert not probe(source)
    assert right in put_into_words(source.state_reason)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_offer_that_cant_be_read(fault: str, add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source("fynn")
    first, second = (offer["id"] for offer in other.fynn.offers[:2])
    run_import(source)
    other.fynn.offers[0] |= {"name": "Renamed", "updatedAt": "2026-01-01T00:00:00+01:00"}
    source.quotes.filter(external_id=second).delete()
    other.add_fault(path=f"/fynn/api/offers/({first}|{second})", times=None, **FAULTS[fault])
    run = run_import(source)
    assert (run.state, run.figures["unreadable"], source.quotes.read().count()) == ("done", 2, QUOTES - 1)
    assert set(noted(source, "quote_unread")) == {first}, "what was read before stays, with a warning"
    assert first in put_into_words(run.problems[0])
    assert second in put_into_words(run.problems[0])
    other.faults.clear()
    run = run_import(source)
    assert (run.figures["unreadable"], run.problems) == (0, [])
    assert (source.quotes.get(external_id=first).title, noted(source, "quote_unread")) == ("Renamed", {})


def test_it_is_tried_again_after_growing_pauses(
    add_source: Callable[..., Source], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST_FAILURES", 3)
    other.add_fault("error_500", path=r"/cirrus/accounts/310", times=None)
    source = add_source("cirrus")
    run = run_import(source)
    record = source.records.get(external_id="310")
    pauses = []
    while record.retry_at:
        pauses.append(round((record.retry_at - timezone.now()).total_seconds()))
        assert failing.next_try(run) == record.retry_at
        assert runs.retry_due() == [], "not before its time"
        other.log.clear()
        SourceRecord.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
        assert runs.retry_due() == [run]
        run = work.import_now(run)
        assert run.state == "done"
        assert {line for line in other.sent("cirrus") if "quotes" in line} == set(), "nothing else is asked for again"
        record.refresh_from_db()
    assert pauses == pytest.approx([30, 60, 120], abs=10)
    assert (record.wanted_by, runs.retry_due()) == (None, [])
    other.faults.clear()
    run = run_import(source)
    assert (run.problems, noted(source, "customer_unread")) == ([], {})


def test_one_that_can_be_read_a_minute_later(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    other.add_fault("error_500", path=r"/cirrus/accounts/310", times=3)
    source = add_source("cirrus")
    run = run_import(source)
    assert run.figures["unreadable_account"] == 1
    SourceRecord.objects.filter(problem__isnull=False).update(retry_at=timezone.now())
    assert runs.retry_due() == [run]
    run = work.import_now(run)
    assert (run.problems, run.figures.get("unreadable_account"), noted(source, "customer_unread")) == ([], None, {})
    assert source.imports.count() == 1


def test_when_nothing_of_a_kind_answers_the_rest_is_put_off(
    add_source: Callable[..., Source], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failing, "MOST_IN_A_ROW", 2)
    other.fynn.rights = {"offer:read"}
    source = add_source("fynn")
    run = run_import(source)
    asked = [line for line in other.sent("fynn") if "/customers/" in line]
    assert (run.state, len(asked), run.figures["unreadable_customer"]) == ("done", 2, 4)
    assert len(noted(source, "customer_unread")) == QUOTES
    other.fynn.rights.add("customer:read")
    SourceRecord.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now())
    assert runs.retry_due() == [run]
    work.import_now(run)
    asked = [line for line in other.sent("fynn") if "/customers/" in line]
    assert len(asked) == len(set(asked)) == 4, "those that were asked come last"


def test_quotes_are_shown_while_the_rest_is_waited_for(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.cirrus.__init__(120)  # type: ignore[misc]
    other.cirrus.url = f"{other.url}/cirrus"
    other.add_fault("unavailable_503_html", path="/cirrus/quotes", after=1, times=None)
    source = add_source("cirrus")
    run = run_import(source)
    assert (run.state, run.checkpoint["cursor"]) == ("waiting", "2")
    assert source.quotes.present().count() == 50
    assert not noted(source, "customer_unread")
    other.faults.clear()
    other.add_fault("rate_limited", path="/fynn/api/offers/.*", after=7, times=None, retry_after=60)
    source = add_source("fynn")
    assert (run_import(source).state, source.quotes.present().count()) == ("waiting", 7)


def test_a_page_that_stays_unreadable_is_left_out(
    add_source: Callable[..., Source], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.administrate.__init__(220)  # type: ignore[misc]
    other.administrate.url = f"{other.url}/administrate"
    source = add_source("administrate")
    run_import(source)
    before = source.read_all_at
    other.add_fault("status", path=".*/opportunities", after=1, times=1, status=403)
    run = run_import(source, everything=True)
    assert (run.state, run.figures["seen"], run.figures["unreadable_pages"]) == ("done", 120, 1)
    assert "page 2" in put_into_words(run.problems[0])
    assert not source.quotes.filter(missing_since__isnull=False).exists(), "what was not listed may be there"
    source.refresh_from_db()
    assert source.read_all_at != run.started_at, (before, "what was on that page is still to be read")


@pytest.mark.parametrize("system", SYSTEMS)
def test_one_that_the_list_leaves_out_and_that_cant_be_read_is_not_gone(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    run_import(source)
    things: list[Any] = {
        "cirrus": other.cirrus.quotes,
        "fynn": other.fynn.offers,
        "workspace": other.workspace.quotations,
        "administrate": other.administrate.opportunities,
    }[system]
    key = str(things.pop(4)["id"])
    other.add_fault("status", path=f".*/{key}(\\.json)?", status=403, times=None)
    run = run_import(source, everything=True)
    assert (run.state, run.figures.get("missing", 0), run.figures["unreadable"]) == ("done", 0, 1)
    assert set(noted(source, "quote_unread")) == {key}
    assert source.quotes.present().count() == QUOTES


def test_a_test_of_a_connection_asks_for_the_next_quote(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.add_fault("status", path=f"/fynn/api/offers/{other.fynn.offers[0]['id']}", status=403, times=None)
    source = add_source("fynn")
    assert probe(source)
    assert source.sample
