"""Compare this checkout with another commit, in turns: `python -m bench --against COMMIT`.

Each side runs its own bench (`bench/turn.py` has the protocol) on a new database. Some measurements are lent to commits
that do not have them (`bench/support/checkouts.py`). In every round both are measured, one after the other in
alternating order, so that other load on the machine affects both. A line has the median of the rounds' ratios (this
checkout's time to the other's) with an interval of at least 95 %. "slower" means over 5 % slower even at the lower end
of the interval.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from math import comb
from statistics import median

import psycopg

from bench.databases import environment, find_server, new_postgresql, new_sqlite
from bench.support.checkouts import Checkout, checkout_of, this_checkout
from bench.support.machine import describe_machine
from bench.support.sizes import choose

SLOWER = 1.05
Round = tuple[dict[str, float], dict[str, float]]


def compare_with(commit: str, names: list[str], vendors: list[str]) -> None:
    """Measure this checkout and the commit in turns, and print how they compare."""
    this = this_checkout()
    with checkout_of(commit) as other:
        for name in names:
            other.borrow(name)
            if missing := [side.title for side in (this, other) if not side.can_measure(name)]:
                print(f"Left out: {name}: {' and '.join(missing)} can't measure it in turns")
                continue
            for vendor in vendors:
                try:
                    rounds = run(name, vendor, this, other)
                except psycopg.OperationalError as error:
                    print(f"Left out: {name} on {vendor}: {str(error).strip()}")
                else:
                    print_comparison(f"{name} on {vendor}: {this.title} to {other.title}", rounds)


def run(name: str, vendor: str, this: Checkout, other: Checkout) -> list[Round]:
    """Measure one bench in both checkouts, in turns."""
    rounds: list[Round] = []
    with ExitStack() as stack:
        urls = [stack.enter_context(new_database(vendor, side)) for side in ("bench", "other")]
        sides = [stack.enter_context(start(each, name, url)) for each, url in zip((this, other), urls, strict=True)]
        for number in range(count_rounds() + 1):
            order = sides if number % 2 else sides[::-1]
            found = {id(each): ask(each) for each in order}
            if number:  # the first one warms up
                rounds.append((found[id(sides[0])], found[id(sides[1])]))
    return rounds


def count_rounds() -> int:
    """Return BENCH_ROUNDS, at least seven; one round in a quick run."""
    return choose(max(7, int(os.environ.get("BENCH_ROUNDS", "11"))), quick=1)


def new_database(vendor: str, name: str) -> AbstractContextManager[str]:
    """Return a new database without tables."""
    return new_sqlite() if vendor == "sqlite" else new_postgresql(find_server(), name)


def print_comparison(title: str, rounds: list[Round]) -> None:
    """Print a line for each case of both sides."""
    print(f"\n{title}, {len(rounds)} rounds, {describe_machine()}")
    print(f"{'':38}{'this ms':>10}{'other ms':>10}{'ratio':>8}  interval")
    here, there = rounds[0]
    for case in (case for case in here if case in there):
        ratios = sorted(this[case] / other[case] for this, other in rounds)
        low, high = interval(ratios)
        ours, theirs = (median(pair[which][case] for pair in rounds) for which in (0, 1))
        slower = "  slower" if low > SLOWER else ""
        print(f"{case:38}{ours:10.2f}{theirs:10.2f}{median(ratios):8.3f}  {low:.3f}-{high:.3f}{slower}", flush=True)
    for case in sorted(here.keys() ^ there.keys()):
        print(f"{case:38}  only one side has this case")


def interval(values: list[float]) -> tuple[float, float]:
    """Return the sorted values between which the median lies with at least 95 %, by their order alone."""
    count = len(values)
    outside, cut = 0.5**count * 2, 0
    while outside + 2 * comb(count, cut + 1) * 0.5**count <= 0.05:
        cut += 1
        outside += 2 * comb(count, cut) * 0.5**count
    return values[cut], values[-1 - cut]


@contextmanager
def start(checkout: Checkout, name: str, url: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a process of a checkout that measures on request."""
    command = [str(checkout.python), "-P", str(checkout.folder / "bench/turn.py"), name]
    settings_of = environment(url) | {"PYTHONPATH": str(checkout.folder)}
    process = subprocess.Popen(
        command, cwd=checkout.folder, env=settings_of, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


def ask(process: "subprocess.Popen[str]") -> dict[str, float]:
    """Let a side measure once; return milliseconds by case."""
    if not process.stdin or not process.stdout:
        raise ValueError
    process.stdin.write("measure\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit("One side has stopped; its output is above.")
    found: dict[str, float] = json.loads(line)
    return found
