"""New databases to measure in: an SQLite file, and one on a PostgreSQL server where there is one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SERVER = "postgres://127.0.0.1:5432/postgres"


@contextmanager
def new_sqlite() -> Iterator[str]:
    """The URL of a new SQLite file, removed in the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def new_postgresql(server: str, name: str = "bench") -> Iterator[str]:
    """The URL of a new database on the server, dropped in the end. Raises psycopg.OperationalError without a server."""
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def environment(url: str) -> dict[str, str]:
    """The settings of a portal that is measured on this database."""
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "offorte_portal.settings",
        "DJANGO_SECRET_KEY": "bench",
        "DJANGO_DEBUG": "False",
        "DJANGO_ALLOWED_HOSTS": "testserver",
        "PORTAL_ENCRYPTION_KEYS": "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2ghISE=",
        "PORTAL_URL": "http://testserver",
    }


def find_server() -> str:
    """The server to use: that of DATABASE_URL where it is a PostgreSQL one, else the local one."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else SERVER
