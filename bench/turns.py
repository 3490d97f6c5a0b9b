"""This checkout against another one, in turns: `python -m bench.turns FOLDER [lists] [webhooks] [--only sqlite]`.

Each checkout runs in its own environment (`FOLDER/.venv`) and on a new database, both at the same time; they are
measured one after the other in every round, in the order of the round, so that what else the machine does meets both.
A line has the median of the rounds' ratios, this checkout's time to the other's, with its interval of at least 95 %;
"slower" is what takes over 5 % longer even at the interval's lower end.
"""

import argparse
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from math import comb
from pathlib import Path
from statistics import median

from bench.databases import environment, find_server, new_postgresql, new_sqlite

HERE = Path(__file__).resolve().parents[1]
# Of fewer than six no interval holds the median with 95 %.
ROUNDS = max(6, int(os.environ.get("BENCH_ROUNDS", "11")))
SLOWER = 1.05
BENCHES = ("lists", "webhooks")


def main() -> None:
    """Measure both checkouts."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("other", metavar="FOLDER", help="the other checkout, with its .venv")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(BENCHES)}")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database instead of both")
    options = parser.parse_args()
    other = Path(options.other).resolve()
    for name in options.names or BENCHES:
        if options.only != "postgresql":
            compare(name, other, new_sqlite(), new_sqlite(), "SQLite")
        if options.only != "sqlite":
            server = find_server()
            compare(name, other, new_postgresql(server), new_postgresql(server, "other"), "PostgreSQL")


def compare(
    name: str, other: Path, mine: AbstractContextManager[str], theirs: AbstractContextManager[str], vendor: str
) -> None:
    """Measure one bench in both checkouts and print how they compare."""
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    with ExitStack() as stack:
        sides = [stack.enter_context(side(HERE, name, stack.enter_context(mine)))]
        sides.append(stack.enter_context(side(other, name, stack.enter_context(theirs))))
        for number in range(ROUNDS + 1):
            order = sides if number % 2 else sides[::-1]
            found = {id(each): ask(each) for each in order}
            if number:  # the first one is to warm up
                rounds.append((found[id(sides[0])], found[id(sides[1])]))
    load = os.getloadavg()[0]
    print(f"\n{name} on {vendor}: {HERE} to {other}, {ROUNDS} rounds, {os.cpu_count()} cores, load {load:.1f}")
    print(f"{'':28}{'this ms':>10}{'other ms':>10}{'ratio':>8}  interval")
    for case in rounds[0][0]:
        ratios = sorted(here[case] / there[case] for here, there in rounds)
        low, high = interval(ratios)
        this, that = (median(pair[which][case] for pair in rounds) for which in (0, 1))
        slower = "  slower" if low > SLOWER else ""
        print(f"{case:28}{this:10.2f}{that:10.2f}{median(ratios):8.3f}  {low:.3f}-{high:.3f}{slower}", flush=True)


def interval(values: list[float]) -> tuple[float, float]:
    """The sorted values between which the median lies with at least 95 %, by their order alone."""
    count = len(values)
    outside, cut = 0.5**count * 2, 0
    while outside + 2 * comb(count, cut + 1) * 0.5**count <= 0.05:
        cut += 1
        outside += 2 * comb(count, cut) * 0.5**count
    return values[cut], values[-1 - cut]


@contextmanager
def side(checkout: Path, name: str, url: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of a checkout that measures whenever it is asked to."""
    command = [str(checkout / ".venv/bin/python"), "-P", str(HERE / "bench/turn.py"), name]
    settings_of = environment(url) | {"PYTHONPATH": str(checkout)}
    process = subprocess.Popen(
        command, cwd=checkout, env=settings_of, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


def ask(process: "subprocess.Popen[str]") -> dict[str, float]:
    """Have a side measure once: milliseconds by case."""
    if not process.stdin or not process.stdout:
        raise ValueError
    process.stdin.write("measure\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit("A side has stopped; what it printed stands above.")
    found: dict[str, float] = json.loads(line)
    return found


if __name__ == "__main__":
    main()
