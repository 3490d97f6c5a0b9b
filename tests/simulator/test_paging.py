"""Lists come in pages of 50; what is past the end is a matter of the switch."""

import pytest

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client


@pytest.fixture
def directory(account: Account) -> int:
    """A directory with 101 products."""
    id: int = account.create_directory(name="Vol")["id"]
    for number in range(101):
        account.create_product(id, name=f"Product {number}")
    return id


def page(api: Client, directory: int, number: int) -> list[str]:
    return [item["name"] for item in api.get(f"/products/{directory}/?page={number}").json()]


def test_pages_of_fifty(api: Client, directory: int) -> None:
    names = [page(api, directory, number) for number in (1, 2, 3)]
    assert [len(part) for part in names] == [50, 50, 1]
    assert len({name for part in names for name in part}) == 101


def test_past_the_end_is_empty(api: Client, directory: int) -> None:
    assert page(api, directory, 4) == []


def test_past_the_end_is_missing(sim: Simulator, api: Client, directory: int) -> None:
    sim.switches.past_the_end = "not_found"
    assert api.get(f"/products/{directory}/?page=4").status_code == 404


def test_past_the_end_repeats(sim: Simulator, api: Client, directory: int) -> None:
    sim.switches.past_the_end = "repeat"
    assert page(api, directory, 9) == ["Product 100"]


@pytest.mark.parametrize("form", ["empty", "not_found", "repeat"])
def test_first_page_of_nothing_is_empty(sim: Simulator, api: Client, account: Account, form: str) -> None:
    sim.switches.past_the_end = form  # type: ignore[assignment]
    id = account.create_directory(name="Leeg")["id"]
    assert page(api, id, 1) == []


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=", "pages=2", "query=x"])
def test_bad_parameters_are_refused(api: Client, query: str) -> None:
    answer = api.get(f"/products/directories/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["errors"]
