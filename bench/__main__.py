"""Measure the portal's speed: `python -m bench [NAME…]`, each on a new SQLite file and on a new PostgreSQL database.

Each measurement has its own database and process, so that it never sees the rows of another. The output ends with one
table of all ratios. `--against COMMIT` measures this checkout and another commit in turns instead, and shows what
became slower. `--quick` uses small sizes, which only show that everything runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django
import psycopg

from bench.databases import copy_of, environment, migrated
from bench.support.machine import describe_machine
from bench.support.pages import without_collected_static
from bench.support.results import Result, print_summary, read_result
from bench.turns import compare_with

BENCHES = ("pipeline", "lists", "webhooks", "jobs", "desk", "first", "feed", "activity", "live", "slow")
VENDORS = ("sqlite", "postgresql")


def main() -> int:
    """Run the named measurements, by default all of them; return 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(BENCHES)} (default: all)"
    )
    parser.add_argument("--only", choices=VENDORS, help="measure on one database instead of both")
    parser.add_argument("--against", metavar="COMMIT", help="measure this checkout and that commit in turns")
    parser.add_argument("--quick", action="store_true", help="use small sizes, to check that everything runs")
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"unknown measurement: {', '.join(sorted(unknown))}")
    if options.result:
        measure(options.names[0], options.result)
        return 0
    if options.quick:
        os.environ["BENCH_QUICK"] = "1"
    names, vendors = options.names or list(BENCHES), [options.only] if options.only else list(VENDORS)
    if options.against:
        compare_with(options.against, names, vendors)
        return 0
    return measure_all(names, vendors)


def measure_all(names: list[str], vendors: list[str]) -> int:
    """Run each measurement on each database and print the summary."""
    results: dict[tuple[str, str], Result] = {}
    failed: list[str] = []
    machine = describe_machine()
    for vendor in vendors:
        try:
            with migrated(vendor) as template:
                for name in names:
                    if found := run_in_copy(template, name):
                        results[name, vendor] = found
                    else:
                        failed.append(f"{name} on {vendor}")
        except psycopg.OperationalError as error:
            print(f"PostgreSQL left out: {str(error).strip()}")
    print_summary(results, machine)
    for each in failed:
        print(f"Failed: {each}; the reason is printed above")
    return 1 if failed else 0


def run_in_copy(template: str, name: str) -> Result | None:
    """Run one measurement on a copy of the database in its own process; return None if it fails."""
    with copy_of(template) as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        command = [sys.executable, "-m", "bench", name, "--result", str(path)]
        status = subprocess.run(command, env=environment(url), check=False).returncode
        return read_result(path) if status == 0 else None


def measure(name: str, path: Path) -> None:
    """Run one measurement in this process and save its result."""
    django.setup()
    with without_collected_static():
        result: Result = import_module(f"bench.{name}").run()
    result.save(path)


if __name__ == "__main__":
    sys.exit(main())
