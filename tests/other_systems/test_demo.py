"""The demo's other system has customers of its Offorte account, and quotes of the last months."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from offorte_portal.management.commands.demo import commands, welcome
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.sources import SourceSimulator, demo
from tests.other_systems.conftest import run_import
from tests.support.factories import make_company, make_connection

TODAY = date(2031, 1, 20)
COLUMNS = ("name", "vat_number", "coc_number", "email", "internet", "zipcode", "city")


def test_the_companies_are_those_of_the_simulated_account() -> None:
    with Simulator({"bouw": Size(companies=12)}) as simulator:
        companies = list(simulator.account("bouw").companies.values())
    assert demo.seed_companies("bouw", count=12) == companies


@pytest.mark.django_db
def test_customers_match_and_quotes_are_of_the_last_months(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    account = make_connection("bouw")
    companies = demo.seed_companies("bouw", count=40)
    for company in companies:
        make_company(account, remote_id=company["id"], **{name: company[name] for name in COLUMNS})
    demo.prepare(other.workspace, companies=companies, today=TODAY)
    source = add_source("workspace", target=account)
    run_import(source)
    matches = source.matches.filter(kind=PartyMatch.Kind.COMPANY).order_by("key")
    assert [match.confidence >= 90 for match in matches] == [True, False, False, False, True, False]
    assert [match.state for match in matches] == ["proposed", "proposed", "proposed", "open", "proposed", "proposed"]
    days = [day for (day,) in source.quotes.values_list("quoted_on") if day]
    assert TODAY - timedelta(days=demo.PERIOD) <= min(days) < max(days) <= TODAY
    assert {quote.number[:4] for quote in source.quotes.all()} == {"2030", "2031"}
    assert {quote.status for quote in source.quotes.all()} == {"edit", "open", "won"}


def test_the_demo_starts_it_so_and_says_where_it_is(tmp_path: Path) -> None:
    options = {"companies": 160, "proposals": 180, "simulator_port": 1, "systems_port": 2, "port": 3, "fast": True}
    systems = next(line for line in commands(options) if "offorte_portal.simulator.sources" in line)
    assert systems[-4:] == ["--account", "bouw", "--companies", "160"]
    assert "Demo Workspace" in welcome(options | {"folder": tmp_path})


def test_a_demo_without_other_systems_does_not_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offorte_portal.management.commands.demo.has_other_systems", lambda: False)
    text = welcome({"simulator_port": 1, "port": 3, "folder": tmp_path})
    assert "Workspace" not in text
    assert "Connect to Offorte\nSimulated" in text
