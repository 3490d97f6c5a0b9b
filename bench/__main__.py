"""`python -m bench [NAME…]`: the measurements, each on a new SQLite file and on a new PostgreSQL database.

Every database is measured in a process of its own, for Django knows one set of settings a process.
"""

import argparse
import subprocess
import sys
from contextlib import AbstractContextManager
from importlib import import_module

import django
import psycopg
from django.core.management import call_command

from bench.databases import environment, find_server, new_postgresql, new_sqlite

BENCHES = ("pipeline", "lists", "webhooks", "jobs", "desk", "activity", "live", "slow")


def main() -> None:
    """Run the named benches, all of them when none is named."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(BENCHES)} (default: all)"
    )
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database instead of both")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    # In their own order, for some go on with the rows of those before.
    names = [name for name in BENCHES if name in options.names or not options.names]
    if options.here:
        measure(names)
        return
    if options.only != "postgresql":
        run_in(new_sqlite(), names)
    if options.only != "sqlite":
        try:
            run_in(new_postgresql(find_server()), names)
        except psycopg.OperationalError as error:
            print(f"PostgreSQL left out: {str(error).strip()}")


def run_in(database: AbstractContextManager[str], names: list[str]) -> None:
    """Measure in a new database, in a process of its own."""
    with database as url:
        subprocess.run([sys.executable, "-m", "bench", "--here", *names], env=environment(url), check=True)


def measure(names: list[str]) -> None:
    """In the process of one database: make its tables and run the benches."""
    django.setup()
    call_command("migrate", verbosity=0)
    for name in names:
        import_module(f"bench.{name}").run()


if __name__ == "__main__":
    main()
