"""Generated data is the same for a seed, of the size asked for, and like the real thing."""

import re
from collections import Counter
from datetime import UTC, datetime

from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.clock import Clock
from offorte_portal.simulator.seed import fill
from offorte_portal.simulator.switches import Switches

SIZE = Size(companies=120, people=200, directories=8, products=150, proposals=300)


def make(seed: int = 1, name: str = "bouw") -> Account:
    clock = Clock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    account = Account(name, clock=clock, switches=Switches(), base_url="http://127.0.0.1:1")
    fill(account, size=SIZE, seed=seed)
    return account


def everything(account: Account) -> list[object]:
    return [
        *(account.render_company(id) for id in account.companies),
        *(account.render_product(id) for id in account.products),
        *(account.render_proposal_details(id) for id in account.proposals),
    ]


def test_the_same_for_a_seed() -> None:
    assert everything(make()) == everything(make())


def test_different_for_another_seed_or_account() -> None:
    assert everything(make()) != everything(make(seed=2))
    assert everything(make()) != everything(make(name="media"))


def test_sizes() -> None:
    account = make()
    assert len(account.companies) == SIZE.companies
    assert len(account.people) == SIZE.people
    assert len(account.directories) == SIZE.directories
    assert len(account.products) == SIZE.products
    assert len(account.proposals) == SIZE.proposals


def test_an_empty_account() -> None:
    with Simulator({"leeg": Size(companies=0, people=0, directories=0, products=0, proposals=0)}) as sim:
        assert sim.account("leeg").companies == {}


def test_statuses_are_spread() -> None:
    statuses = Counter(proposal["status"] for proposal in make().proposals.values())
    assert set(statuses) == {"edit", "open", "won", "lost", "closed"}
    assert min(statuses, key=lambda status: statuses[status]) == "closed"


def test_dutch_addresses() -> None:
    company = make().companies[1001]
    assert re.fullmatch(r"[1-9]\d{3} [A-Z]{2}", company["zipcode"])
    assert re.fullmatch(r"NL\d{9}B01", company["vat_number"]) or company["vat_number"] == ""


def test_awkward_values_are_there() -> None:
    account = make()
    names = " ".join(company["name"] for company in account.companies.values())
    assert all(text in names for text in ('"De Zwaan"', "🚀", "شركة", "O'Brien"))
    assert any(not account.people_of.get(id) for id in account.companies)
    assert any(not person["email"] for person in account.people.values())
    contents = {row.content for p in account.proposals.values() for t in p["pricetables"] for row in t.rows}
    assert any("<script>" in content for content in contents)
    types = {row.type for p in account.proposals.values() for t in p["pricetables"] for row in t.rows}
    assert types == {"price", "discount", "subtotal", "title"}


def test_the_past_is_in_order() -> None:
    account = make()
    for proposal in account.proposals.values():
        moments = [entry.at for entry in proposal["history"]]
        assert moments == sorted(moments)
        assert moments[-1] <= account.clock.now()
        assert bool(proposal["won_at"]) == (proposal["status"] == "won")
