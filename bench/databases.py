"""New databases to measure in: SQLite files and, if there is a server, PostgreSQL databases."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SERVER = "postgres://127.0.0.1:5432/postgres"


@contextmanager
def new_sqlite(template: str = "") -> Iterator[str]:
    """Yield the URL of a new SQLite file, a copy of the template if given; delete it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"


@contextmanager
def new_postgresql(server: str, name: str = "bench", template: str = "") -> Iterator[str]:
    """Yield the URL of a new database on the server, a copy of the template if given; drop it at the end.

    Raises psycopg.OperationalError without a server.
    """
    name = f"{name}_{os.getpid()}"
    copied = f' TEMPLATE "{template.rpartition("/")[2]}"' if template else ""
    with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def migrated(vendor: str) -> Iterator[str]:
    """Yield the URL of a new database with the portal's tables. Raises psycopg.OperationalError without a server."""
    with new_sqlite() if vendor == "sqlite" else new_postgresql(find_server(), "bench_template") as url:
        command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"]
        subprocess.run(command, env=environment(url), check=True)
        yield url


@contextmanager
def copy_of(template: str) -> Iterator[str]:
    """Yield the URL of a copy of the template's database, on the same server; delete it at the end."""
    is_sqlite = template.startswith("sqlite")
    with new_sqlite(template) if is_sqlite else new_postgresql(find_server(), template=template) as url:
        yield url


def environment(url: str) -> dict[str, str]:
    """Return the environment of a portal that uses this database."""
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "offorte_portal.settings",
        "DJANGO_SECRET_KEY": "bench",
        "DJANGO_DEBUG": "False",
        "DJANGO_ALLOWED_HOSTS": "testserver",
        "PORTAL_ENCRYPTION_KEYS": "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2ghISE=",
        "PORTAL_URL": "http://testserver",
        "REDIS_URL": "",
    }


def find_server() -> str:
    """Return the PostgreSQL server of DATABASE_URL, or else the local one."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else SERVER
