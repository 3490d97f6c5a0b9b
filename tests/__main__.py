"""What `make test` runs: the whole suite on SQLite and then, on PostgreSQL, what depends on the database.

Without a PostgreSQL server the second part is left out and the last line says so; with CI=true that is a failure.
`--long`, which is `make test-long`, runs only the tests marked `long`, all on both, at their full size.
"""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg

SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
# What has queries, locks or searches that are to hold on PostgreSQL too. Pages have those of the lists and services.
OF_DATABASES = (
    "adminkit/test_admin.py",
    "adminkit/test_filters.py",
    "adminkit/test_paginator.py",
    "adminkit/test_search.py",
    "management",
    "mirror",
    "models",
    "services",
    "waiting",
)
# One process more than there are cores, for many a test waits; each takes over what another has not come to yet.
PROCESSES = min((os.cpu_count() or 1) + 1, 4)
SHARED_OUT = (f"--numprocesses={PROCESSES}", "--dist=worksteal")


def main() -> int:
    """Run both parts; return the exit status of one that failed, else 0."""
    is_long = "--long" in sys.argv
    fault = find_fault(SERVER)
    left_out = f"Left out: the tests on PostgreSQL: {fault}. Set TEST_POSTGRES_URL to a server."
    if fault and os.environ.get("CI") == "true":
        sys.stdout.write(f"{left_out}\n")
        return 1
    status = run_pytest(*(["-m", "long"] if is_long else []), is_long=is_long)
    if fault:
        sys.stdout.write(f"{left_out}\n")
        return status
    sys.stdout.write("\nThe same on PostgreSQL:\n\n")
    sys.stdout.flush()
    of_databases = [] if is_long else [f"tests/{name}" for name in OF_DATABASES]
    marked = "long" if is_long else "not browser"
    return run_pytest("-m", marked, *of_databases, database=name_database(SERVER), is_long=is_long) or status


def find_fault(server: str) -> str:
    """Why no tests can run on a PostgreSQL server, without the password in its URL; empty when they can."""
    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.Error:
        return f"no server lets us in at {urlsplit(server).netloc.rpartition('@')[2]}"
    return ""


def name_database(server: str) -> str:
    """A database of this run's own: Django puts `test_` before its name, makes it and removes it."""
    return urlsplit(server)._replace(path=f"/portal_{os.getpid()}").geturl()


def run_pytest(*options: str, database: str = "", is_long: bool = False) -> int:
    """Run pytest in a process of its own and return its status; on SQLite unless a database is given."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["TEST_LONG"] = "true" if is_long else ""
    if database:
        environment["DATABASE_URL"] = database
    return subprocess.run(
        [sys.executable, "-m", "pytest", *SHARED_OUT, *options], env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
