"""The rules of the budget, for any order of events, and what they come to over an hour."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.connections.allowance import BUSY, PRESENCE, Allowance, Grant, Lane, Ledger

WINDOW = 61.5
PERSON, QUEUED, BACKGROUND = Lane
FEW = 3


def spent(*, person: int = 0, background: int = 0, at: float = 1000, seen: float = 0) -> Ledger:
    grants = (Grant(at, PERSON),) * person + (Grant(at, BACKGROUND),) * background
    return Ledger(grants, person_seen=seen)


def free_now(ledger: Ledger, lane: Lane, limit: int = 30, now: float = 1000) -> int:
    """How many requests the lane gets at once."""
    allowance = Allowance(limit)
    count = 0
    while allowance.ready_at(ledger, lane, now) <= now:
        ledger = ledger.with_grant(now, lane)
        count += 1
    return count


def test_a_person_may_use_all_of_it() -> None:
    assert free_now(Ledger(), PERSON) == 30
    assert Allowance(30).ready_at(spent(person=30), PERSON, 1010) == 1000 + WINDOW


def test_a_request_leaves_the_window_after_61_and_a_half_seconds() -> None:
    ledger = spent(person=30)
    assert ledger.at(1061.25, WINDOW).grants == ledger.grants
    assert ledger.at(1061.5, WINDOW).grants == ()


def test_background_work_begins_with_a_burst_and_then_is_even() -> None:
    assert 4 <= free_now(Ledger(), BACKGROUND) <= 10


def test_background_work_alone_leaves_one_request_free() -> None:
    evenly = Ledger(tuple(Grant(1000 + 2 * n, BACKGROUND) for n in range(29)))
    assert Allowance(30).ready_at(evenly, BACKGROUND, 1058) == 1000 + WINDOW
    assert Allowance(30).ready_at(evenly, PERSON, 1058) == 1058


def test_background_work_leaves_a_third_while_a_person_is_about() -> None:
    evenly = Ledger(tuple(Grant(1000 + 2 * n, BACKGROUND) for n in range(20)), person_seen=1040)
    assert Allowance(30).ready_at(evenly, BACKGROUND, 1050) == 1000 + WINDOW
    left_alone = 1040 + PRESENCE
    assert Allowance(30).ready_at(replace(evenly, person_seen=1050 - PRESENCE), BACKGROUND, 1050) < left_alone


def test_what_people_used_of_their_third_is_not_kept_twice() -> None:
    mixed = [Grant(1000 + 2 * n, PERSON if n % 3 == 0 else BACKGROUND) for n in range(24)]
    ledger = Ledger(tuple(mixed), person_seen=1046)
    assert ledger.used(PERSON) == 8
    assert Allowance(30).ready_at(ledger, BACKGROUND, 1049) == 1049


def test_a_few_requests_stay_free_however_much_a_person_has_used() -> None:
    mixed = [Grant(1000 + 2 * n, PERSON if n % 2 else BACKGROUND) for n in range(27)]
    assert Allowance(30).ready_at(Ledger(tuple(mixed), person_seen=1052), BACKGROUND, 1054) == 1000 + WINDOW


def test_background_work_gets_some_beside_people_who_want_all() -> None:
    assert free_now(spent(person=20, seen=1000), BACKGROUND) == 3


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_tiny_limit_still_serves_both_lanes(limit: int) -> None:
    assert free_now(Ledger(), BACKGROUND, limit) >= 1
    assert free_now(Ledger(), PERSON, limit) == limit


def test_a_lowered_limit_waits_until_enough_has_left() -> None:
    grants = tuple(Grant(1000.0 + n, PERSON) for n in range(30))
    assert Allowance(10).ready_at(Ledger(grants), PERSON, 1030) == 1020 + WINDOW


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("limit", [0, -1, 30])
def test_a_pause_holds_with_and_without_a_limit(limit: int, lane: Lane) -> None:
    ledger = Ledger(paused_until=1060)
    assert Allowance(limit).ready_at(ledger, lane, 1000) == 1060
    assert Allowance(limit).ready_at(ledger, lane, 1061) == 1061


def test_without_a_limit_nothing_waits() -> None:
    assert Allowance(0).ready_at(spent(person=500, background=500), BACKGROUND, 1000) == 1000


def test_a_clock_set_back_counts_the_future_as_now() -> None:
    ledger = Ledger((Grant(900, BACKGROUND), Grant(5000, PERSON)), paused_until=5060, person_seen=5000)
    assert ledger.at(950, WINDOW) == Ledger(
        (Grant(900, BACKGROUND), Grant(950, PERSON)), paused_until=1010, person_seen=950
    )


@dataclass
class World:
    """An account with a clock that can be set back; `true` is time as Offorte knows it."""

    allowance: Allowance
    true: float = 1000
    offset: float = 0
    ledger: Ledger = field(default_factory=Ledger)
    granted: list[float] = field(default_factory=list)

    def ask(self, lane: Lane) -> float:
        """Ask once; the seconds to wait, 0 when granted."""
        now = self.true + self.offset
        self.ledger = self.ledger.at(now, self.allowance.window)
        ready_at = self.allowance.ready_at(self.ledger, lane, now)
        if ready_at > now:
            return ready_at - now
        self.ledger = self.ledger.with_grant(now, lane)
        self.granted.append(self.true)
        return 0


quarters = st.integers(0, 200).map(lambda count: count / 4)
events = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([PERSON, QUEUED, BACKGROUND]), st.integers(1, 12)),
        st.tuples(st.sampled_from(["pass", "set back", "pause"]), quarters),
    ),
    max_size=60,
)


@given(limit=st.sampled_from([1, 2, 3, 10, 30]), happenings=events)
def test_limit_and_reserve_always_hold_and_all_are_served(limit: int, happenings: list[tuple[str, float]]) -> None:
    world = World(Allowance(limit))
    for what, amount in happenings:
        now = world.true + world.offset
        match what:
            case "pass":
                world.true += amount
            case "set back":
                world.offset -= amount
            case "pause":
                world.ledger = replace(world.ledger, paused_until=max(world.ledger.paused_until, now + amount))
            case _:
                for _ in range(int(amount)):
                    ask_and_check(world, Lane(what))
    assert max((within_a_window(world.granted, at) for at in world.granted), default=0) <= limit
    for lane in Lane:
        paused_for = max(0, world.ledger.paused_until - world.true - world.offset)
        assert served_within(world, lane) <= paused_for + WINDOW + 0.1


def ask_and_check(world: World, lane: Lane) -> None:
    if world.ask(lane) == 0 and lane is not PERSON:
        now, limit = world.true + world.offset, world.allowance.limit
        kept = limit // 3 if world.ledger.is_person_about(now) else min(1, limit - 1)
        assert world.ledger.used(QUEUED, BACKGROUND) <= limit - kept
        assert world.ledger.paused_until <= now


def within_a_window(times: list[float], start: float) -> int:
    return sum(start <= at < start + WINDOW for at in times)


def served_within(world: World, lane: Lane) -> float:
    """How long the lane waits for a request when nobody else asks."""
    world = replace(world, granted=[])
    start = world.true
    while (wait := world.ask(lane)) > 0:
        world.true += max(wait, 0.001)
    return world.true - start


@dataclass
class Simulation:
    """Processes that ask, wait and ask again, in simulated time."""

    allowance: Allowance = field(default_factory=lambda: Allowance(30))
    end: float = 1200
    world: World = field(init=False)
    times: dict[Lane, list[float]] = field(default_factory=lambda: {lane: [] for lane in Lane})
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = World(self.allowance, true=0, offset=10_000)

    def run(self, *processes: Iterator[float]) -> None:
        queue: list[tuple[float, int, Iterator[float]]] = []
        for number, process in enumerate(processes):
            heappush(queue, (0, number, process))
        while queue and queue[0][0] < self.end:
            self.world.true, number, process = heappop(queue)
            heappush(queue, (self.world.true + next(process), number, process))

    def process(self, lane: Lane, pause: Callable[[], float], begin: float = 0) -> Iterator[float]:
        """Yields how long to do nothing."""
        yield begin
        while True:
            asked_at = self.world.true
            while (wait := self.world.ask(lane)) > 0:
                yield wait + 0.05
            self.times[lane].append(self.world.true)
            if lane is PERSON:
                self.waits.append(self.world.true - asked_at)
            yield pause()


@pytest.mark.parametrize("seed", range(2))
def test_four_processes_use_28_requests_of_every_minute(seed: int) -> None:
    chance = random.Random(seed)
    simulation = Simulation()
    simulation.run(*(simulation.process(BACKGROUND, lambda: chance.uniform(0.05, 0.4)) for _ in range(4)))
    minutes = [sum(60 * n <= at < 60 * (n + 1) for at in simulation.times[BACKGROUND]) for n in range(20)]
    assert min(minutes) >= 28
    assert max(minutes) <= 30
    settled = [at for at in simulation.times[BACKGROUND] if at > 300]
    assert min(after - before for before, after in pairwise(settled)) > 1.5, "bursts wear off"


@pytest.mark.parametrize("seed", range(6))
def test_a_person_who_shows_up_in_a_full_window_hardly_waits(seed: int) -> None:
    chance = random.Random(seed)
    simulation = Simulation()
    simulation.run(
        *(simulation.process(BACKGROUND, lambda: chance.uniform(0.05, 0.4)) for _ in range(4)),
        simulation.process(PERSON, lambda: chance.uniform(3, 10), begin=150 + seed * 11),
    )
    waits = sorted(simulation.waits)
    assert waits[int(0.95 * len(waits))] < 1
    assert waits[-1] < 3
    minutes = (1200 - 240) / 60
    assert sum(at > 240 for at in simulation.times[BACKGROUND]) / minutes > 15


@pytest.mark.parametrize("seed", range(3))
def test_reading_makes_room_for_the_queue_and_still_goes_on(seed: int) -> None:
    chance = random.Random(seed)
    simulation = Simulation()
    begin, pauses = 300.0, lambda: chance.uniform(0.05, 0.4)
    simulation.run(
        simulation.process(QUEUED, pauses, begin=begin), *(simulation.process(BACKGROUND, pauses) for _ in range(3))
    )
    settled = begin + WINDOW
    windows = (1200 - settled) / WINDOW
    read = [at for at in simulation.times[BACKGROUND] if at > settled]
    assert FEW * floor(windows) - 2 <= len(read) <= FEW * ceil(windows)
    assert max(after - before for before, after in pairwise(read)) <= WINDOW
    assert sum(at > settled for at in simulation.times[QUEUED]) / windows >= 24
    assert sum(at < begin for at in simulation.times[BACKGROUND]) / 5 >= 27, "all of it while the queue is empty"


def test_reading_goes_on_as_before_once_the_queue_is_empty() -> None:
    ledger = Ledger((Grant(1000, QUEUED), *(Grant(1001, BACKGROUND),) * FEW))
    assert Allowance(30).ready_at(ledger, BACKGROUND, 1002) == 1000 + BUSY
    assert Allowance(30).ready_at(ledger, BACKGROUND, 1000 + BUSY) == 1000 + BUSY
    assert Allowance(30).ready_at(ledger, QUEUED, 1002) == 1002


def test_what_is_left_is_shared_by_what_waits_for_it() -> None:
    both = Ledger((*(Grant(1000, QUEUED),) * 5, *(Grant(1000, BACKGROUND),) * 4))
    assert Allowance(30).share(both, QUEUED, 1001) == 29 - FEW
    assert Allowance(30).share(both, BACKGROUND, 1001) == FEW
    assert Allowance(30).share(both, BACKGROUND, 1000 + BUSY) == 29
