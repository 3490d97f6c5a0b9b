"""What `make test` runs: the whole suite on SQLite and, at the same time, on PostgreSQL what depends on the database.

Without a PostgreSQL server the second part is left out and the last line says so; with CI=true that is a failure.
`--long`, which is `make test-long`, runs on SQLite only the tests marked `long`, at their full size, and on PostgreSQL
all tests that meet the database but for those with a browser.
"""

import os
import subprocess
import sys
import tempfile
import time
from typing import IO
from urllib.parse import urlsplit

import psycopg

IS_LONG = "--long" in sys.argv
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
# What has queries, locks or searches that are to hold on PostgreSQL too. Pages have those of the lists and services.
OF_DATABASES = (
    "activity/collection",
    "adminkit/test_background.py",
    "adminkit/test_filters.py",
    "adminkit/test_paginator.py",
    "adminkit/test_list_columns.py",
    "adminkit/test_palette.py",
    "changes",
    "compose/test_approval.py",
    "connections/budget",
    "connections/test_token_races.py",
    "contacts/test_duplicates.py",
    "desk",
    "files/exports",
    "files/imports/test_company_names.py",
    "files/imports/test_work.py",
    "jobs",
    "management",
    "mirror",
    "other_systems/moving",
    "other_systems/test_copy_undoing.py",
    "other_systems/test_copying_at_once.py",
    "other_systems/test_import.py",
    "other_systems/test_rematching.py",
    "runs",
    "staff/test_addresses.py",
    "sync/reading",
    "sync/test_convergence.py",
    "sync/test_sync.py",
    "prices",
    "tracking/test_closing.py",
    "tracking/test_digest.py",
    "tracking/test_followups.py",
    "tracking/test_losses.py",
    "webhooks",
    "writes",
)
# The rooms whose rules are looked at on PostgreSQL, every one of them, in `make test-long`.
OF_DATABASES_LONG = (
    "activity",
    "adminkit",
    "changes",
    "compose",
    "connections",
    "contacts",
    "desk",
    "files",
    "jobs",
    "management",
    "mirror",
    "other_systems",
    "runs",
    "sync",
    "prices",
    "tracking",
    "waiting",
    "webhooks",
    "writes",
)
# Their pages read and write through the services. The others are about Offorte's answers, whatever keeps them.
NOT_OF_DATABASES = (
    "*/pages/*",
    "*/oauth/*",
    "*/mirror/test_omissions.py",
    "*/sync/reading/test_sources.py",
    "*/sync/reading/test_vanished.py",
    "*/writes/test_every_write.py",
)
OF_ALL = ("-m", "long") if IS_LONG else ()
OF_POSTGRESQL = (
    "-m",
    "database and not browser",
    "-p",
    "no:playwright",
    *(f"tests/{name}" for name in (OF_DATABASES_LONG if IS_LONG else OF_DATABASES)),
    *(() if IS_LONG else (f"--ignore-glob={pattern}" for pattern in NOT_OF_DATABASES)),
)
# On two cores two processes and, beside them, one on PostgreSQL; each takes over what another has not come to yet.
CORES = min(os.cpu_count() or 1, 4)


def main() -> int:
    """Run both parts at the same time; return the exit status of one that failed, else 0."""
    began_at = time.monotonic()
    fault = find_fault(SERVER)
    left_out = f"Left out: the tests on PostgreSQL: {fault}. Set TEST_POSTGRES_URL to a server."
    if fault and os.environ.get("CI") == "true":
        sys.stdout.write(f"{left_out}\n")
        return 1
    if fault:
        status = start_pytest(*OF_ALL, *share_out(CORES)).wait()
        sys.stdout.write(f"{left_out}\n")
    else:
        status = run_both()
    minutes, seconds = divmod(round(time.monotonic() - began_at), 60)
    sys.stdout.write(f"\nAll of it took {minutes} min {seconds} s.\n")
    return status


def run_both() -> int:
    """Run the tests on both databases; what the second part writes follows when both have ended."""
    with tempfile.TemporaryFile("w+") as output:
        options = (*OF_POSTGRESQL, *share_out(CORES // 2))
        beside = start_pytest(*options, database=name_database(SERVER), output=output)
        try:
            status = start_pytest(*OF_ALL, *share_out(CORES)).wait()
        finally:
            status_beside = beside.wait()
        output.seek(0)
        sys.stdout.write(f"\nOn PostgreSQL, at the same time:\n\n{output.read()}")
    return status or status_beside


def share_out(processes: int) -> tuple[str, ...]:
    """The options for so many processes; one does without another that hands out its work."""
    return (f"--numprocesses={processes}", "--dist=worksteal") if processes > 1 else ("--numprocesses=0",)


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


def start_pytest(*options: str, database: str = "", output: IO[str] | None = None) -> "subprocess.Popen[bytes]":
    """Start pytest in a process of its own, on SQLite unless a database is given."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["TEST_LONG"] = "true" if IS_LONG else ""
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, "-m", "pytest", "--durations=20", *options]
    return subprocess.Popen(command, env=environment, stdout=output, stderr=output and subprocess.STDOUT)


if __name__ == "__main__":
    sys.exit(main())
