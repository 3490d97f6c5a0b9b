"""The limit is a sliding window, for each account on its own."""

from concurrent.futures import ThreadPoolExecutor

import requests

from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.ratelimit import RateLimit
from tests.simulator.client import Client


def test_window_slides() -> None:
    now = [0.0]
    limit = RateLimit(3, clock=lambda: now[0])
    waits = []
    for at in (0, 10, 20, 30, 59.9, 60, 65, 70):
        now[0] = at
        waits.append(round(limit.check("a"), 1))
    assert waits == [0, 0, 0, 30, 0.1, 0, 5, 0]


def test_accounts_do_not_share() -> None:
    limit = RateLimit(1, clock=lambda: 0.0)
    assert [limit.check("a"), limit.check("b")] == [0, 0]
    assert limit.check("a") == 60
    limit.clear()
    assert limit.check("a") == 0


def test_it_can_follow_the_simulated_clock() -> None:
    with Simulator({"bouw": Size()}, requests_per_minute=2, limit_follows_clock=True) as sim:
        api = Client(sim)
        statuses = [api.get("/hello").status_code for _ in range(3)]
        sim.clock.advance(60)
        statuses.append(api.get("/hello").status_code)
        api.session.close()
    assert statuses == [200, 200, 429, 200]


def test_many_at_once_get_no_more() -> None:
    with Simulator({"bouw": Size()}) as sim, ThreadPoolExecutor(4) as pool:
        client = Client(sim)
        headers = {"Authorization": str(client.session.headers["Authorization"])}
        client.session.close()
        url = f"{client.base}/hello"
        statuses = list(pool.map(lambda _: requests.get(url, headers=headers, timeout=10).status_code, range(40)))
    assert sorted(statuses) == [200] * 30 + [429] * 10


def test_no_limit() -> None:
    assert not any(RateLimit(None).check("a") for _ in range(1000))
