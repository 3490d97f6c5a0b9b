"""Ids that can’t be stored or asked for, and answers that no mapper foresaw: each costs its own quote alone."""

from collections.abc import Callable
from typing import Any

import pytest

from offorte_portal.other_systems import storing
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import SYSTEMS, run_import
from tests.other_systems.unreadable import QUOTES, codes, noted


@pytest.mark.parametrize("bad", ["a\ud800b", "x\0y", "z" * 101])
@pytest.mark.parametrize("system", SYSTEMS)
def test_an_id_that_cant_be_stored_costs_its_quote_alone(
    system: str, bad: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    things: list[Any] = {
        "cirrus": other.cirrus.quotes,
        "fynn": other.fynn.offers,
        "workspace": other.workspace.quotations,
        "administrate": other.administrate.opportunities,
    }[system]
    known = str(things[2]["id"])
    things[2]["id"] = bad
    things[3] |= {"name": "\ud800 and \0", "marking": "\ud800 and \0", "updatedAt": "\ud83d", "updated_at": "\0"}
    source = add_source(system)
    run = run_import(source)
    assert (run.state, run.reason) == ("done", None)
    assert source.quotes.read().count() == QUOTES - 1
    assert not source.quotes.filter(external_id=known).exists()
    assert (run.figures["unreadable"], run.problems) == (1, [SourceReason.ENTRIES_UNREADABLE(count=1)])


@pytest.mark.parametrize("bad", ["a\ud800b", "x\0y", "z" * 101, "../../settings"])
@pytest.mark.parametrize(
    ("system", "things", "put"),
    [
        ("cirrus", "quotes", lambda bad: {"account": {"id": bad, "name": "Odd AB"}}),
        ("fynn", "offers", lambda bad: {"customer": {"id": bad, "name": "Odd GmbH"}}),
        ("workspace", "quotations", lambda bad: {"contact_id": bad}),
        ("administrate", "opportunities", lambda bad: {"account": {"id": bad, "name": "Odd Ltd"}}),
    ],
)
def test_a_customer_whose_id_cant_be_stored(
    system: str, things: str, put: Any, bad: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    thing = getattr(other.systems[system], things)[2]
    thing |= put(bad)
    source = add_source(system)
    run = run_import(source)
    assert (run.state, source.quotes.read().count()) == ("done", QUOTES)
    assert str(thing["id"]) in noted(source, "customer_unread")


def test_one_that_no_mapper_foresaw(
    add_source: Callable[..., Source], other: SourceSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    source = add_source("cirrus", options={"statuses": {"2": "no status at all"}})
    run = run_import(source)
    assert (run.state, source.quotes.read().count()) == ("done", QUOTES)
    odd = source.quotes.filter(has_blocking_notes=True)
    assert (odd.count(), codes(odd[0])) == (5, {"quote_odd"})
    assert "could not be mapped" in caplog.text


def test_one_that_is_nested_too_deeply_to_be_stored(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    other.cirrus.quotes[0]["tags"] = other.fynn.offers[0]["sections"] = other.cirrus.accounts[311]["tags"] = deep
    cirrus, fynn = add_source("cirrus"), add_source("fynn")
    for source in (cirrus, fynn):
        run = run_import(source)
        assert (run.state, run.figures["unreadable"], source.quotes.read().count()) == ("done", 1, QUOTES - 1)
    assert len(noted(cirrus, "customer_unread")) >= 3


def test_usable_ids() -> None:
    usable = [one for one in ("53", "é" * 100, "é" * 101, "\0", "\udfff") if storing.is_usable(one)]
    assert usable == ["53", "é" * 100]
